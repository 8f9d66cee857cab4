/* eslint-disable @nx/enforce-module-boundaries -- the outside world is a tool */
import { newKey } from '@scani/cloud';
import { rowsOf } from '@scani/database';
import { connectRedis, JobQueue, readEgress } from '@scani/jobs';
import { testRedisUrl } from '@scani/jobs/testing';
import { refreshPrices } from '@scani/market';
import { EgressCollector } from '@scani/operations';
import { randomUUIDv7 } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { type OutsideWorld, startOutsideWorld } from '../../../tools/outside-world/server.ts';
import { Person, testApi, type TestApi } from './harness.js';
import { Processes } from './processes.js';

interface Egress {
  id: string;
  process: string;
  host: string;
  own: boolean;
  purpose: string;
  status: number | null;
  sentBytes: number;
  receivedBytes: number;
  whom: string | null;
  cost: string | null;
}
interface Summary {
  totals: { calls: number; failed: number; sentBytes: number; cost: string | null };
  items: {
    process: string;
    host: string;
    purpose: string;
    calls: number;
    failed: number;
    mine: boolean;
    own: boolean;
  }[];
}

const KEY = 'key-of-this-house-0123456789';
const PATIENCE_MS = 120_000;
const processes = new Processes({ LOG_LEVEL: 'debug', LOG_ID_PEPPER: 'a-pepper-for-the-tests' });
const issued = newKey();
const issuedId = randomUUIDv7();
let world: OutsideWorld;
let dataProvider: string;
let api: TestApi;
let admin: Person;
let ann: Person;
let bob: Person;

beforeAll(async () => {
  processes.build('apps/api', 'apps/worker', 'apps/data-provider');
  world = await startOutsideWorld();
  const cloud = await startDataProvider();
  dataProvider = new URL(cloud).host;
  api = await testApi({ SCANI_CLOUD_URL: cloud, SCANI_CLOUD_API_KEY: KEY });
  [admin, ann, bob] = [await api.signedIn(), await api.signedIn(), await api.signedIn()];
  await processes.start('worker', {
    DATABASE_URL: api.db.url,
    REDIS_URL: testRedisUrl(),
    SCANI_CLOUD_URL: cloud,
    SCANI_CLOUD_API_KEY: KEY,
    ENCRYPTION_KEY: 'ab'.repeat(32),
  });
}, PATIENCE_MS);
afterAll(async () => {
  await processes.stop();
  await api.close();
  await world.close();
});
beforeEach(() => world.heal());

const startDataProvider = (): Promise<string> =>
  processes.start('data-provider', { ...world.urls, DATA_PROVIDER_API_KEY: KEY, REDIS_URL: testRedisUrl() });

const listOf = async (person: Person, query = ''): Promise<Egress[]> =>
  (await person.get<{ items: Egress[] }>(`/api/egress?limit=200${query}`)).body.items;
const allOf = async (query = ''): Promise<Egress[]> =>
  (await admin.get<{ items: Egress[] }>(`/api/admin/egress?limit=200${query}`)).body.items;

/** What left is kept a moment later. */
async function until<T>(look: () => Promise<T>, enough: (seen: T) => boolean): Promise<T> {
  for (;;) {
    const seen = await look();
    if (enough(seen)) return seen;
    await pause(100);
  }
}

test('a search of hers is seen by her and by admins, with its way through all processes, and by nobody else as hers', async () => {
  await ann.get('/api/asset-search?query=silver-horse-0815');
  const hers = await until(
    () => listOf(ann, '&purpose=asset-search'),
    (seen) => seen.length >= 3,
  );
  expect(hers.filter(({ process }) => process === 'api')).toMatchObject([
    { host: dataProvider, status: 200, whom: expect.stringMatching(/^id:[0-9a-f]{12}$/) as string, cost: null },
  ]);
  const outside = hers.filter(({ process }) => process === 'data-provider');
  // Whom it is for is not known there.
  for (const one of outside) expect(one).toMatchObject({ host: new URL(world.url).host, whom: null });
  for (const one of hers) expect([one.sentBytes > 0, one.receivedBytes > 0]).toEqual([true, true]);

  const his = await listOf(bob, '&purpose=asset-search');
  expect(his.map(({ process }) => process)).toEqual(outside.map(() => 'data-provider'));
  expect((await allOf('&purpose=asset-search')).map(({ id }) => id)).toEqual(hers.map(({ id }) => id));
  const mine = async (person: Person): Promise<unknown> =>
    (await person.get<Summary>('/api/egress/summary')).body.items
      .filter(({ purpose }) => purpose === 'asset-search')
      .map(({ process, mine: own }) => [process, own])
      .toSorted();
  expect(await mine(ann)).toEqual([
    ['api', true],
    ['data-provider', false],
  ]);
  expect(await mine(bob)).toEqual([['data-provider', false]]);
});

