import process from 'node:process';
import { setTimeout as pause } from 'node:timers/promises';
import { buildServers } from '../stack/build.ts';
import { bold, say, seconds, step } from '../stack/screen.ts';
import { addHolding, confirm, importState, openAccount } from './deeds.ts';
import { type Fault, faults } from './faults.list.ts';
import { ask, inLedger, Load, type Seen } from './faults.load.ts';
import { endings } from './faults.endings.ts';
import { FaultyWorld } from './faults.world.ts';
import type { Parts } from './parts.ts';
import { type Probe, type Running, within } from './product.ts';
import { table } from './table.ts';
import { withParts } from './with-parts.ts';

/** `npm run verify:faults [words]`: every part is lost and comes back while people and jobs are at work. */
export interface Row {
  part: string;
  fault: string;
  promised: string;
  seen: string;
  ok: boolean;
}

const PERIODS_MS = 10_000;
const ROWS = 400;
const JOB_PATIENCE_MS = 180_000;

async function main(parts: Parts, words: readonly string[]): Promise<boolean> {
  const isChosen = (name: string): boolean =>
    words.length === 0 || words.some((word) => name.toLowerCase().includes(word.toLowerCase()));
  await step('Build', buildServers);
  const world = await step('Parts, each behind a proxy', () => FaultyWorld.make(parts));
  const rows: Row[] = [];
  const add = (row: Row): void => {
    rows.push(row);
    say(`${row.ok ? '✔' : '✘'} ${row.part}, ${row.fault}: ${row.seen}`);
  };
  for (const row of await endings.schema(parts, world, isChosen)) add(row);

  await world.product.cli(world.env, 'migrate', 'up');
  world.worker = await world.product.start('worker', world.env);
  world.api = await world.product.start('api', world.env);
  world.me = world.newcomer();
  await world.me.signIn();
  world.account = await openAccount(world.me);
  const load = new Load(world.me, await addHolding(world.me, world.account));
  load.start(() => [world.api, world.worker]);
  const imports: string[] = [];
  const first = [world.api, world.worker];
  for (const fault of faults.filter((one) => isChosen(`${one.part} ${one.fault}`))) {
    add(await lose(world, load, fault, imports));
  }
  await load.stop();
  add(await counted(world, load, imports, first));
  for (const row of await endings.workers(world, isChosen)) add(row);
  for (const row of await endings.rolling(world, isChosen)) add(row);

  say(`\n${bold('What was lost, what is promised, what was seen')}`);
  table(
    ['', 'part', 'fault', 'promised', 'seen'],
    rows.map(({ part, fault, promised, seen, ok }) => [ok ? '✔' : '✘', part, fault, promised, seen]),
  );
  await world.close();
  return rows.every(({ ok }) => ok);
}

/** Loses a part for a while, with an import on its way, and compares everything with what is promised. */
async function lose(world: FaultyWorld, load: Load, fault: Fault, imports: string[]): Promise<Row> {
  const broken: string[] = [];
  const told: string[] = [];
  const id = await world.staged(ROWS);
  imports.push(id);
  await world.sendFile();
  await confirm(world.me, id);
  const began = performance.now();
  await fault.begin(world);
  const after = performance.now();

  const sameAsPromised = (probe: Probe, wanted: Fault['api'] | Fault['worker']): boolean => {
    const { part, state } = wanted as Fault['api'];
    return probe.status === wanted.status && (part === undefined || probe.parts[part]?.state === state);
  };
  const during = async (name: string, one: Running, wanted: Fault['api'] | Fault['worker']): Promise<void> => {
    let last: Probe = { status: 0, parts: {} };
    const took = await within(PERIODS_MS, async () => sameAsPromised((last = await one.probe('/readyz')), wanted));
    if (took === undefined) broken.push(`${name} /readyz ${last.status} ${JSON.stringify(last.parts).slice(0, 200)}`);
    else told.push(`${name} ${wanted.status} after ${seconds(took)}`);
  };
  if (fault.lasts > 500) {
    await Promise.all([during('api', world.api, fault.api), during('worker', world.worker, fault.worker)]);
    if (fault.also) await promise(fault.also(world), told, broken);
  }
  await pause(Math.max(0, fault.lasts - (performance.now() - after)));

  await fault.end(world);
  const ended = performance.now();
  const back = async (name: 'api' | 'worker'): Promise<void> => {
    const took = await within(
      fault.backWithinMs[name],
      async () => (await world[name].probe('/readyz')).status === 200,
    );
    if (took === undefined) broken.push(`${name} is not back after ${seconds(fault.backWithinMs[name])}`);
    else told.push(`${name} back after ${seconds(took)}`);
  };
  await Promise.all([back('api'), back('worker')]);
  if (fault.alsoAfter) await promise(fault.alsoAfter(world), told, broken);
  const job = await importState(world.me, id, JOB_PATIENCE_MS, 'recorded', 'failed').catch((error: Error) => error);
  if (job instanceof Error) broken.push(job.message);
  else if (job.state !== 'recorded' || job.counts.recorded !== ROWS)
    broken.push(`the import ${job.state}, ${job.counts.recorded} of ${ROWS}`);
  else told.push(`import done ${seconds(performance.now() - ended)} later`);
  // What began before the end may be answered long after it.
  await pause(1_500);

  const seen = load.seen.filter(({ at }) => at > began - 2_000);
  told.push(...judge(fault, seen, broken));
  if (load.dead.length > 0) broken.push(`/livez: ${load.dead.splice(0).slice(0, 3).join(', ')}`);
  const { part, fault: name, promised } = fault;
  return {
    part,
    fault: name,
    promised,
    seen: [...broken.map((one) => `BROKEN ${one}`), ...told].join('; '),
    ok: broken.length === 0,
  };
}

