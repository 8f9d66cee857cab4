import { performance } from 'node:perf_hooks';
import { load, type Loaded, today } from './data.ts';
import { copyRows, exactArithmetic } from './floors.ts';
import type { BenchStack } from './stack.ts';
import { type Line, megabytes, seconds } from './table.ts';

/** Works the figures of a person out from nothing. */
export async function rebuilt(
  stack: BenchStack,
  { userId }: Loaded,
): Promise<{ ms: number; cpuMs: number; peak: number }> {
  for (const table of ['rollup', 'rollup_money', 'rollup_state'])
    await stack.pool.query(`delete from ${table} where user_id = $1`, [userId]);
  await stack.pool.query('vacuum rollup');
  const before = stack.usage('worker', true);
  const ms = await stack.job('rebuild-rollup', userId, { userId });
  const after = stack.usage('worker');
  return { ms, cpuMs: after.cpuMs - before.cpuMs, peak: after.peakBytes };
}

export async function rollupCase(stack: BenchStack, data: Loaded): Promise<Line[]> {
  await rebuilt(stack, data);
  const { ms, cpuMs, peak } = await rebuilt(stack, data);
  const { rows } = await stack.pool.query<{ count: number; days: number; holdings: number }>(
    `select count(*)::int as count, count(distinct day)::int as days,
       (count(distinct scope_id) filter (where scope = 'holding'))::int as holdings from rollup where user_id = $1`,
    [data.userId],
  );
  const { count = 0, days = 0, holdings = 0 } = rows[0] ?? {};
  const arithmetic = exactArithmetic(holdings, days);
  const copied = await copyRows(stack.pool, 'rollup', `user_id = '${data.userId}'`);
  const floor = `arithmetic ${seconds(arithmetic)} + COPY ${seconds(copied)}`;
  return [
    {
      work: `rollup, ${holdings} holdings, ${days} days, ${data.transactions} transactions`,
      figure: seconds(ms),
      floor,
      ratio: ms / (arithmetic + copied),
    },
    {
      work: '  CPU of the worker',
      figure: seconds(cpuMs),
      floor: `arithmetic ${seconds(arithmetic)}`,
      ratio: cpuMs / arithmetic,
    },
    { work: '  most memory of the worker', figure: megabytes(peak) },
    { work: `  rows written`, figure: String(count) },
    { work: '  farthest from the expected values', figure: await distance(stack, data), floor: 'floats: 1e-9' },
  ];
}

/** The largest relative distance of the stored daily values from those of the generator. */
async function distance(stack: BenchStack, { userId, expected }: Loaded): Promise<string> {
  const { rows } = await stack.pool.query<{ day: string; value: string }>(
    `select day::text, value from rollup where user_id = $1 and scope = 'user' and base_currency = 'EUR'`,
    [userId],
  );
  const values = new Map(rows.map((row) => [row.day, Number(row.value)]));
  let worst = 0;
  for (const [day, value] of expected) {
    const known = values.get(day);
    // Before the first transaction there is nothing, and no row.
    if (known === undefined && value === 0) continue;
    worst = Math.max(worst, Math.abs((known ?? 0) - value) / Math.max(value, 1));
  }
  return worst.toExponential(1);
}

export async function dayCase(stack: BenchStack, data: Loaded): Promise<Line[]> {
  const { userId } = data;
  const follow = async (): Promise<{ ms: number; cpuMs: number }> => {
    const before = stack.usage('worker');
    const ms = await stack.job('rebuild-rollup', userId, { userId });
    return { ms, cpuMs: stack.usage('worker').cpuMs - before.cpuMs };
  };
  await follow();
  const copied = async (days: number): Promise<number> =>
    copyRows(stack.pool, 'rollup', `user_id = '${userId}' and day > current_date - ${days}`);
  await stack.pool.query(`delete from rollup where user_id = $1 and day = $2`, [userId, today()]);
  await stack.pool.query(`update rollup_state set built_at = built_at - interval '1 day' where user_id = $1`, [userId]);
  const night = await follow();
  const { rows } = await stack.pool.query<{ id: string }>(
    `select id from holding where user_id = $1 order by id limit 1`,
    [userId],
  );
  await stack.pool.query(
    `insert into evidence_change (user_id, holding_id, from_day) values ($1, $2, current_date - 400)`,
    [userId, rows[0]?.id],
  );
  const change = await follow();
  await stack.pool.query(`insert into evidence_change (user_id, holding_id) values ($1, $2)`, [userId, rows[0]?.id]);
  const whole = await follow();
  const floor = await copied(3);
  const line = (work: string, { ms, cpuMs }: { ms: number; cpuMs: number }): Line => ({
    work,
    figure: `${seconds(ms)}, CPU ${seconds(cpuMs)}`,
    floor: `COPY of three days ${seconds(floor)}`,
    ratio: ms / floor,
  });
  return [
    line('an incremental day', night),
    line('a change of one holding 400 days ago', change),
    line('a change of one holding since the beginning', whole),
  ];
}

export async function memoryCase(stack: BenchStack, days: number, seed: number): Promise<Line[]> {
  const lines: Line[] = [];
  for (const tx of [10_000, 60_000, 600_000]) {
    const data = await load(stack.databaseUrl, `memory-${tx}`, { tx, seed, days });
    const { ms, cpuMs, peak } = await rebuilt(stack, data);
    lines.push({
      work: `rollup of ${tx} transactions`,
      figure: `${megabytes(peak)}, ${seconds(ms)}, CPU ${seconds(cpuMs)}`,
    });
    for (const table of ['rollup', 'rollup_money'])
      await stack.pool.query(`delete from ${table} where user_id = $1`, [data.userId]);
  }
  return lines;
}

export async function transfersCase(stack: BenchStack, data: Loaded): Promise<Line[]> {
  await stack.pool.query('delete from transfer_group where user_id = $1', [data.userId]);
  const before = stack.usage('worker', true);
  const ms = await stack.job('link-transfers', data.userId, { userId: data.userId });
  const after = stack.usage('worker');
  const { rows } = await stack.pool.query<{ count: number }>(
    'select count(*)::int as count from transfer_group where user_id = $1',
    [data.userId],
  );
  const begun = performance.now();
  await stack.pool.query(
    `select id, occurred_at, quantity from transaction where user_id = $1 and kind in ('withdraw', 'deposit')`,
    [data.userId],
  );
  const read = performance.now() - begun;
  return [
    {
      work: `transfers among ${data.transactions} transactions, ${rows[0]?.count ?? 0} linked`,
      figure: `${seconds(ms)}, CPU ${seconds(after.cpuMs - before.cpuMs)}, ${megabytes(after.peakBytes)}`,
      floor: `reading them ${seconds(read)}`,
      ratio: ms / read,
    },
  ];
}
