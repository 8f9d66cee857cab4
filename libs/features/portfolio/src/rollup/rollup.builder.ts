import { type Db, rowsOf } from '@scani/database';
import { DailyRollup, FRESH_VALUATION_MS, type HoldingDays, type PriceGraph, type RollupWindow } from '@scani/domain';
import { type Difference, type HoldingRow, LedgerQueries } from '@scani/ledger';
import { askForHistory, PricesService, RateQueries } from '@scani/market';
import { JobQueue } from '@scani/jobs';
import { addDays, type Day, DAY_MS, dayOf, daysFrom, endOf, startOf } from '@scani/money';
import type { PoolClient } from 'pg';
import { DataSource, type QueryRunner } from 'typeorm';
import { type Base, reasonOf, rollupHolding, ValuationQueries } from '../valuation.queries.js';
import { type RateOn, RollupEntries } from './rollup.entries.js';
import { type EntryRow, type Extent, type HoldingEvidence, type LinkedRow, RollupEvidence } from './rollup.evidence.js';
import {
  type Batch,
  batchesOf,
  type Changes,
  isFollowed,
  notedChanges,
  stateOf,
  tasksOf,
  withCounterparts,
} from './rollup.plan.js';
import { noteTouched, sumScopes } from './rollup.scopes.js';
import { differencesAside, setAside } from './rollup.verify.js';
import { RollupWriter } from './rollup.writer.js';

const PRICES_BEFORE_DAYS = 30;
const EMPTY: Changes = { ids: [], byHolding: new Map(), all: undefined };

export interface Built {
  /** Rows of holdings that were worked out. */
  rows: number;
  /** Rows, of all scopes, that were new or different. */
  changed: number;
}

/** Keeps the rollup of one person in line with the evidence: what changed, from the day on from which it changed. */
export class RollupBuilder {
  constructor(
    private readonly source: DataSource,
    private readonly ledger: LedgerQueries,
    private readonly rates: RateQueries,
    private readonly prices: PricesService,
    private readonly valuations: ValuationQueries,
    private readonly evidence: RollupEvidence,
    private readonly jobs: JobQueue,
  ) {}

  /**
   * Follows what was noted in all bases of a person. What was noted is taken away at the very end: after a crash in
   * between it is followed again, which changes nothing. Never two at once for one person.
   */
  async follow(userId: string): Promise<void> {
    const changes = await notedChanges(this.source, userId);
    for (const base of await this.basesOf(userId)) await this.build(userId, base, changes);
    await this.source.query('delete from evidence_change where user_id = $1 and id = any($2::bigint[])', [
      userId,
      changes.ids,
    ]);
  }

  /** Brings one base up to date; all of it where it was never built. */
  async build(userId: string, base: Base, changes: Changes = EMPTY): Promise<Built> {
    const runner = this.source.createQueryRunner();
    // One look at everything: a change that is committed meanwhile is noted, and followed the next time.
    await runner.startTransaction('REPEATABLE READ');
    try {
      const built = await this.run(runner, userId, base, changes, Date.now());
      await runner.commitTransaction();
      if (built.first) await this.watchBase(base, built.first);
      return built;
    } catch (error) {
      await runner.rollbackTransaction();
      throw error;
    } finally {
      await runner.release();
    }
  }

  /**
   * Builds one base as if it were the first time, as of when it was last built, and compares; nothing is changed by it.
   * Undefined where it was never built, or where changes wait to be followed.
   */
  async verify(userId: string, base: Base): Promise<Difference[] | undefined> {
    const runner = this.source.createQueryRunner();
    await runner.startTransaction('REPEATABLE READ');
    try {
      const db = runner.manager;
      const { builtAt } = await stateOf(db, userId, base.code);
      if (builtAt === null || (await notedChanges(db, userId)).ids.length > 0) return undefined;
      await setAside(db, userId, base.code);
      await this.run(runner, userId, base, EMPTY, builtAt);
      return await differencesAside(db, userId, base.code, dayOf(new Date(builtAt - FRESH_VALUATION_MS)));
    } finally {
      await runner.rollbackTransaction();
      await runner.release();
    }
  }

