import { seconds } from '../stack/screen.ts';
import { confirm, type Import, importState } from './deeds.ts';
import type { Row } from './faults.ts';
import { ask } from './faults.load.ts';
import type { FaultyWorld } from './faults.world.ts';
import { within } from './product.ts';

const ROWS = 10_000;
const PATIENCE_MS = 120_000;

/** What happens to a job when its worker is told to end, or is killed. */
export async function workers(world: FaultyWorld, isChosen: (name: string) => boolean): Promise<Row[]> {
  if (!isChosen('worker')) return [];
  return [await drained(world), await killed(world)];
}

const recorded = async (world: FaultyWorld, id: string): Promise<number> =>
  (await world.me.get<Import>(`/api/imports/${id}`)).body.counts.recorded;

/** An import of which this part is recorded. */
async function begun(world: FaultyWorld, part: number): Promise<string> {
  const id = await world.staged(ROWS);
  await confirm(world.me, id);
  await within(PATIENCE_MS, async () => (await recorded(world, id)) >= ROWS * part);
  return id;
}

async function rowsOf(world: FaultyWorld, id: string): Promise<{ rows: number; ids: number; attempts: number }> {
  const [row] = await ask<{ rows: number; ids: number; attempts: number }>(
    world.directUrl,
    `select count(*)::int as rows, count(distinct external_id)::int as ids,
       (select max(attempts) from job where name = 'record-import' and subject_id = $1::text::uuid) as attempts
     from transaction where import_id = $1::text::uuid`,
    [id],
  );
  return row ?? { rows: 0, ids: 0, attempts: 0 };
}

async function drained(world: FaultyWorld): Promise<Row> {
  const id = await begun(world, 0.4);
  // A slow database makes it a long job.
  await world.way('Postgres', 'slow');
  const at = await recorded(world, id);
  world.worker.server.kill('SIGTERM');
  const told = performance.now();
  // Asked for after the signal: it is somebody else's.
  await within(500, () => false);
  await world.newcomer().post('/api/sign-in/challenges', { email: 'after-the-signal@example.org' });
  await within(60_000, () => !world.worker.server.running);
  const took = performance.now() - told;
  await world.way('Postgres', 'open');
  const code = await world.worker.server.end();
  const { rows, ids, attempts } = await rowsOf(world, id);
  const [waiting] = await ask<{ count: number }>(
    world.directUrl,
    `select count(*)::int as count from job where name = 'send-sign-in-mail' and state in ('waiting', 'queued') and attempts = 0`,
  );
  world.worker = await world.product.start('worker', world.env);
  const done = await importState(world.me, id, PATIENCE_MS, 'recorded').then(
    () => true,
    () => false,
  );
  return {
    part: 'worker',
    fault: `SIGTERM during a job (${at} of ${ROWS})`,
    promised: 'finishes it within 20 s in the same attempt, takes no new one, ends with 0',
    seen: `ended after ${seconds(took)} with ${code}; ${rows} rows (${ids} different) in attempt ${attempts}; ${waiting?.count} new job left`,
    ok: code === 0 && done && rows === ROWS && ids === ROWS && attempts === 1 && waiting?.count === 1,
  };
}

async function killed(world: FaultyWorld): Promise<Row> {
  const id = await begun(world, 0.1);
  const at = await recorded(world, id);
  world.worker.server.kill('SIGKILL');
  await world.worker.server.stop();
  const ended = performance.now();
  world.worker = await world.product.start('worker', world.env);
  const done = await importState(world.me, id, PATIENCE_MS, 'recorded').then(
    () => true,
    () => false,
  );
  const took = performance.now() - ended;
  const { rows, ids, attempts } = await rowsOf(world, id);
  return {
    part: 'worker',
    fault: `SIGKILL during a job (${at} of ${ROWS})`,
    promised: 'another one takes it over, once; no row twice',
    seen: `done ${seconds(took)} later in attempt ${attempts}; ${rows} rows, ${ids} different`,
    ok: done && rows === ROWS && ids === ROWS && attempts === 2,
  };
}
