import { newKey } from '@scani/cloud';
import { testDatabase, type TestDatabase } from '@scani/database/testing';
import { JobQueue } from '@scani/jobs';
import { testRedisUrl } from '@scani/jobs/testing';
import { backfillPrices } from '@scani/market';
import { randomUUIDv7 } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
// The processes as they are deployed are started in one way, wherever they are tested.
// eslint-disable-next-line @nx/enforce-module-boundaries
import { Processes } from '../../api/test/processes.js';
// eslint-disable-next-line @nx/enforce-module-boundaries
import { type OutsideWorld, startOutsideWorld } from '../../../tools/outside-world/server.ts';

const WATCHED = ['CHF', 'GBP', 'JPY', 'NOK', 'PLN', 'SEK'];
const HOURLY = 2;
/** The jobs that are asked for here; what they find asks for others. */
const asked: string[] = [];

let db: TestDatabase;
let world: OutsideWorld;
let processes: Processes;
const key = newKey();

beforeAll(async () => {
  db = await testDatabase();
  world = await startOutsideWorld();
  processes = new Processes({
    ...world.urls,
    DATABASE_URL: db.url,
    REDIS_URL: testRedisUrl(),
    CLOUD_MANAGEMENT_ENABLED: 'true',
    DATA_PROVIDER_API_KEY: 'key-of-this-house-0123456789',
    ENCRYPTION_KEY: 'ab'.repeat(32),
    LOG_ID_PEPPER: 'a-pepper-for-the-tests',
    LOG_LEVEL: 'warn',
  });
  processes.build('apps/data-provider', 'apps/worker');
  await db.source.query(
    `insert into cloud_key (id, handle, secret_hash, name, scopes, plan, hourly_quota, monthly_quota)
     values ($1, $2, $3, 'a customer', '{prices}', 'trial', ${HOURLY}, 10000)`,
    [randomUUIDv7(), key.handle, key.hash],
  );
  const url = await processes.start('data-provider', {});
  await processes.start('worker', { SCANI_CLOUD_URL: url, SCANI_CLOUD_API_KEY: key.text });
}, 120_000);
afterAll(async () => {
  await processes.stop();
  await world.close();
  await db.drop();
});

const counts = async (): Promise<Record<string, number>> => {
  const rows = (await db.source.query(
    `select case when state = 'waiting' and waits > 0 then 'told to wait' else state end as state, count(*)::int
     from job where id = any($1) group by 1`,
    [asked],
  )) as { state: string; count: number }[];
  return Object.fromEntries(rows.map(({ state, count }) => [state, count]));
};

/** What the worker asks by itself may take a part of the quota, so nobody knows which of the jobs get it. */
async function until(done: (now: Record<string, number>) => boolean): Promise<Record<string, number>> {
  for (;;) {
    const now = await counts();
    if (now['failed']) throw new Error(JSON.stringify(now));
    if (done(now)) return now;
    await pause(50);
  }
}

test('a worker whose key is over its quota waits as long as it is told, loses nothing and says why', async () => {
  // The hour must not end while it is looked at.
  while (Date.now() % 3_600_000 > 3_540_000) await pause(500);
  const queue = new JobQueue();
  for (const symbol of WATCHED) {
    const [{ id: assetId }] = (await db.source.query(
      `with asked as (select id from asset where symbol = $1 and kind = 'fiat')
       insert into price_watch (asset_id, wanted_from) select id, current_date - 20 from asked returning asset_id as id`,
      [symbol],
    )) as [{ id: string }];
    asked.push(await queue.ask(db.source, backfillPrices, { assetId }));
  }
  const { completed = 0 } = await until(
    (now) => (now['completed'] ?? 0) + (now['told to wait'] ?? 0) === WATCHED.length,
  );
  expect(completed).toBeLessThanOrEqual(HOURLY);
  const waiting = (await db.source.query(
    `select error ->> 'code' as code, error ->> 'detail' as detail, run_after > now() as later,
       run_after <= date_trunc('hour', now()) + interval '1 hour 10 seconds' as soon from job where id = any($1) and state = 'waiting'`,
    [asked],
  )) as { code: string; detail: string; later: boolean; soon: boolean }[];
  for (const one of waiting) {
    expect(one).toMatchObject({ code: 'limited', later: true, soon: true });
    expect(one.detail).toMatch(/2 of its 2 units of this hour/);
  }
  await db.source.query(`update cloud_key set hourly_quota = 10000`);
  await db.source.query(`update job set run_after = now() where state = 'waiting'`);
  await until((now) => now['completed'] === WATCHED.length);
  const [prices] = (await db.source.query(
    `select count(distinct asset_id)::int as assets from price join asset on asset.id = price.asset_id
     where asset.symbol = any($1) and granularity = 'daily'`,
    [WATCHED],
  )) as [{ assets: number }];
  expect(prices.assets).toBe(WATCHED.length);
  const [used] = (await db.source.query(
    `select requests::int, units::int from cloud_usage where route = 'priceHistory'`,
  )) as [{ requests: number; units: number }];
  expect(used.requests).toBeGreaterThanOrEqual(WATCHED.length);
  expect(used.units).toBe(used.requests);
});