test('nothing of what was said is kept', async () => {
  const rows = await rowsOf(api.db.source, 'select * from egress');
  expect(rows.length).toBeGreaterThan(0);
  expect(JSON.stringify(rows)).not.toContain('silver-horse');
  expect(JSON.stringify(rows)).not.toContain('query=');
});

test('what the worker asks for everybody is for everybody; a call that fails says so', async () => {
  await api.db.source.query(
    `insert into price_watch (asset_id, wanted_from) select id, current_date - 5 from asset where symbol = 'CHF'`,
  );
  world.fail({ service: 'frankfurter', kind: 'status', status: 503 });
  await new JobQueue().ask(api.db.source, refreshPrices, {});
  const seen = await until(
    () => listOf(bob, '&purpose=prices'),
    (calls) => calls.some(({ process }) => process === 'worker') && calls.some(({ status }) => status === 503),
  );
  expect(seen.find(({ process }) => process === 'worker')).toMatchObject({
    host: dataProvider,
    whom: null,
    status: 200,
  });
  const { body } = await admin.get<Summary>('/api/admin/egress/summary?days=1');
  const failed = body.items.find(({ process, purpose }) => process === 'data-provider' && purpose === 'prices');
  expect(failed?.failed).toBeGreaterThanOrEqual(2);
  const away = body.items.filter(({ own }) => !own);
  expect(away.map(({ process }) => process)).toContain('data-provider');
  expect(away.map(({ process }) => process)).not.toContain('worker');
  expect(body.totals.failed).toBe(away.reduce((sum, item) => sum + item.failed, 0));
  expect(body.totals.calls).toBe((await allOf()).filter(({ own }) => !own).length);
});

test('an issued key is named by a pseudonym, and what a hosted data-provider charges is kept with the call', async () => {
  await api.db.source.query(
    `insert into cloud_key (id, handle, secret_hash, name, scopes, plan, hourly_quota, monthly_quota)
     values ($1, $2, $3, 'a customer', '{prices,asset-search}', 'trial', 10000, 10000)`,
    [issuedId, issued.handle, issued.hash],
  );
  const hosted = await processes.start('data-provider', {
    ...world.urls,
    DATA_PROVIDER_API_KEY: KEY,
    REDIS_URL: testRedisUrl(),
    DATABASE_URL: api.db.url,
    CLOUD_MANAGEMENT_ENABLED: 'true',
  });
  await (await atCustomer(hosted)).get('/api/asset-search?query=another-word');
  const seen = await until(
    allOf,
    (calls) => calls.some(({ whom }) => whom?.startsWith('key:')) && calls.some(({ cost }) => cost !== null),
  );
  const calls = seen.filter(({ whom }) => whom?.startsWith('key:'));
  for (const call of calls) {
    expect(call).toMatchObject({ process: 'data-provider', purpose: 'asset-search' });
    expect(call.whom).toMatch(/^key:[0-9a-f]{12}$/);
  }
  expect(JSON.stringify(seen)).not.toContain(issuedId);
  expect(seen.filter(({ cost }) => cost !== null)).toMatchObject([
    { process: 'api', host: new URL(hosted).host, cost: '0.0001' },
  ]);
  // Ann has nothing to do with that customer.
  const ids = new Set(calls.map(({ id }) => id));
  expect((await listOf(ann)).filter(({ id }) => ids.has(id))).toEqual([]);
  const counted = (summary: Summary): number =>
    summary.items
      .filter(({ process, purpose }) => process === 'data-provider' && purpose === 'asset-search')
      .reduce((sum, item) => sum + item.calls, 0);
  const hers = counted((await ann.get<Summary>('/api/egress/summary')).body);
  const everything = counted((await admin.get<Summary>('/api/admin/egress/summary')).body);
  expect(hers).toBe(everything - calls.length);
});