  /** The bases in which a person has looked at figures, their own among them. */
  async basesOf(userId: string): Promise<Base[]> {
    const rows = await rowsOf<{ code: string }>(
      this.source,
      `select base_currency as code from rollup_state where user_id = $1
       union select base_currency from users where id = $1`,
      [userId],
    );
    return Promise.all(rows.map((row) => this.valuations.base(this.source, userId, row.code)));
  }

  private watchBase(base: Base, from: Day): Promise<void> {
    const wanted = addDays(from, -PRICES_BEFORE_DAYS);
    return this.source.transaction((db) => this.prices.watch(db, [base.assetId], wanted, askForHistory(this.jobs, db)));
  }

  private async run(
    runner: QueryRunner,
    userId: string,
    base: Base,
    noted: Changes,
    now: number,
  ): Promise<Built & { first: Day | undefined }> {
    const db = runner.manager;
    const state = await stateOf(db, userId, base.code);
    const held = await this.ledger.holdings(db, userId);
    const extents = await this.evidence.extents(db, userId, true);
    const first = firstOf(extents);
    const isWhole =
      first === undefined ||
      !isFollowed(state, first, noted) ||
      (await hasRowsWithoutEvidence(db, userId, base.code, noted, extents));
    const writer = await RollupWriter.open(db, (await runner.connect()) as PoolClient, userId, base.code);
    const follow =
      isWhole || state.builtAt === null
        ? null
        : {
            builtAt: state.builtAt,
            changes: await withCounterparts(db, userId, noted),
            known: await knownHoldings(db, userId, base.code, first, extents),
          };
    const days = first === undefined ? [] : [...daysFrom(first, dayOf(new Date(now)))];
    const tasks = first === undefined || days.length === 0 ? [] : tasksOf(held, extents, first, follow);
    const money = new Set(isWhole ? [] : state.moneyAssets);
    const froms = new Map<string, Day>();
    for (const batch of batchesOf(tasks, dayOf(new Date(now)))) {
      const offset = days.indexOf(batch.from);
      const window = { base: base.assetId, days: days.slice(offset), now, fromNothing: offset === 0 };
      await writer.write(await this.worked(db, userId, batch, window, money), window.days);
      for (const task of batch.tasks) froms.set(task.holding.id, batch.from);
    }
    await noteTouched(
      db,
      tasks.map(({ holding }) => ({
        holdingId: holding.id,
        accountId: holding.account_id,
        institutionId: holding.account.institution_id,
        counted: reasonOf(holding) === null,
        from: froms.get(holding.id) ?? null,
      })),
    );
    const changed = (await writer.merge()) + (await sumScopes(db, userId, base.code));
    if (isWhole) await writer.removeRest(first ?? null);
    await db.query(
      `insert into rollup_state (user_id, base_currency, built_at, built_from, built_to, money_assets)
       values ($1, $2, $3, $4, $5, $6)
       on conflict (user_id, base_currency) do update set built_at = excluded.built_at, built_from = excluded.built_from,
         built_to = excluded.built_to, money_assets = excluded.money_assets`,
      [userId, base.code, new Date(now), first ?? null, dayOf(new Date(now)), [...money].sort()],
    );
    return { rows: writer.rows, changed, first };
  }

