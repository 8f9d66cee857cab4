import { quick, type Parts } from './parts.ts';
import type { Row } from './faults.ts';
import { ask } from './faults.load.ts';
import type { FaultyWorld } from './faults.world.ts';
import { within } from './product.ts';
import { seconds } from '../stack/screen.ts';

const PATIENCE_MS = 75_000;

/** Processes that meet a database without migrations; they become ready by the migration alone, unless a minute is over. */
export async function schema(_parts: Parts, world: FaultyWorld, isChosen: (name: string) => boolean): Promise<Row[]> {
  if (!isChosen('schema')) return [];
  const rows: Row[] = [];
  const env = world.env;
  const [api, worker] = await Promise.all([world.product.spawn('api', env), world.product.spawn('worker', env)]);
  await within(
    20_000,
    async () => (await api.probe('/livez')).status === 200 && (await worker.probe('/livez')).status === 200,
  );
  const [live, ready, work] = [await api.probe('/livez'), await api.probe('/readyz'), await worker.probe('/readyz')];
  const told = ready.parts['schema'] ?? {};
  const facts = ['schema', 'current', 'required', 'pending'].map((name) => `${name} ${String(told[name])}`);
  rows.push({
    part: 'schema',
    fault: 'no migrations',
    promised: '/livez 200, /readyz 503 schema_missing with current, required, pending; worker 503',
    seen: `/livez ${live.status}, /readyz ${ready.status} (${facts.join(', ')}); worker ${work.status}`,
    ok:
      live.status === 200 &&
      ready.status === 503 &&
      work.status === 503 &&
      told['schema'] === 'schema_missing' &&
      told['current'] === 0 &&
      Number(told['required']) > 10 &&
      told['pending'] === told['required'],
  });

  await world.product.cli(env, 'migrate', 'up');
  const took = await within(10_000, async () => {
    const both = await Promise.all([api.probe('/readyz'), worker.probe('/readyz')]);
    return both.every(({ status }) => status === 200);
  });
  rows.push({
    part: 'schema',
    fault: 'migrations run late',
    promised: 'api and worker ready within 2 periods, without a restart',
    seen: took === undefined ? 'not ready after 10 s' : `both 200 after ${seconds(took)}`,
    ok: took !== undefined && api.server.running && worker.server.running,
  });
  await Promise.all([api.server.stop(), worker.server.stop()]);

  await ask(world.directUrl, 'update scani_schema_meta set current = current - 1');
  const [late, waits] = await Promise.all([world.product.spawn('api', env), world.product.spawn('worker', env)]);
  await within(20_000, async () => (await late.probe('/livez')).status === 200);
  const behind = (await late.probe('/readyz')).parts['schema'] ?? {};
  const gone = await within(PATIENCE_MS, () => !waits.server.running);
  const code = await waits.server.end();
  const still = await late.probe('/livez');
  rows.push({
    part: 'schema',
    fault: 'one migration missing',
    promised: 'api /readyz 503 schema_behind and lives; worker ends itself after 60 s, by name',
    seen: `${String(behind['schema'])}, ${String(behind['pending'])} pending; worker ended ${gone === undefined ? 'never' : `after ${seconds(gone)} with ${code}`}; api /livez ${still.status}`,
    ok:
      behind['schema'] === 'schema_behind' &&
      behind['pending'] === 1 &&
      gone !== undefined &&
      gone > 55_000 &&
      code === 1 &&
      still.status === 200 &&
      waits.said().includes('gave up waiting for the schema: schema_behind'),
  });
  await ask(world.directUrl, 'update scani_schema_meta set current = current + 1');
  await late.server.stop();
  const client = quick(world.env['REDIS_URL'] ?? '');
  await client.flushall();
  client.disconnect();
  return rows;
}
