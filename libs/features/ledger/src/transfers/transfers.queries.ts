import { Injectable } from '@nestjs/common';
import { type Db, rowOf, rowsOf } from '@scani/database';
import {
  QUANTITY_DECIMALS,
  REVIEW_QUANTITY_PERCENT,
  REVIEW_WINDOW_MS,
  transferCandidates,
  type TransferEntry,
  type TransferVerdict,
} from '@scani/domain';
import { DAY_MS, decimal, decimalText, fixedText } from '@scani/money';
import { NotFound, type Page, pageOf, readCursor } from '@scani/runtime';
import { BRIDGE, entryOf } from './transfer.evidence.js';
import { UNDECIDED_TRANSFER } from './transfer.links.js';
import { type SideRow, sideOf, SIDE_COLUMNS, SIDE_TABLES } from './transfer.sides.js';
import type { Transfer, TransferCandidate, TransferReview, TransferSide } from './transfers.dto.js';

interface GroupRow {
  id: string;
  verdict: TransferVerdict;
  decided_by: Transfer['decidedBy'];
  rule_id: string | null;
  created_at: Date;
}

interface PlacedRow extends SideRow {
  asset_id: string;
  bridge: string | null;
}

/** What a list of entries says of the transfer that one is part of. */
export interface TransferLink {
  id: string;
  verdict: TransferVerdict;
  otherAccountName: string | null;
}

const MOST_CANDIDATES = 5;
/** Looked at per entry and holding, those nearest in time. */
const MOST_LOOKED_AT = 20;
/** Parts of a split may come much later than the first of them. */
const PARTS_WINDOW_MS = 30 * DAY_MS;
const MOST_PARTS = 50;

@Injectable()
export class TransfersQueries {
  async counts(db: Db, userId: string): Promise<{ toReview: number }> {
    const row = await rowOf<{ open: number }>(
      db,
      'select count(*)::int as open from transfer_review where user_id = $1',
      [userId],
    );
    return { toReview: row?.open ?? 0 };
  }

  /** Entries that nobody has decided, newest first: those with a candidate, or all of them. */
  async reviews(
    db: Db,
    userId: string,
    { limit, cursor, all }: { limit: number; cursor?: string | undefined; all?: boolean | undefined },
  ): Promise<Page<TransferReview>> {
    const after = readCursor(cursor, 2);
    const rows = await rowsOf<PlacedRow>(
      db,
      `select ${SIDE_COLUMNS}, holding.asset_id, ${BRIDGE} as bridge from ${SIDE_TABLES}
       ${all ? '' : 'join transfer_review on transfer_review.transaction_id = transaction.id'}
       where ${all ? 'transaction' : 'transfer_review'}.user_id = $1 and transaction.user_id = $1 and ${UNDECIDED_TRANSFER}
         and ($2::timestamptz is null or
           (${all ? 'transaction' : 'transfer_review'}.occurred_at, ${all ? 'transaction' : 'transfer_review'}.sequence) < ($2, $3::bigint))
       order by ${all ? 'transaction' : 'transfer_review'}.occurred_at desc, ${all ? 'transaction' : 'transfer_review'}.sequence desc
       limit $4`,
      [userId, after?.[0] ?? null, after?.[1] ?? null, limit + 1],
    );
    const candidates = await this.candidatesOf(db, userId, rows.slice(0, limit));
    const page = pageOf(
      rows,
      limit,
      (row): TransferReview => ({ entry: sideOf(row), candidates: candidates.get(row.id) ?? [] }),
      (row) => [row.occurred_at.toISOString(), row.sequence],
    );
    // What was decided since the last look has left some without a candidate.
    return all ? page : { ...page, items: page.items.filter((review) => review.candidates.length > 0) };
  }

