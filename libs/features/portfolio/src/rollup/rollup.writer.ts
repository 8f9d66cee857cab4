import { type Db, rowsOf } from '@scani/database';
import { coverageOf, type DayMoney, type HoldingDays, VALUE_DECIMALS } from '@scani/domain';
import { type Day, fixedText } from '@scani/money';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { PoolClient } from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import { mergeMoney } from './rollup.scopes.js';

const LINES_PER_CHUNK = 2_000;
const NULL = String.raw`\N`;
const FIGURES = 'user_id, base_currency, scope, scope_id, day, value, coverage, flags, currency_effect';
const MONEY = 'user_id, base_currency, scope, scope_id, day, flow, priced, income, costs';

/**
 * Copies rows of holdings in: into the rollup itself where nothing is there yet, else into temporary tables, from which
 * only what differs is written. Most of a rebuilt rollup is as it was, and rewriting costs more than finding out.
 */
export class RollupWriter {
  rows = 0;

  private constructor(
    private readonly db: Db,
    private readonly client: PoolClient,
    private readonly userId: string,
    private readonly base: string,
    private readonly isEmpty: boolean,
  ) {}

  static async open(db: Db, client: PoolClient, userId: string, base: string): Promise<RollupWriter> {
    const known = await rowsOf(
      db,
      `(select 1 from rollup where user_id = $1 and base_currency = $2 limit 1)
       union all (select 1 from rollup_money where user_id = $1 and base_currency = $2 limit 1)`,
      [userId, base],
    );
    if (known.length > 0) {
      await db.query(`create temporary table rollup_built (like rollup) on commit drop`);
      await db.query(`create temporary table rollup_money_built (like rollup_money) on commit drop`);
    }
    return new RollupWriter(db, client, userId, base, known.length === 0);
  }

  async write(holdings: Iterable<{ holdingId: string; found: HoldingDays }>, days: readonly Day[]): Promise<void> {
    const money: { holdingId: string; moved: DayMoney }[] = [];
    const figures = function* (this: RollupWriter): Generator<string> {
      for (const { holdingId, found } of holdings) {
        for (const moved of found.money) money.push({ holdingId, moved });
        yield* this.figureLines(holdingId, found, days);
      }
    };
    await this.copy(this.isEmpty ? 'rollup' : 'rollup_built', FIGURES, figures.call(this));
    await this.copy(this.isEmpty ? 'rollup_money' : 'rollup_money_built', MONEY, this.moneyLines(money));
  }

  /** Writes what differs. Returns how many rows were new or different. */
  async merge(): Promise<number> {
    if (this.isEmpty) return this.rows;
    const { db, userId, base } = this;
    await db.query('analyze rollup_built');
    await db.query('analyze rollup_money_built');
    const [merged] = await rowsOf<{ changed: number }>(
      db,
      `with changed as (
         insert into rollup select built.* from rollup_built as built
         left join lateral (
           select * from rollup where user_id = $1 and scope_id = built.scope_id and base_currency = $2
             and day = built.day and scope = 'holding' offset 0) as old on true
         where old.day is null or (old.value, old.coverage, old.flags, old.currency_effect)
           is distinct from (built.value, built.coverage, built.flags, built.currency_effect)
         on conflict (user_id, base_currency, scope, scope_id, day) do update set value = excluded.value,
           coverage = excluded.coverage, flags = excluded.flags, currency_effect = excluded.currency_effect
         returning 1)
       select count(*)::int as changed from changed`,
      [userId, base],
    );
    await db.query(
      `delete from rollup_money where ctid = any(array(
         select old.id from rollup_touched as held cross join lateral (
           select ctid as id, day from rollup_money where user_id = $1 and scope_id = held.holding_id
             and base_currency = $2 and scope = 'holding' and day >= held.from_day offset 0) as old
         where not exists (select 1 from rollup_money_built as built
                           where built.scope_id = held.holding_id and built.day = old.day)))`,
      [userId, base],
    );
    await mergeMoney(db, userId, base, 'holding', 'rollup_money_built');
    return merged?.changed ?? 0;
  }

  /** After a whole rebuild: rows of days and scopes that are no more. */
  async removeRest(first: Day | null): Promise<void> {
    if (this.isEmpty) return;
    for (const table of ['rollup', 'rollup_money']) {
      await this.db.query(
        `delete from ${table} where user_id = $1 and base_currency = $2 and ($3::date is null or day < $3
           or (scope = 'holding' and not exists (select 1 from rollup_touched where holding_id = scope_id))
           or (scope = 'account' and not exists (select 1 from rollup_touched where account_id = scope_id))
           or (scope = 'institution' and not exists (select 1 from rollup_touched where institution_id = scope_id)))`,
        [this.userId, this.base, first],
      );
    }
  }

  private *figureLines(holdingId: string, { amounts, flags, effects }: HoldingDays, days: readonly Day[]) {
    const head = `${this.userId}\t${this.base}\tholding\t${holdingId}\t`;
    for (const [index, amount] of amounts.entries()) {
      const [flag = 0, effect = null] = [flags[index], effects[index]];
      this.rows += 1;
      yield `${head}${days[index] ?? ''}\t${text(amount)}\t${coverageOf(amount, flag)}\t${flag}\t${text(effect)}\n`;
    }
  }

  private *moneyLines(money: readonly { holdingId: string; moved: DayMoney }[]): Generator<string> {
    for (const { holdingId, moved } of money) {
      const amounts = [moved.flow, moved.priced, moved.income, moved.costs].map(text).join('\t');
      yield `${this.userId}\t${this.base}\tholding\t${holdingId}\t${moved.day}\t${amounts}\n`;
    }
  }

  private async copy(table: string, columns: string, lines: Iterable<string>): Promise<void> {
    const into = this.client.query(copyFrom(`copy ${table} (${columns}) from stdin`));
    await pipeline(Readable.from(chunksOf(lines), { objectMode: false }), into);
  }
}

const text = (units: bigint | null): string => (units === null ? NULL : fixedText(units, VALUE_DECIMALS));

function* chunksOf(lines: Iterable<string>): Generator<string> {
  let chunk: string[] = [];
  for (const line of lines) {
    chunk.push(line);
    if (chunk.length < LINES_PER_CHUNK) continue;
    yield chunk.join('');
    chunk = [];
  }
  if (chunk.length > 0) yield chunk.join('');
}
