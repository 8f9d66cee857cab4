import { pipeline } from 'node:stream/promises';
import { Readable } from 'node:stream';
import { setImmediate as breathe } from 'node:timers/promises';
import { type Db } from '@scani/database';
import {
  costBasis,
  type CostBasisMethod,
  type Disposal,
  heldAtCost,
  type Income,
  incomeOf,
  knownGain,
  type LotHolding,
  type LotMovement,
  type LotUse,
  type OpenBook,
  taxYearOf,
} from '@scani/domain';
import type { PoolClient } from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import { DataSource } from 'typeorm';
import { type Base, ValuationQueries } from '../valuation.queries.js';
import type { GainsLedger, Held } from './gains.ledger.js';
import { exact, instant, size, storedLot, type StoredUse, money } from './gains.words.js';

/** So many rows of the ledger, or of so many holdings, are in memory at once; a set is never divided. */
const ROWS_AT_ONCE = 10_000;
const HOLDINGS_AT_ONCE = 20;
const TABLES = ['gains_disposal', 'gains_income', 'gains_open'] as const;
type Table = (typeof TABLES)[number];

const COLUMNS: Record<Table, string> = {
  gains_disposal:
    'user_id, base_currency, transaction_id, holding_id, year, at, kind, quantity, proceeds, cost, gain, known_gain, short, lots',
  gains_income: 'user_id, base_currency, transaction_id, holding_id, year, at, kind, quantity, amount',
  gains_open: 'user_id, base_currency, pool, method, short, holding_ids, quantity, cost, unknown_quantity, lots',
};
const KEYS: Record<Table, string> = {
  gains_disposal: 'transaction_id',
  gains_income: 'transaction_id',
  gains_open: 'pool',
};

/** Works out the gains of one person in one base, set by set, and writes what differs from what is stored. */
export class GainsBuilder {
  constructor(
    private readonly source: DataSource,
    private readonly ledger: GainsLedger,
    private readonly valuations: ValuationQueries,
  ) {}

  async build(userId: string, base: Base): Promise<{ changed: number }> {
    const runner = this.source.createQueryRunner();
    // What changes meanwhile moves wanted_at past this transaction's start, and is worked out again.
    await runner.startTransaction();
    try {
      const db = runner.manager;
      const started = (await db.query('select now() as now')) as { now: Date }[];
      // Two at once would both write what differs.
      await db.query('select pg_advisory_xact_lock(hashtextextended($1, 0))', [`gains ${userId} ${base.code}`]);
      for (const table of TABLES)
        await db.query(`create temporary table ${table}_built (like ${table} including defaults) on commit drop`);
      const held = await this.ledger.held(db, userId);
      await this.fill(db, (await runner.connect()) as PoolClient, userId, base, held);
      let changed = 0;
      for (const table of TABLES) changed += await merge(db, table, userId, base.code);
      await db.query(
        `insert into gains_state (user_id, base_currency, built_at, wanted_at, method, years)
         values ($1, $2, $3, $3, $4, array(
           select distinct year from (select year from gains_disposal_built union select year from gains_income_built) as found
           order by year desc))
         on conflict (user_id, base_currency) do update
           set built_at = excluded.built_at, method = excluded.method, years = excluded.years`,
        [userId, base.code, started[0]?.now, held.method],
      );
      await runner.commitTransaction();
      return { changed };
    } catch (error) {
      await runner.rollbackTransaction();
      throw error;
    } finally {
      await runner.release();
    }
  }

  /** The bases in which a person has looked at gains, their own among them. */
  async basesOf(userId: string): Promise<Base[]> {
    const rows = (await this.source.query(
      `select base_currency as code from gains_state where user_id = $1
       union select base_currency from users where id = $1`,
      [userId],
    )) as { code: string }[];
    return Promise.all(rows.map((row) => this.valuations.base(this.source, userId, row.code)));
  }

  private async fill(db: Db, client: PoolClient, userId: string, base: Base, held: Held): Promise<void> {
    const counts = await this.ledger.counts(db, userId);
    const copy = (table: Table, lines: readonly Cell[][]): Promise<void> =>
      copyInto(
        client,
        table,
        lines.map((cells) => [userId, base.code, ...cells]),
      );
    for (const sets of batches(held.sets, counts)) {
      const read = await this.ledger.read(db, userId, base, held, sets);
      for (const set of read.sets) {
        const { disposals, open } = costBasis(set);
        await copy(
          'gains_disposal',
          disposals.map((one) => disposalLine(one, held.method)),
        );
        await copy('gains_income', incomeLines(set.movements, held));
        await copy('gains_open', open.map(openLine));
        await breathe();
      }
    }
    const { income } = await this.ledger.read(db, userId, base, held, [], held.currencies);
    await copy('gains_income', incomeLines(income, held));
  }
}