test('pages that somebody had looked at are for admins alone; nobody sees calls of an erased person', async () => {
  const carl = await api.signedIn();
  const { id } = (await carl.get<{ id: string }>('/api/me')).body;
  await api.db.source.query(
    `insert into egress (id, at, process, host, purpose, sent_bytes, received_bytes, ms, user_id) values
       ('0-1', now(), 'data-provider', 'carls-doctor.example', 'previews', 1, 1, 1, null),
       ('0-2', now(), 'worker', 'carls-bank.example', 'other', 1, 1, 1, $1)`,
    [id],
  );
  const seenBy = async (person: Person): Promise<string> =>
    JSON.stringify([await listOf(person), (await person.get('/api/egress/summary')).body]);
  expect(await seenBy(carl)).toContain('carls-bank');
  expect(JSON.stringify(await allOf())).toContain('carls-doctor');
  await api.db.source.query('delete from users where id = $1', [id]);
  for (const person of [ann, bob, admin]) expect(await seenBy(person)).not.toContain('carls-');
});

/** Bob at an installation whose data-provider is hosted elsewhere; both sides happen to have one Redis here. */
async function atCustomer(hosted: string): Promise<Person> {
  const url = await processes.start('api', {
    DATABASE_URL: api.db.url,
    REDIS_URL: testRedisUrl(),
    SCANI_CLOUD_URL: hosted,
    SCANI_CLOUD_API_KEY: issued.text,
    BETTER_AUTH_SECRET: 'a-secret-for-the-tests-of-32-chars',
    ENCRYPTION_KEY: 'ab'.repeat(32),
    FRONTEND_URL: 'http://scani.test',
  });
  const person = new Person(url);
  person.cookie = bob.cookie;
  return person;
}

test('pages and filters', async () => {
  const all = await allOf();
  const paged: string[] = [];
  for (let cursor: string | null = ''; cursor !== null;) {
    const answer: { body: { items: Egress[]; nextCursor: string | null } } = await admin.get(
      `/api/admin/egress?limit=2${cursor && `&cursor=${cursor}`}`,
    );
    paged.push(...answer.body.items.map(({ id }) => id));
    cursor = answer.body.nextCursor;
  }
  expect(paged).toEqual(all.map(({ id }) => id));
  expect((await allOf('&process=worker')).every(({ process }) => process === 'worker')).toBe(true);
  expect(await allOf('&host=nowhere.example')).toEqual([]);
  for (const [query, pointer] of [
    ['days=0', '/days'],
    ['days=400', '/days'],
  ] as const) {
    const answer = await admin.get(`/api/admin/egress/summary?${query}`);
    expect([answer.status, answer.body]).toMatchObject([422, { errors: [{ pointer }] }]);
  }
});

test('admins alone see what others have called', async () => {
  for (const path of ['/api/admin/egress', '/api/admin/egress/summary']) expect((await ann.get(path)).status).toBe(403);
});

test('a collector that is killed after it kept and before it took, or runs beside another, keeps each call once', async () => {
  const redis = connectRedis(testRedisUrl(), 'worker');
  try {
    await processes.stop();
    await pause(600);
    const before = await rowsOf<{ id: string }>(api.db.source, 'select id from egress');
    for (let n = 0; n < 1_200; n += 1) {
      const call = {
        at: new Date().toISOString(),
        process: 'worker',
        host: `h${n}.example`,
        purpose: 'prices',
        status: 200,
        sentBytes: 1,
        receivedBytes: 2,
        ms: 3,
        userId: n % 2 ? randomUUIDv7() : null,
        key: null,
        cost: '0.000000000001',
      };
      await redis.xadd('{scani}:egress', '*', 'call', JSON.stringify(call));
    }
    const waiting = (await redis.xlen('{scani}:egress')) - 1_200;
    const read = await readEgress(redis);
    const collector = new EgressCollector(api.db.source, redis);
    // Kept, not taken.
    await collector.keep(read);
    await Promise.all([collector.collect(), new EgressCollector(api.db.source, redis).collect()]);
    const after = await rowsOf<{ calls: number }>(api.db.source, 'select count(*)::int as calls from egress');
    // Half of them were for people who are not there any more.
    expect(after[0]?.calls).toBe(before.length + waiting + 600);
    expect(await redis.xlen('{scani}:egress')).toBe(0);
    // More hosts than the summary has room for: its totals are of all of them.
    const { body } = await admin.get<Summary>('/api/admin/egress/summary');
    expect(body.items.length).toBeLessThan(600);
    const away = await rowsOf<{ calls: number }>(
      api.db.source,
      `select count(*)::int as calls from egress where process = 'data-provider' or host <> $1`,
      [dataProvider],
    );
    expect(body.totals.calls).toBe(away[0]?.calls);
  } finally {
    redis.disconnect();
  }
});
