import { Injectable } from '@nestjs/common';
import { type Db, rowsOf } from '@scani/database';
import type { Evidence, Movement, Sighting, TransactionKind } from '@scani/domain';
import { EFFECTIVE_OBSERVATION, EFFECTIVE_TRANSACTION } from '@scani/ledger';
import { type Decimal, decimal, sum, ZERO } from '@scani/money';

/** A transaction with all that its worth depends on. */
export interface EntryRow {
  id: string;
  holding_id: string;
  at: Date;
  kind: TransactionKind;
  quantity: string;
  price: string | null;
  price_asset_id: string | null;
  fee: string | null;
  fee_asset_id: string | null;
  transfer_group_id: string | null;
  action_id: string | null;
}

/** A row that belongs to a transfer or a corporate action, wherever it is. */
export interface LinkedRow {
  id: string;
  holding_id: string;
  asset_id: string;
  at: Date;
  kind: TransactionKind;
  quantity: string;
  price: string | null;
  price_asset_id: string | null;
  /** Of an account of what is owed. */
  liability: boolean;
  transfer_group_id: string | null;
  action_id: string | null;
  verdict: string | null;
}

/** How much there is of a holding, and since when. */
export interface Extent {
  holdingId: string;
  /** Instant of the first real evidence. */
  start: number;
  /** Rows that a full look has to read. */
  rows: number;
}

export interface HoldingEvidence {
  evidence: Evidence;
  /** Those that the evidence holds one by one. */
  entries: EntryRow[];
}

interface Before {
  id: string;
  liability: boolean;
  balance: string;
  first_row_at: Date | null;
  first_seen_at: Date | null;
  seen_at: Date | null;
  seen_balance: string | null;
}

/** Joins the instants of the first transaction and of the first balance seen, along their indexes. */
const FIRST_EVIDENCE = `
  left join lateral (select occurred_at as at from transaction
    where holding_id = holding.id and kind <> 'opening-balance' and ${EFFECTIVE_TRANSACTION}
    order by occurred_at limit 1) as moved on true
  left join lateral (select at from observation
    where holding_id = holding.id and ${EFFECTIVE_OBSERVATION} order by at limit 1) as seen on true`;

/** The evidence that the rollup needs: all of a holding, or what decides it from an instant on. */
@Injectable()
export class RollupEvidence {
  /** The holdings of which anything is known. `counting`: also how many rows each of them has. */
  async extents(db: Db, userId: string, counting: boolean): Promise<Extent[]> {
    const rows = await rowsOf<{ id: string; start: Date; rows: number }>(
      db,
      `select holding.id, least(moved.at, seen.at) as start,
         ${counting ? '(select count(*)::int from transaction where holding_id = holding.id)' : '0'} as rows
       from holding ${FIRST_EVIDENCE}
       where holding.user_id = $1 and (moved.at is not null or seen.at is not null) order by holding.id`,
      [userId],
    );
    return rows.map((row) => ({ holdingId: row.id, start: row.start.getTime(), rows: row.rows }));
  }

  /**
   * What gives the same balances as all of the evidence at `from` (ms) and later; all of it for null. What lies
   * earlier is one movement: what is there now less what came since, or where balances were seen later, what
   * moved since the last one seen before.
   */
  async of(
    db: Db,
    userId: string,
    holdingIds: readonly string[],
    from: number | null,
  ): Promise<Map<string, HoldingEvidence>> {
    const since = from === null ? '-infinity' : new Date(from);
    const before = await this.before(db, userId, holdingIds, since);
    const entries = Map.groupBy(await this.entries(db, userId, holdingIds, since), (row) => row.holding_id);
    const seen = await rowsOf<{ holding_id: string; at: Date; balance: string }>(
      db,
      `select holding_id, at, balance from observation
       where user_id = $1 and holding_id = any($2) and at >= $3 and ${EFFECTIVE_OBSERVATION} order by at, recorded_at, id`,
      [userId, holdingIds, since],
    );
    const sightings = Map.groupBy(seen, (row) => row.holding_id);
    const found = new Map<string, HoldingEvidence>();
    const unsettled: { one: Before; after: string | null }[] = [];
    for (const one of before) {
      const rows = entries.get(one.id) ?? [];
      const later = (sightings.get(one.id) ?? []).map((row) => sighting(row.at, row.balance));
      found.set(one.id, {
        evidence: { movements: rows.map(movement), sightings: later, liability: one.liability },
        entries: rows,
      });
      if (from === null) continue;
      if (later.length > 0 || isClamped(one, rows)) unsettled.push({ one, after: later.length > 0 ? one.id : null });
      else settle(found.get(one.id) as HoldingEvidence, one, from, decimal(one.balance).minus(total(rows)));
    }
    if (from !== null && unsettled.length > 0) await this.settleFromSums(db, userId, found, unsettled, from);
    return found;
  }