  private async candidatesOf(
    db: Db,
    userId: string,
    entries: readonly PlacedRow[],
  ): Promise<Map<string, TransferCandidate[]>> {
    if (entries.length === 0) return new Map();
    const rows = await rowsOf<PlacedRow & { entry_id: string }>(
      db,
      `with place as materialized (
         select holding.id, holding.asset_id, ${BRIDGE} as bridge from holding where holding.user_id = $1)
       select entry.id as entry_id, place.asset_id, place.bridge, ${SIDE_COLUMNS}
       from unnest($2::uuid[], $3::uuid[], $4::timestamptz[], $5::numeric[])
         as entry (id, holding_id, occurred_at, quantity)
       join place as own on own.id = entry.holding_id
       join place on place.id <> own.id and (place.asset_id = own.asset_id or place.bridge = own.bridge)
       cross join lateral (
         select transaction.* from transaction
         where transaction.user_id = $1 and transaction.holding_id = place.id
           and transaction.occurred_at between entry.occurred_at - $6 * interval '1 millisecond'
             and entry.occurred_at + $6 * interval '1 millisecond'
           and sign(transaction.quantity) = -sign(entry.quantity)
           and abs(transaction.quantity) between abs(entry.quantity) * (100 - $7::numeric) / 100
             and abs(entry.quantity) * 100 / (100 - $7::numeric)
           and ${UNDECIDED_TRANSFER}
           and not exists (select 1 from transfer_refusal
             where (out_id, in_id) in ((entry.id, transaction.id), (transaction.id, entry.id)))
         order by abs(extract(epoch from transaction.occurred_at - entry.occurred_at)), transaction.id
         limit ${MOST_LOOKED_AT}) as transaction
       join holding on holding.id = transaction.holding_id
       join asset on asset.id = holding.asset_id
       join account on account.id = holding.account_id
       join institution on institution.id = account.institution_id`,
      [
        userId,
        entries.map((row) => row.id),
        entries.map((row) => row.holding_id),
        entries.map((row) => row.occurred_at),
        entries.map((row) => row.quantity),
        // A day more, for entries of which only the day is known.
        REVIEW_WINDOW_MS + DAY_MS,
        String(REVIEW_QUANTITY_PERCENT),
      ],
    );
    const found = Map.groupBy(rows, (row) => row.entry_id);
    return new Map(entries.map((entry) => [entry.id, ranked(entry, found.get(entry.id) ?? [])]));
  }

  /** Undecided entries that may be parts of this one: of the other direction, not larger, the nearest in time first. */
  async partsOf(db: Db, userId: string, id: string): Promise<TransferSide[]> {
    const whole = await rowOf<{ holding_id: string; asset_id: string; quantity: string; occurred_at: Date }>(
      db,
      `select transaction.holding_id, holding.asset_id, transaction.quantity, transaction.occurred_at
       from transaction join holding on holding.id = transaction.holding_id
       where transaction.user_id = $1 and transaction.id = $2`,
      [userId, id],
    );
    if (!whole) throw new NotFound('transaction-not-found', 'There is no such transaction of yours.');
    const rows = await rowsOf<SideRow>(
      db,
      `select ${SIDE_COLUMNS} from ${SIDE_TABLES}
       where transaction.user_id = $1 and holding.asset_id = $2 and holding.id <> $3 and ${UNDECIDED_TRANSFER}
         and transaction.occurred_at between $4::timestamptz - $6 * interval '1 millisecond'
           and $4::timestamptz + $6 * interval '1 millisecond'
         and sign(transaction.quantity) = -sign($5::numeric) and abs(transaction.quantity) <= abs($5::numeric)
       order by abs(extract(epoch from transaction.occurred_at - $4::timestamptz)), transaction.id limit ${MOST_PARTS}`,
      [userId, whole.asset_id, whole.holding_id, whole.occurred_at, whole.quantity, PARTS_WINDOW_MS],
    );
    return rows.map(sideOf);
  }

