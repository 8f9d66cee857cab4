import { Injectable } from '@nestjs/common';
import { type Db, rowOf, rowsOf } from '@scani/database';
import { openingBalance, settledBalance, type TransactionKind } from '@scani/domain';
import { JobQueue } from '@scani/jobs';
import { askForHistory, PricesService } from '@scani/market';
import { addDays, type Day, type Decimal, dayOf, decimalText } from '@scani/money';
import { Invalid, NotFound } from '@scani/runtime';
import { randomUUIDv7 } from 'node:crypto';
import { type NewEvidence, noteEvidence } from './changes.js';
import { LedgerQueries } from './ledger.queries.js';
import { ledgerChanged } from './ledger.news.js';

/** Something that happened, as its source tells it. */
export interface TransactionDraft {
  assetId: string;
  kind: TransactionKind;
  /** Signed. */
  quantity: Decimal;
  occurredAt: Date;
  price?: { value: Decimal; assetId: string };
  fee?: { quantity: Decimal; assetId: string };
  counterparty?: string;
  description?: string;
  /** Unique for the source within its holding; a repeat of it is the same event. */
  externalId: string;
  raw?: object;
  /** The corporate action that it is a part of. */
  actionId?: string;
  /** The transaction that it takes back. */
  reversesId?: string;
}

/** Something that was seen. */
export interface ObservationDraft {
  assetId: string;
  balance: Decimal;
  at: Date;
  externalId: string;
  /** The observation that it takes back. */
  retractsId?: string;
}

export interface Evidence {
  userId: string;
  accountId: string;
  /** Who says so: `user`, `csv`, `ofx`, `demo`, … */
  source: string;
  importId?: string;
  /** The source goes on at once: others need not follow every part of it. */
  moreToCome?: boolean;
  transactions: readonly TransactionDraft[];
  observations: readonly ObservationDraft[];
}

export interface Recorded {
  /** Transactions that were new. */
  added: number;
  holdingIds: string[];
}

const PRICE_HISTORY_DAYS = 30;
const MORE_TO_COME_MS = 10_000;
const OPENING_SOURCE = 'scani';
const SETTLED = `update holding set balance = $2::numeric, balance_at = $3, missing_inflows = $4,
  closed_at = case when $2::numeric = 0 then closed_at end where id = $1`;
const EARLIEST = new Date('1970-01-01T00:00:00Z');

/** The one way in: nothing else writes transactions or observations. */
@Injectable()
export class LedgerService {
  constructor(
    private readonly queries: LedgerQueries,
    private readonly prices: PricesService,
    private readonly jobs: JobQueue,
  ) {}

  /**
   * Records evidence in the caller's transaction: makes holdings as needed, adds what is new, settles opening
   * balances and cached balances, asks for missing prices and tells the news. The same evidence twice changes nothing.
   */
  async record(db: Db, evidence: Evidence): Promise<Recorded> {
    refuseAncient(evidence);
    await this.lockAccount(db, evidence);
    const holdings = await this.holdingsFor(db, evidence);
    const happened = await this.addTransactions(db, evidence, holdings);
    const seen = await this.addObservations(db, evidence, holdings);
    const holdingIds = [...holdings.values()];
    await this.settle(db, evidence.userId, holdingIds);
    await noteEvidence(db, evidence.userId, [...happened, ...seen]);
    await this.watchPrices(db, evidence);
    await this.jobs.ask(
      db,
      ledgerChanged,
      { userId: evidence.userId },
      evidence.moreToCome ? { delayMs: MORE_TO_COME_MS } : {},
    );
    return { added: happened.length, holdingIds };
  }

  /**
   * Two recordings into one account come one after the other, so that each sees what the other added, and what is
   * recorded later bears a later time.
   */
  private async lockAccount(db: Db, { accountId, userId }: Evidence): Promise<void> {
    const account = await rowOf(db, 'select 1 from account where id = $1 and user_id = $2 for update', [
      accountId,
      userId,
    ]);
    if (!account) throw new NotFound('account-not-found', 'There is no such account.');
  }

