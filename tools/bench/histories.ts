import { setTimeout as pause } from 'node:timers/promises';
import { SHARES } from '../outside-world/catalog.ts';
import { copyRows } from './floors.ts';
import type { BenchStack } from './stack.ts';
import { type Line, megabytes, seconds } from './table.ts';

const ASSETS = 300;
const DAYS = 1_826;
const LOOKS = 15;

/** Five years of 300 assets, from the outside through the data-provider into the database. */
export async function historiesCase(stack: BenchStack): Promise<Line[]> {
  const symbols = SHARES.filter(({ odd }) => odd === undefined).map(({ symbol }) => symbol);
  // Another first day for each that shares a symbol: the data-provider remembers what it was asked.
  await stack.pool.query(
    `with made as (
       insert into asset (id, kind, symbol, name, market_segment, decimals)
       select gen_random_uuid(), 'stock', ($1::text[])[1 + n % cardinality($1::text[])], 'bench', 'bench ' || n, 8
       from generate_series(0, $2::int - 1) as n returning id, symbol, market_segment),
     known as (insert into asset_identity (asset_id, provider, external_id) select id, 'bench', market_segment from made)
     insert into price_watch (asset_id, wanted_from)
     select id, current_date - $3::int + split_part(market_segment, ' ', 2)::int / cardinality($1::text[]) from made`,
    [symbols, ASSETS, DAYS],
  );
  const since = new Date();
  const before = stack.usage('worker', true);
  const ms = await stack.job('fill-daily-prices', 'all', {});
  const after = stack.usage('worker');
  const { rows } = await stack.pool.query<{ closes: number; assets: number }>(
    `select count(*)::int as closes, count(distinct asset_id)::int as assets from price
     where granularity = 'daily' and asset_id in (select id from asset where name = 'bench')`,
  );
  const { closes = 0, assets = 0 } = rows[0] ?? {};
  const copied = await copyRows(stack.pool, 'price', `asset_id in (select id from asset where name = 'bench')`);
  const calls = await callsSince(stack, since);
  return [
    {
      work: `${DAYS} days of ${assets} assets, ${closes} closes`,
      figure: `${seconds(ms)}, CPU of the worker ${seconds(after.cpuMs - before.cpuMs)}`,
      floor: `COPY of them ${seconds(copied)}`,
      ratio: ms / copied,
    },
    { work: '  calls of the worker to the data-provider', figure: String(calls['worker'] ?? 0) },
    { work: '  calls of the data-provider to price services', figure: String(calls['data-provider'] ?? 0) },
    { work: '  most memory of the worker', figure: megabytes(after.peakBytes) },
  ];
}

/** Of the egress ledger, once it has heard of all of them. */
async function callsSince(stack: BenchStack, since: Date): Promise<Record<string, number>> {
  for (let before = '', look = 0; look < LOOKS; look += 1, await pause(4_000)) {
    const { rows } = await stack.pool.query<{ process: string; calls: number }>(
      `select process, count(*)::int as calls from egress where at >= $1 and purpose = 'prices' group by process`,
      [since],
    );
    const calls = Object.fromEntries(rows.map(({ process, calls: count }) => [process, count]));
    if (JSON.stringify(calls) === before && rows.length > 0) return calls;
    before = JSON.stringify(calls);
  }
  throw new Error('the egress ledger does not come to rest');
}
