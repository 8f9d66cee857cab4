import { performance } from 'node:perf_hooks';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type pg from 'pg';
import { from as copyFrom, to as copyTo } from 'pg-copy-streams';

/** What this machine does at best, measured beside the work that it is compared with. */

/** Quantity × price × rate, rounded, for so many holdings and days, and added up: the arithmetic of a rollup alone. */
export function exactArithmetic(holdings: number, days: number): number {
  const begun = performance.now();
  const totals = Array.from({ length: days }, () => 0n);
  for (let holding = 0; holding < holdings; holding += 1) {
    let quantity = 1_234_567_890_123_456_789_012_345n;
    for (let day = 0; day < days; day += 1) {
      quantity += 1_000_000_000_000_000_000n;
      const rate = 912_345_678_901_234_567_890_123_456_789_012_345n + BigInt(day);
      totals[day] = (totals[day] ?? 0n) + (quantity * rate) / 10n ** 52n;
    }
  }
  return performance.now() - begun;
}

/** One indexed read of the days of one scope. */
export async function indexedRead(pool: pg.Pool, userId: string): Promise<number> {
  const times: number[] = [];
  for (let turn = 0; turn < 30; turn += 1) {
    const begun = performance.now();
    await pool.query(
      `select day, value from rollup where user_id = $1 and base_currency = 'EUR' and scope = 'user' and scope_id = $1 order by day`,
      [userId],
    );
    times.push(performance.now() - begun);
  }
  return times.sort((one, other) => one - other)[15] ?? 0;
}

/** COPY of rows that are in memory into a table of the same shape, its key included. */
export async function copyRows(pool: pg.Pool, table: string, where: string): Promise<number> {
  const client = await pool.connect();
  try {
    const chunks: Buffer[] = [];
    for await (const chunk of client.query(copyTo(`copy (select * from ${table} where ${where}) to stdout`)))
      chunks.push(chunk as Buffer);
    await client.query('begin');
    await client.query(
      `create table bench_copy (like ${table} including defaults including constraints including indexes)`,
    );
    const begun = performance.now();
    await pipeline(Readable.from(chunks), client.query(copyFrom('copy bench_copy from stdin')));
    const took = performance.now() - begun;
    await client.query('rollback');
    return took;
  } finally {
    client.release();
  }
}