  private async holdingsFor(
    db: Db,
    { userId, accountId, transactions, observations }: Evidence,
  ): Promise<Map<string, string>> {
    const assetIds = [...new Set([...transactions, ...observations].map((draft) => draft.assetId))].sort();
    await db.query(
      `insert into holding (id, user_id, account_id, asset_id)
       select id, $2, $3, asset_id from unnest($1::uuid[], $4::uuid[]) as given (id, asset_id) on conflict do nothing`,
      [assetIds.map(() => randomUUIDv7()), userId, accountId, assetIds],
    );
    const rows = await rowsOf<{ id: string; asset_id: string }>(
      db,
      'select id, asset_id from holding where account_id = $1 and asset_id = any($2)',
      [accountId, assetIds],
    );
    return new Map(rows.map((row) => [row.asset_id, row.id]));
  }

  private async addTransactions(
    db: Db,
    evidence: Evidence,
    holdings: ReadonlyMap<string, string>,
  ): Promise<NewEvidence[]> {
    const drafts = evidence.transactions;
    if (drafts.length === 0) return [];
    const text = (value: Decimal | undefined): string | null => (value === undefined ? null : decimalText(value));
    return rowsOf<NewEvidence>(
      db,
      `insert into transaction (id, user_id, holding_id, kind, quantity, occurred_at, price, price_asset_id, fee,
         fee_asset_id, counterparty, description, source, external_id, import_id, raw, action_id, reverses_id, recorded_at)
       select given.id, $1, given.holding_id, given.kind, given.quantity, given.occurred_at, given.price,
         given.price_asset_id, given.fee, given.fee_asset_id, given.counterparty, given.description, $2,
         given.external_id, $3, given.raw, given.action_id, given.reverses_id, clock_timestamp()
       from unnest($4::uuid[], $5::uuid[], $6::text[], $7::numeric[], $8::timestamptz[], $9::numeric[], $10::uuid[],
         $11::numeric[], $12::uuid[], $13::text[], $14::text[], $15::text[], $16::jsonb[],
         $17::uuid[], $18::uuid[]) with ordinality
         as given (id, holding_id, kind, quantity, occurred_at, price, price_asset_id, fee, fee_asset_id, counterparty,
           description, external_id, raw, action_id, reverses_id, line)
       order by given.line
       on conflict (holding_id, source, external_id) do nothing
       returning holding_id as "holdingId", occurred_at as at`,
      [
        evidence.userId,
        evidence.source,
        evidence.importId ?? null,
        drafts.map(() => randomUUIDv7()),
        drafts.map((draft) => holdings.get(draft.assetId)),
        drafts.map((draft) => draft.kind),
        drafts.map((draft) => decimalText(draft.quantity)),
        drafts.map((draft) => draft.occurredAt),
        drafts.map((draft) => text(draft.price?.value)),
        drafts.map((draft) => draft.price?.assetId ?? null),
        drafts.map((draft) => text(draft.fee?.quantity)),
        drafts.map((draft) => draft.fee?.assetId ?? null),
        drafts.map((draft) => draft.counterparty ?? null),
        drafts.map((draft) => draft.description ?? null),
        drafts.map((draft) => draft.externalId),
        drafts.map((draft) => (draft.raw === undefined ? null : JSON.stringify(draft.raw))),
        drafts.map((draft) => draft.actionId ?? null),
        drafts.map((draft) => draft.reversesId ?? null),
      ],
    );
  }