  /** What has been decided, the latest decision first. */
  async decided(db: Db, userId: string, limit: number, cursor: string | undefined): Promise<Page<Transfer>> {
    const after = readCursor(cursor, 2);
    const groups = await rowsOf<GroupRow>(
      db,
      `select id, verdict, decided_by, rule_id, created_at from transfer_group
       where user_id = $1 and ($2::timestamptz is null or (created_at, id) < ($2, $3::uuid))
       order by created_at desc, id desc limit $4`,
      [userId, after?.[0] ?? null, after?.[1] ?? null, limit + 1],
    );
    const sides = await this.sidesOf(db, userId, groups);
    return pageOf(
      groups,
      limit,
      (group) => transferOf(group, sides),
      (group) => [group.created_at.toISOString(), group.id],
    );
  }

  async transfers(db: Db, userId: string, ids: readonly string[]): Promise<Transfer[]> {
    const groups = await rowsOf<GroupRow>(
      db,
      `select id, verdict, decided_by, rule_id, created_at from transfer_group where user_id = $1 and id = any($2) order by id`,
      [userId, ids],
    );
    const sides = await this.sidesOf(db, userId, groups);
    return groups.map((group) => transferOf(group, sides));
  }

  private async sidesOf(
    db: Db,
    userId: string,
    groups: readonly GroupRow[],
  ): Promise<Map<string | null, TransferSide[]>> {
    const rows = await rowsOf<SideRow>(
      db,
      `select ${SIDE_COLUMNS} from ${SIDE_TABLES}
       where transaction.user_id = $1 and transaction.transfer_group_id = any($2)
       order by transaction.quantity > 0, transaction.occurred_at, transaction.sequence`,
      [userId, groups.map((group) => group.id)],
    );
    const byGroup = Map.groupBy(rows, (row) => row.transfer_group_id);
    return new Map([...byGroup].map(([id, of]) => [id, of.map(sideOf)]));
  }

  /** Of these groups, as seen from an entry of each. */
  async linksOf(
    db: Db,
    userId: string,
    entries: readonly { id: string; transfer_group_id: string | null }[],
  ): Promise<Map<string, TransferLink>> {
    const linked = entries.filter((entry) => entry.transfer_group_id !== null);
    if (linked.length === 0) return new Map();
    const rows = await rowsOf<{ entry_id: string; id: string; verdict: TransferVerdict; other: string | null }>(
      db,
      `select entry.id as entry_id, transfer_group.id, transfer_group.verdict,
         (select account.name from transaction as other
          join holding on holding.id = other.holding_id join account on account.id = holding.account_id
          where other.transfer_group_id = transfer_group.id and sign(other.quantity) = -sign(entry.quantity)
          order by other.occurred_at, other.sequence limit 1) as other
       from transaction as entry join transfer_group on transfer_group.id = entry.transfer_group_id
       where entry.user_id = $1 and entry.id = any($2)`,
      [userId, linked.map((entry) => entry.id)],
    );
    return new Map(
      rows.map((row) => [row.entry_id, { id: row.id, verdict: row.verdict, otherAccountName: row.other }]),
    );
  }
}

const transferOf = (group: GroupRow, sides: ReadonlyMap<string | null, TransferSide[]>): Transfer => ({
  id: group.id,
  verdict: group.verdict,
  decidedBy: group.decided_by,
  ruleId: group.rule_id,
  decidedAt: group.created_at.toISOString(),
  entries: sides.get(group.id) ?? [],
});

function ranked(entry: PlacedRow, others: readonly PlacedRow[]): TransferCandidate[] {
  const placed = (row: PlacedRow): TransferEntry => entryOf({ ...row, assetId: row.asset_id });
  const candidates = transferCandidates(
    placed(entry),
    others.map((row) => ({ ...placed(row), row })),
  );
  return candidates.slice(0, MOST_CANDIDATES).map((candidate) => ({
    entry: sideOf(candidate.entry.row),
    secondsApart: Math.round(candidate.timeApart / 1000),
    quantityApart: decimalText(decimal(fixedText(candidate.quantityApart, QUANTITY_DECIMALS))),
  }));
}
