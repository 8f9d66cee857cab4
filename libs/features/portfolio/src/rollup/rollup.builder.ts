import { pipeline } from 'node:stream/promises';
import { Readable } from 'node:stream';
import { type Db, rowsOf } from '@scani/database';
import { firstEvidenceAt, rollup, type RollupHolding, type RollupRow } from '@scani/domain';
import { LedgerQueries } from '@scani/ledger';
import { askForHistory, PricesService, RateQueries } from '@scani/market';
import { JobQueue } from '@scani/jobs';
import { addDays, type Day, dayOf, daysFrom } from '@scani/money';
import type { PoolClient } from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import { DataSource } from 'typeorm';
import { type Base, rollupHolding, ValuationQueries } from '../valuation.queries.js';

const PRICES_BEFORE_DAYS = 30;
const LINES_PER_CHUNK = 2_000;

/** Rebuilds the rollup of one person in one base: reads the evidence once, walks time once, copies the rows in. */
export class RollupBuilder {
  constructor(
    private readonly source: DataSource,
    private readonly ledger: LedgerQueries,
    private readonly rates: RateQueries,
    private readonly prices: PricesService,
    private readonly valuations: ValuationQueries,
    private readonly jobs: JobQueue,
  ) {}

  /** Returns the number of rows of the rollup, and how many of them were new or different. */
  async build(userId: string, base: Base): Promise<{ rows: number; changed: number }> {
    const runner = this.source.createQueryRunner();
    // What changes meanwhile moves wanted_at past this transaction's start, and is built again.
    await runner.startTransaction();
    try {
      const started = (await runner.query('select now() as now')) as { now: Date }[];
      const { rows, from } = await this.rollupOf(runner.manager, userId, base);
      await runner.query(`create temporary table rollup_built (like rollup) on commit drop`);
      const copied = await copy((await runner.connect()) as PoolClient, userId, base.code, rows);
      const changed = await merge(runner.manager, userId, base.code);
      await runner.query(
        `insert into rollup_state (user_id, base_currency, built_at, built_to, wanted_at) values ($1, $2, $3, $4, $3)
         on conflict (user_id, base_currency) do update set built_at = excluded.built_at, built_to = excluded.built_to`,
        [userId, base.code, started[0]?.now, dayOf(new Date())],
      );
      if (from) await this.watchBase(runner.manager, base, from);
      await runner.commitTransaction();
      return { rows: copied, changed };
    } catch (error) {
      await runner.rollbackTransaction();
      throw error;
    } finally {
      await runner.release();
    }
  }

  /** The bases in which a person has looked at figures, their own among them. */
  async basesOf(userId: string): Promise<Base[]> {
    const rows = (await this.source.query(
      `select base_currency as code from rollup_state where user_id = $1
       union select base_currency from users where id = $1`,
      [userId],
    )) as { code: string }[];
    return Promise.all(rows.map((row) => this.valuations.base(this.source, userId, row.code)));
  }

  private async watchBase(db: Db, base: Base, from: Day): Promise<void> {
    const wanted = addDays(from, -PRICES_BEFORE_DAYS);
    await this.prices.watch(db, [base.assetId], wanted, askForHistory(this.jobs, db));
  }

  private async rollupOf(
    db: Db,
    userId: string,
    base: Base,
  ): Promise<{ rows: Iterable<RollupRow>; from: Day | undefined }> {
    const held = await this.ledger.holdings(db, userId);
    const prices = await this.rates.history(db, userId, [...held.map((holding) => holding.asset.id), base.assetId]);
    const evidence = await this.ledger.evidenceOf(db, userId);
    const holdings: RollupHolding[] = held.flatMap((holding) => {
      const known = evidence.get(holding.id);
      return known && firstEvidenceAt(known) !== undefined
        ? [{ ...rollupHolding(holding, prices), evidence: known }]
        : [];
    });
    const starts = holdings.map((holding) => firstEvidenceAt(holding.evidence) as number);
    if (starts.length === 0) return { rows: [], from: undefined };
    const now = Date.now();
    const from = dayOf(new Date(starts.reduce((least, start) => Math.min(least, start))));
    return {
      rows: rollup({
        userId,
        base: base.assetId,
        holdings,
        prices,
        days: [...daysFrom(from, dayOf(new Date(now)))],
        now,
      }),
      from,
    };
  }
}

/** Writes only what differs: most of a rebuilt rollup is as it was, and rewriting it would cost more than finding out. */
async function merge(db: Db, userId: string, base: string): Promise<number> {
  await db.query('analyze rollup_built');
  await db.query(
    `delete from rollup as known where user_id = $1 and base_currency = $2 and not exists (
       select 1 from rollup_built as built
       where built.scope = known.scope and built.scope_id = known.scope_id and built.day = known.day)`,
    [userId, base],
  );
  const [merged] = await rowsOf<{ changed: number }>(
    db,
    `with changed as (
       insert into rollup
       select built.* from rollup_built as built
       left join rollup as known using (user_id, base_currency, scope, scope_id, day)
       where known.day is null or (known.value, known.coverage) is distinct from (built.value, built.coverage)
       on conflict (user_id, base_currency, scope, scope_id, day)
         do update set value = excluded.value, coverage = excluded.coverage
       returning 1)
     select count(*)::int as changed from changed`,
  );
  return merged?.changed ?? 0;
}

async function copy(client: PoolClient, userId: string, base: string, rows: Iterable<RollupRow>): Promise<number> {
  let count = 0;
  function* lines(): Generator<string> {
    let chunk: string[] = [];
    for (const row of rows) {
      const value = row.value ?? String.raw`\N`;
      chunk.push(`${userId}\t${base}\t${row.scope}\t${row.scopeId}\t${row.day}\t${value}\t${row.coverage}\n`);
      count += 1;
      if (chunk.length === LINES_PER_CHUNK) {
        yield chunk.join('');
        chunk = [];
      }
    }
    yield chunk.join('');
  }
  const into = client.query(
    copyFrom('copy rollup_built (user_id, base_currency, scope, scope_id, day, value, coverage) from stdin'),
  );
  await pipeline(Readable.from(lines()), into);
  return count;
}
