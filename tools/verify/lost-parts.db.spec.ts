import { createDataSource, databaseAway } from '@scani/database';
import { testDatabase, type TestDatabase } from '@scani/database/testing';
import { execFileSync } from 'node:child_process';
import { createRequire } from 'node:module';
import process from 'node:process';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Parts } from './parts.ts';
import { root } from '../stack/places.ts';
import { Product, type Running } from './product.ts';
import { Proxy } from './proxy.ts';

const PATIENCE_MS = 180_000;
const parts = new Parts();
const product = new Product(parts, { POSTGRES_POOL_MAX: '3', SCANI_CLOUD_URL: 'http://127.0.0.1:9' });
let db: TestDatabase;
let postgres: Proxy;
let redis: Proxy;
let env: Record<string, string>;

beforeAll(async () => {
  const tsc = createRequire(import.meta.url).resolve('typescript/bin/tsc');
  execFileSync(process.execPath, [tsc, '-b', 'apps/api', 'apps/worker'], { cwd: root, stdio: 'inherit' });
  db = await testDatabase();
  postgres = await Proxy.to(Number(new URL(db.url).port));
  redis = await Proxy.to((await parts.plainRedis('redis')).port);
  env = { DATABASE_URL: through(postgres, db.url), REDIS_URL: `redis://127.0.0.1:${redis.port}` };
}, PATIENCE_MS);
afterAll(async () => {
  await parts.end();
  await Promise.all([postgres.close(), redis.close()]);
  await db.drop();
});

function through(proxy: Proxy, url: string): string {
  const changed = new URL(url);
  changed.port = String(proxy.port);
  return changed.toString();
}

const until = async (isTrue: () => boolean | Promise<boolean>): Promise<void> => {
  while (!(await isTrue())) await pause(50);
};
const isAlive = (one: Running) => async () => (await one.probe('/livez')).status === 200;
const isReady = (one: Running) => async () => (await one.probe('/readyz')).status === 200;

test(
  'without their database api and worker live, say why they are not ready, and are once it is there',
  async () => {
    await postgres.set('gone');
    const [api, worker] = await Promise.all([product.spawn('api', env), product.spawn('worker', env)]);
    await Promise.all([until(isAlive(api)), until(isAlive(worker))]);
    for (const one of [api, worker]) {
      const { status, parts: checks } = await one.probe('/readyz');
      const trouble = 'Postgres cannot be reached (ECONNREFUSED): check DATABASE_URL';
      expect([status, checks['postgres']]).toMatchObject([503, { state: 'down', detail: trouble }]);
      await until(() => one.said().includes(trouble));
    }
    const refused = await fetch(`${api.url}/api/sign-in/challenges`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ email: 'ada@example.org' }),
    });
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([503, '5']);
    expect(await refused.json()).toMatchObject({ code: 'database-away' });

    await postgres.set('open');
    await Promise.all([until(isReady(api)), until(isReady(worker))]);
    expect(await Promise.all([api.server.end(), worker.server.end()])).toEqual([0, 0]);
  },
  PATIENCE_MS,
);

test(
  'a Redis that has gone silent makes the api degraded, holds no request, and keeps nobody from ending',
  async () => {
    const [api, worker] = await Promise.all([product.start('api', env), product.start('worker', env)]);
    await redis.set('silent');
    await until(async () => (await worker.probe('/readyz')).status === 503);
    const { status, parts: checks } = await api.probe('/readyz');
    expect([status, checks['redis']?.state]).toEqual([200, 'degraded']);
    const asked = await fetch(`${api.url}/api/sign-in/challenges`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ email: 'eve@example.org' }),
    });
    expect(asked.status).toBe(202);
    // Who still waits when its time is over ends with 1.
    expect(await Promise.all([api.server.end(), worker.server.end()])).toEqual([0, 0]);
    await redis.set('open');
  },
  PATIENCE_MS,
);

test('a connection whose server has gone silent is given up, and the next query takes another one', async () => {
  const source = await createDataSource({
    url: through(postgres, db.url),
    poolMax: 1,
    applicationName: 'scani-silent',
    queryLimitMs: 500,
  }).initialize();
  try {
    await source.query('select 1');
    await postgres.set('silent');
    const error: unknown = await source.query('select 1').catch((thrown: unknown) => thrown);
    expect(databaseAway(error)).toMatchObject({ code: 'database-away', status: 503 });
    await postgres.set('open');
    expect(await source.query('select 2 as two')).toEqual([{ two: 2 }]);
  } finally {
    await source.destroy();
  }
});