function judge(fault: Fault, seen: readonly Seen[], broken: string[]): string[] {
  const isWell = ({ status }: Seen): boolean => status === 200 || status === 201;
  const isAllowed = (one: Seen): boolean =>
    isWell(one) ||
    (fault.answers === 'well or database-away' &&
      (one.code === 'database-away' || (one.kind === 'write' && ['still-working', 'already-done'].includes(one.code))));
  const wrong = seen.filter((one) => !isAllowed(one));
  const kinds = [...new Set(wrong.map(({ kind, status, code }) => `${kind} ${status} ${code}`))];
  if (wrong.length > 0) broken.push(`${wrong.length} of ${seen.length} requests: ${kinds.slice(0, 3).join(', ')}`);
  const slowest = Math.max(0, ...seen.map(({ ms }) => ms));
  if (slowest > fault.answerWithinMs) broken.push(`an answer took ${seconds(slowest)}`);
  const away = seen.filter(({ code }) => code === 'database-away').length;
  return [`${seen.length} requests, ${away > 0 ? `${away} database-away, ` : ''}slowest ${seconds(slowest)}`];
}

async function promise(asked: Promise<string>, told: string[], broken: string[]): Promise<void> {
  try {
    told.push(await asked);
  } catch (error) {
    broken.push(error instanceof Error ? error.message : String(error));
  }
}

/** Nothing lost, nothing doubled, nobody restarted. */
async function counted(
  world: FaultyWorld,
  load: Load,
  imports: readonly string[],
  first: readonly Running[],
): Promise<Row> {
  // Figures follow the entries a moment later.
  const busy = `select 1 from job where state in ('active', 'queued') or (state = 'waiting' and run_after <= now())`;
  const quiet = await within(JOB_PATIENCE_MS, async () => (await ask(world.directUrl, busy)).length === 0);
  const { missing, doubled } = await inLedger(world.directUrl, load.meant);
  const rows = await ask<{ rows: number; ids: number }>(
    world.directUrl,
    `select count(*)::int as rows, count(distinct (import_id, external_id))::int as ids from transaction where import_id = any($1)`,
    [imports],
  );
  const jobs = await ask<{ name: string; state: string }>(
    world.directUrl,
    `select name, state from job where state = 'failed'`,
  );
  const restarted = first.filter((one) => !one.server.running || (one !== world.api && one !== world.worker));
  const wanted = imports.length * ROWS;
  const ok =
    quiet !== undefined &&
    missing.length + doubled.length + restarted.length + jobs.length === 0 &&
    rows[0]?.rows === wanted &&
    rows[0].ids === wanted;
  return {
    part: 'all',
    fault: 'counted at the end',
    promised: 'each entry and each row once, no job failed, no process restarted, /livez always 200',
    seen: `${load.meant.length} entries: ${missing.length} missing, ${doubled.length} doubled; ${rows[0]?.rows} of ${wanted} rows; ${jobs.length} jobs not done ${jobs.map(({ name, state }) => `${name} ${state}`).join(' ')}; ${restarted.length} restarts; ${load.looks} looks at /livez`,
    ok,
  };
}

await withParts(async (parts) => {
  const held = await main(parts, process.argv.slice(2));
  say(held ? '\nAll promises are kept.' : '\nNot all promises are kept.');
  return held;
});