  private async addObservations(
    db: Db,
    evidence: Evidence,
    holdings: ReadonlyMap<string, string>,
  ): Promise<NewEvidence[]> {
    const drafts = evidence.observations;
    if (drafts.length === 0) return [];
    return rowsOf<NewEvidence>(
      db,
      `insert into observation (id, user_id, holding_id, balance, at, source, external_id, import_id, retracts_id, recorded_at)
       select given.id, $1, given.holding_id, given.balance, given.at, $2,
         given.external_id || case when before.count > 0 then '#' || before.count + 1 else '' end, $3, given.retracts_id,
         clock_timestamp()
       from unnest($4::uuid[], $5::uuid[], $6::numeric[], $7::timestamptz[], $8::text[], $9::uuid[])
         as given (id, holding_id, balance, at, external_id, retracts_id)
       -- What was retracted may be seen again.
       cross join lateral (
         select count(*) from observation join observation as retraction on retraction.retracts_id = observation.id
         where observation.holding_id = given.holding_id and observation.source = $2
           and (observation.external_id = given.external_id
                or starts_with(observation.external_id, given.external_id || '#'))) as before
       on conflict (holding_id, source, external_id) do nothing returning holding_id as "holdingId", at`,
      [
        evidence.userId,
        evidence.source,
        evidence.importId ?? null,
        drafts.map(() => randomUUIDv7()),
        drafts.map((draft) => holdings.get(draft.assetId)),
        drafts.map((draft) => decimalText(draft.balance)),
        drafts.map((draft) => draft.at),
        drafts.map((draft) => draft.externalId),
        drafts.map((draft) => draft.retractsId ?? null),
      ],
    );
  }

  /** Brings the opening balance and the cached balance of these holdings in line with their evidence. */
  private async settle(db: Db, userId: string, holdingIds: readonly string[]): Promise<void> {
    await db.query(`delete from transaction where holding_id = any($1) and kind = 'opening-balance'`, [holdingIds]);
    for (const { holdingId, lastAt, ...settlement } of await this.queries.settlements(db, userId, holdingIds)) {
      const { opening, missingInflows } = openingBalance(settlement);
      if (opening) {
        await db.query(
          `insert into transaction (id, user_id, holding_id, kind, quantity, occurred_at, source, external_id)
           values ($1, $2, $3, 'opening-balance', $4, $5, $6, 'opening-balance')`,
          [randomUUIDv7(), userId, holdingId, decimalText(opening.quantity), new Date(opening.at), OPENING_SOURCE],
        );
      }
      await db.query(SETTLED, [holdingId, decimalText(settledBalance(settlement)), lastAt, missingInflows]);
    }
  }

  private async watchPrices(db: Db, { transactions, observations }: Evidence): Promise<void> {
    const instants = new Map<string, number>();
    const note = (assetId: string, at: Date): void => {
      instants.set(assetId, Math.min(instants.get(assetId) ?? Infinity, at.getTime()));
    };
    for (const draft of transactions) note(draft.assetId, draft.occurredAt);
    for (const draft of observations) note(draft.assetId, draft.at);
    // In one order everywhere: others may record the same assets at the same time.
    for (const [assetId, first] of [...instants].sort(([one], [other]) => (one < other ? -1 : 1))) {
      await this.prices.watch(db, [assetId], wantedFrom(first), askForHistory(this.jobs, db));
    }
  }
}

/** Every day since the first evidence has a figure, so a mistyped year must not make centuries of them. */
function refuseAncient({ transactions, observations }: Evidence): void {
  const instants = [...transactions.map((draft) => draft.occurredAt), ...observations.map((draft) => draft.at)];
  if (instants.some((instant) => instant.getTime() < EARLIEST.getTime())) {
    throw new Invalid('too-long-ago', 'Scani keeps records from 1970 on. Enter the balance at a later day instead.');
  }
}

/** A month more than the first evidence, so that the first days have a price to look back to. */
function wantedFrom(first: number): Day {
  const recent = addDays(dayOf(new Date()), -PRICE_HISTORY_DAYS);
  const needed = addDays(dayOf(new Date(first)), -PRICE_HISTORY_DAYS);
  return needed < recent ? needed : recent;
}