  /** Rows of the same transfers and corporate actions. */
  linked(db: Db, userId: string, groups: readonly string[], actions: readonly string[]): Promise<LinkedRow[]> {
    return rowsOf<LinkedRow>(
      db,
      `select transaction.id, transaction.holding_id, holding.asset_id, transaction.occurred_at as at, transaction.kind,
         transaction.quantity, transaction.price, transaction.price_asset_id, account.kind = 'liability' as liability,
         transaction.transfer_group_id, transaction.action_id, transfer_group.verdict
       from transaction join holding on holding.id = transaction.holding_id
       join account on account.id = holding.account_id
       left join transfer_group on transfer_group.id = transaction.transfer_group_id
       where transaction.user_id = $1 and (transaction.transfer_group_id = any($2) or transaction.action_id = any($3))
         and ${EFFECTIVE_TRANSACTION}
       order by transaction.occurred_at, transaction.id`,
      [userId, groups, actions],
    );
  }

  private before(db: Db, userId: string, holdingIds: readonly string[], since: Date | string): Promise<Before[]> {
    return rowsOf<Before>(
      db,
      `select holding.id, account.kind = 'liability' as liability, holding.balance, moved.at as first_row_at,
         seen.at as first_seen_at, last.at as seen_at, last.balance as seen_balance
       from holding join account on account.id = holding.account_id ${FIRST_EVIDENCE}
       left join lateral (select at, balance from observation
         where holding_id = holding.id and at < $3 and ${EFFECTIVE_OBSERVATION}
         order by at desc, recorded_at desc, id desc limit 1) as last on true
       where holding.user_id = $1 and holding.id = any($2) order by holding.id`,
      [userId, holdingIds, since],
    );
  }

  private entries(db: Db, userId: string, holdingIds: readonly string[], after: Date | string): Promise<EntryRow[]> {
    return rowsOf<EntryRow>(
      db,
      `select id, holding_id, occurred_at as at, kind, quantity, price, price_asset_id, fee, fee_asset_id,
         transfer_group_id, action_id
       from transaction where user_id = $1 and holding_id = any($2) and occurred_at > $3 and ${EFFECTIVE_TRANSACTION}
       order by holding_id, occurred_at, sequence`,
      [userId, holdingIds, after],
    );
  }

  /** Where the balance of now does not tell, the database adds up what moved since the last sighting. */
  private async settleFromSums(
    db: Db,
    userId: string,
    found: ReadonlyMap<string, HoldingEvidence>,
    unsettled: readonly { one: Before; after: string | null }[],
    from: number,
  ): Promise<void> {
    const rows = await rowsOf<{ id: string; moved: string }>(
      db,
      `select given.id, coalesce((
         select sum(quantity) from transaction
         where user_id = $1 and holding_id = given.id and occurred_at <= $4
           and (given.seen_at is null or occurred_at > given.seen_at)), 0) as moved
       from unnest($2::uuid[], $3::timestamptz[]) as given (id, seen_at)`,
      [userId, unsettled.map(({ one }) => one.id), unsettled.map(({ one }) => one.seen_at), new Date(from)],
    );
    const moved = new Map(rows.map((row) => [row.id, decimal(row.moved)]));
    for (const { one, after } of unsettled) {
      const known = found.get(one.id) as HoldingEvidence;
      const seen = one.seen_at && one.seen_balance !== null ? sighting(one.seen_at, one.seen_balance) : undefined;
      const sinceSeen = moved.get(one.id) ?? ZERO;
      if (after === null) settle(known, one, from, (seen?.balance ?? ZERO).plus(sinceSeen));
      else settle(known, one, from, sinceSeen, seen);
    }
  }
}

/** An asset's balance stops at zero, and what it would be below that is not stored. */
function isClamped(one: Before, rows: readonly EntryRow[]): boolean {
  return !one.liability && rows.length > 0 && decimal(one.balance).isZero();
}

/** Puts what lies earlier in front: a movement at `from`, and the sighting before it where drift is spread from there. */
function settle(known: HoldingEvidence, one: Before, from: number, quantity: Decimal, seen?: Sighting): void {
  const starts = [one.first_row_at, one.first_seen_at].flatMap((at) => at?.getTime() ?? []);
  const hasBegun = starts.some((at) => at <= from);
  if (!hasBegun && quantity.isZero()) return;
  const { movements, sightings, liability } = known.evidence;
  known.evidence = {
    movements: [{ at: from, quantity, opening: !hasBegun }, ...movements],
    sightings: seen ? [seen, ...sightings] : sightings,
    liability,
  };
}

const total = (rows: readonly EntryRow[]): Decimal => sum(rows.map((row) => decimal(row.quantity)));
const sighting = (at: Date, balance: string): Sighting => ({ at: at.getTime(), balance: decimal(balance) });
const movement = (row: EntryRow): Movement => ({
  at: row.at.getTime(),
  quantity: decimal(row.quantity),
  opening: row.kind === 'opening-balance',
});