  /** The holdings of a batch, one after the other, from one reading of their evidence and prices. */
  private async worked(
    db: Db,
    userId: string,
    { tasks }: Batch,
    window: RollupWindow,
    money: Set<string>,
  ): Promise<Iterable<{ holdingId: string; found: HoldingDays }>> {
    const from = window.fromNothing ? null : endOf(addDays(window.days[0] as Day, -1)).getTime();
    const known = await this.evidence.of(
      db,
      userId,
      tasks.map((task) => task.holding.id),
      from,
    );
    const rows = [...known.values()].flatMap((one) => one.entries);
    const linked = await this.linkedTo(db, userId, rows);
    for (const id of rows.flatMap((row) => [row.price_asset_id, row.fee_asset_id])) if (id !== null) money.add(id);
    const assets = [
      ...tasks.map((task) => task.holding.asset.id),
      ...linked.map((row) => row.asset_id),
      ...money,
      window.base,
    ];
    const since = from === null ? null : Math.min(from, ...linked.map((row) => endOf(dayOf(row.at)).getTime()));
    const prices = await this.rates.since(db, userId, assets, since);
    const daily = new DailyRollup(window, prices);
    const entries = new RollupEntries(linked, ratesOn(daily, prices, window));
    return holdingsOf(tasks, known, daily, entries, prices);
  }

  private async linkedTo(db: Db, userId: string, rows: readonly EntryRow[]): Promise<LinkedRow[]> {
    const groups = new Set(rows.flatMap((row) => row.transfer_group_id ?? []));
    const actions = new Set(rows.flatMap((row) => row.action_id ?? []));
    if (groups.size + actions.size === 0) return [];
    return this.evidence.linked(db, userId, [...groups], [...actions]);
  }
}

function* holdingsOf(
  tasks: readonly { holding: HoldingRow }[],
  known: ReadonlyMap<string, HoldingEvidence>,
  daily: DailyRollup,
  entries: RollupEntries,
  prices: PriceGraph,
): Generator<{ holdingId: string; found: HoldingDays }> {
  for (const { holding } of tasks) {
    const own = known.get(holding.id);
    if (!own) continue;
    const found = daily.holding(
      { ...rollupHolding(holding, prices), evidence: own.evidence },
      own.entries.map((row) => entries.of(row)),
    );
    yield { holdingId: holding.id, found };
  }
}

function firstOf(extents: readonly Extent[]): Day | undefined {
  const start = extents.reduce((least, extent) => Math.min(least, extent.start), Infinity);
  return start === Infinity ? undefined : dayOf(new Date(start));
}

/** Days within the window are worked out once for all; a transfer may reach out of it. */
function ratesOn(daily: DailyRollup, prices: PriceGraph, { days, base, now }: RollupWindow): RateOn {
  const start = startOf(days[0] as Day).getTime();
  return (assetId, on) => {
    const index = Math.round((startOf(on).getTime() - start) / DAY_MS);
    if (index >= 0 && index < days.length) return daily.rateAt(assetId, index);
    return prices.rate(assetId, base, Math.min(endOf(on).getTime(), now), now);
  };
}

/** Whether all evidence of a holding was taken back: its rows, and its part in those above, go with a whole build. */
async function hasRowsWithoutEvidence(
  db: Db,
  userId: string,
  base: string,
  { byHolding }: Changes,
  extents: readonly Extent[],
): Promise<boolean> {
  const known = new Set(extents.map((extent) => extent.holdingId));
  const bare = [...byHolding.keys()].filter((id) => !known.has(id));
  if (bare.length === 0) return false;
  const rows = await rowsOf(
    db,
    `select 1 from rollup where user_id = $1 and base_currency = $2 and scope = 'holding' and scope_id = any($3) limit 1`,
    [userId, base, bare],
  );
  return rows.length > 0;
}

/** The holdings that have rows since the first day; what is new has none yet. */
async function knownHoldings(
  db: Db,
  userId: string,
  base: string,
  first: Day,
  extents: readonly Extent[],
): Promise<Set<string>> {
  const rows = await rowsOf<{ scope_id: string }>(
    db,
    `select scope_id from rollup where user_id = $1 and base_currency = $2 and scope = 'holding' and scope_id = any($3) and day = $4`,
    [userId, base, extents.map((extent) => extent.holdingId), first],
  );
  return new Set(rows.map((row) => row.scope_id));
}