/** Sets in the order in which they are given, as many at once as fit. */
function* batches(sets: readonly LotHolding[][], counts: ReadonlyMap<string, number>): Generator<LotHolding[][]> {
  let batch: LotHolding[][] = [];
  let [rows, holdings] = [0, 0];
  for (const set of sets) {
    const more = set.reduce((all, { id }) => all + (counts.get(id) ?? 0), 0);
    if (batch.length > 0 && (rows + more > ROWS_AT_ONCE || holdings + set.length > HOLDINGS_AT_ONCE)) {
      yield batch;
      batch = [];
      [rows, holdings] = [0, 0];
    }
    batch.push(set);
    rows += more;
    holdings += set.length;
  }
  if (batch.length > 0) yield batch;
}

type Cell = string | number | boolean | null;

function disposalLine(one: Disposal, method: CostBasisMethod): Cell[] {
  return [
    one.id,
    one.holdingId,
    taxYearOf(one.at, method),
    instant(one.at),
    one.kind,
    size(one.quantity),
    exact(one.proceeds),
    exact(one.cost),
    exact(one.gain),
    exact(knownGain(one)),
    one.short,
    JSON.stringify(one.lots.map(storedUse)),
  ];
}

const storedUse = (use: LotUse): StoredUse => ({
  ...storedLot(use),
  proceeds: money(use.proceeds),
  gain: money(use.gain),
  rule: use.rule,
  of: { quantity: size(use.of.quantity), cost: exact(use.of.cost) },
});

/** What is owed brings no income. */
function incomeLines(movements: readonly LotMovement[], { holdings, method }: Held): Cell[][] {
  const earning = movements.filter(({ holdingId }) => holdings.get(holdingId)?.account.kind === 'asset');
  return incomeOf(earning).map((one: Income) => [
    one.id,
    one.holdingId,
    taxYearOf(one.at, method),
    instant(one.at),
    one.kind,
    size(one.quantity),
    exact(one.amount),
  ]);
}

function openLine({ key, method, short, holdingIds, lots }: OpenBook): Cell[] {
  const { quantity, cost, unknown } = heldAtCost(lots);
  return [
    key,
    method,
    short,
    `{${holdingIds.join(',')}}`,
    size(quantity),
    exact(cost),
    size(unknown),
    JSON.stringify(lots.map(storedLot)),
  ];
}

/** Rows in the text format of COPY, each made when it is asked for. */
async function copyInto(client: PoolClient, table: Table, lines: readonly Cell[][]): Promise<void> {
  if (lines.length === 0) return;
  function* text(): Generator<string> {
    for (const cells of lines) yield `${cells.map(cell).join('\t')}\n`;
  }
  await pipeline(Readable.from(text()), client.query(copyFrom(`copy ${table}_built (${COLUMNS[table]}) from stdin`)));
}

const cell = (value: Cell): string =>
  value === null
    ? String.raw`\N`
    : String(value)
        .replaceAll('\\', '\\\\')
        .replaceAll('\t', String.raw`\t`);

/** Writes only what differs: most of it is as it was. */
async function merge(db: Db, table: Table, userId: string, base: string): Promise<number> {
  const columns = COLUMNS[table]
    .split(', ')
    .slice(2)
    .filter((column) => column !== KEYS[table]);
  const ofBuilt = columns.map((column) => `built.${column}`).join(', ');
  const ofKnown = columns.map((column) => `known.${column}`).join(', ');
  await db.query(`analyze ${table}_built`);
  const [row] = (await db.query(
    `with gone as (
       delete from ${table} as known where user_id = $1 and base_currency = $2 and not exists (
         select 1 from ${table}_built as built where built.${KEYS[table]} = known.${KEYS[table]}) returning 1),
     changed as (
       insert into ${table} (${COLUMNS[table]})
       select built.user_id, built.base_currency, ${COLUMNS[table]
         .split(', ')
         .slice(2)
         .map((column) => `built.${column}`)
         .join(', ')}
       from ${table}_built as built
       left join ${table} as known on known.user_id = $1 and known.base_currency = $2 and known.${KEYS[table]} = built.${KEYS[table]}
       where known.user_id is null or (${ofKnown}) is distinct from (${ofBuilt})
       on conflict (user_id, base_currency, ${KEYS[table]}) do update
         set ${columns.map((column) => `${column} = excluded.${column}`).join(', ')}
       returning 1)
     select (select count(*) from gone)::int + (select count(*) from changed)::int as changed`,
    [userId, base],
  )) as { changed: number }[];
  return row?.changed ?? 0;
}
