import { CLOUD_LIMITS, CloudCheck, CloudClient, type CloudError, newKey } from '@scani/cloud';
import { testDatabase, type TestDatabase } from '@scani/database/testing';
import { connectRedis, type RedisClient } from '@scani/jobs';
import { testRedisUrl } from '@scani/jobs/testing';
import { day } from '@scani/money';
import { randomUUIDv7 } from 'node:crypto';
import { once } from 'node:events';
import { connect } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { ask, KEY, type Running, startDataProvider, startStage, type Stage } from './harness.js';

const START = Date.parse('2026-01-31T22:10:00Z');
const BITCOIN = {
  id: 'a',
  kind: 'crypto',
  symbol: 'BTC',
  identities: [{ provider: 'coingecko', externalId: 'bitcoin' }],
};

let db: TestDatabase;
let redis: RedisClient;
let stage: Stage;
let second: Running;
let now = START;

beforeAll(async () => {
  db = await testDatabase();
  redis = connectRedis(testRedisUrl(), 'worker');
  const settings = { CLOUD_MANAGEMENT_ENABLED: 'true', DATABASE_URL: db.url, REDIS_URL: testRedisUrl() };
  stage = await startStage({}, settings, () => now);
  second = await startDataProvider({ ...stage.world.urls, ...settings }, { now: () => new Date(now) });
});
afterAll(async () => {
  await second.close();
  await stage.close();
  redis.disconnect();
  await db.drop();
});
beforeEach(() => {
  now = START;
  stage.world.heal();
});

interface Issued {
  id: string;
  text: string;
}

async function issue(
  about: {
    scopes?: string[];
    hourly?: number;
    monthly?: number;
    ceiling?: string;
    expiresAt?: Date;
  } = {},
): Promise<Issued> {
  const { text, handle, hash } = newKey();
  const id = randomUUIDv7();
  await db.source.query(
    `insert into cloud_key (id, handle, secret_hash, name, scopes, plan, hourly_quota, monthly_quota, cost_ceiling, expires_at)
     values ($1, $2, $3, 'test', $4, 'trial', $5, $6, $7, $8)`,
    [
      id,
      handle,
      hash,
      about.scopes ?? ['prices', 'asset-search', 'mail'],
      about.hourly ?? 1_000,
      about.monthly ?? 10_000,
      about.ceiling ?? null,
      about.expiresAt ?? null,
    ],
  );
  return { id, text };
}

interface Answer {
  status: number;
  code: string | undefined;
  detail: string;
  after: string | null;
}

async function asks(key: string, path: string, body?: unknown, on: Running = stage): Promise<Answer> {
  const answer = await ask(on, path, body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) }, key);
  const said = (await answer.json().catch(() => ({}))) as { code?: string; detail?: string };
  return {
    status: answer.status,
    code: said.code,
    detail: said.detail ?? '',
    after: answer.headers.get('retry-after'),
  };
}

const search = (key: string, on?: Running): Promise<Answer> =>
  asks(key, '/v1/assets/search?query=bitcoin', undefined, on);
const prices = (key: string, count: number): Promise<Answer> =>
  asks(key, '/v1/prices/current', {
    assets: Array.from({ length: count }, (_, i) => ({ ...BITCOIN, id: String(i) })),
  });

const usageOf = async (id: string): Promise<unknown[]> =>
  (await db.source.query(
    `select day::text, route, requests::int, units::int, errors::int, trim_scale(cost)::text as cost from cloud_usage where key_id = $1
     order by day, route`,
    [id],
  )) as unknown[];

describe('who may ask', () => {
  test('an issued key opens what it was issued for, on every process, and the own key still opens all', async () => {
    const { text } = await issue();
    expect((await search(text)).status).toBe(200);
    expect((await search(text, second)).status).toBe(200);
    expect((await search(KEY)).status).toBe(200);
  });

  test('one that is made up, or changed in one character, is unknown', async () => {
    const { text } = await issue();
    const changed = text.slice(0, -1) + (text.endsWith('A') ? 'B' : 'A');
    for (const key of [newKey().text, changed, text.slice(0, -1), `${text}A`, 'scani_sk_x']) {
      expect(await search(key)).toMatchObject({ status: 401, code: 'key-unknown', after: null });
    }
  });

  test('revoked: refused by the very next request, on every process', async () => {
    const { id, text } = await issue();
    expect((await search(text, second)).status).toBe(200);
    await db.source.query('update cloud_key set revoked_at = now() where id = $1', [id]);
    for (const on of [stage, second])
      expect(await search(text, on)).toMatchObject({ status: 401, code: 'key-revoked' });
  });

  test('expired: refused from that instant on', async () => {
    const { text } = await issue({ expiresAt: new Date(START + 1_000) });
    expect((await search(text)).status).toBe(200);
    now += 1_000;
    expect(await search(text)).toMatchObject({ status: 401, code: 'key-expired' });
  });

  test('a scope that it lacks is named, and nothing is taken', async () => {
    const { id, text } = await issue({ scopes: ['mail'] });
    const answer = await search(text);
    expect(answer).toMatchObject({ status: 403, code: 'key-scope' });
    expect(answer.detail).toContain('asset-search');
    expect(await usageOf(id)).toEqual([]);
  });

  test('no route is left out of the tariff: each of them takes something or says that it takes nothing', async () => {
    const { text } = await issue({ scopes: ['previews'] });
    const free: Record<string, [number, string]> = {
      capabilities: [200, ''],
      chains: [200, ''],
      // Its own: an empty question is refused for what it is.
      previewLink: [422, 'bad-input'],
    };
    const document = (await (await ask(stage, '/v1/openapi.json', {}, undefined)).json()) as {
      paths: Record<string, Record<string, { operationId: string }>>;
    };
    for (const [path, verbs] of Object.entries(document.paths)) {
      for (const [verb, { operationId }] of Object.entries(verbs)) {
        const answer = await asks(text, path, verb === 'post' ? {} : undefined);
        const expected = free[operationId] ?? [403, 'key-scope'];
        expect([operationId, answer.status, answer.code ?? '']).toEqual([operationId, ...expected]);
        expect(answer.detail).not.toContain('Issued keys may not be used for this');
      }
    }
  });
});

test('a key for chains reads wallets, a unit for each, and says so of itself; another one does not', async () => {
  const chains = await issue({ scopes: ['chain'] });
  const other = await issue({ scopes: ['prices'] });
  const wallet = { chain: 'bitcoin', address: '1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa' };
  const offered = async (key: string): Promise<string[]> =>
    ((await (await ask(stage, '/v1/capabilities', {}, key)).json()) as { chains: string[] }).chains;
  expect((await asks(chains.text, '/v1/chains/balances/batch', { wallets: [wallet, wallet, wallet] })).status).toBe(
    200,
  );
  expect((await asks(chains.text, '/v1/chains/movements', wallet)).status).toBe(200);
  expect(await asks(other.text, '/v1/chains/movements', wallet)).toMatchObject({ status: 403, code: 'key-scope' });
  expect(await usageOf(chains.id)).toEqual([
    { day: '2026-01-31', route: 'balancesOfWallets', requests: 1, units: 3, errors: 0, cost: '0.0006' },
    { day: '2026-01-31', route: 'walletMovements', requests: 1, units: 1, errors: 0, cost: '0.0003' },
  ]);
  expect(await usageOf(other.id)).toEqual([]);
  expect([await offered(chains.text), await offered(other.text)]).toEqual([expect.arrayContaining(['bitcoin']), []]);
});

test('who hangs up while their key is looked up takes no place among the pictures that are read', async () => {
  const { text } = await issue({ scopes: ['ai'] });
  const table = db.source.createQueryRunner();
  await table.startTransaction();
  await table.query('lock table cloud_key in access exclusive mode');
  const gone = new AbortController();
  const picture = { method: 'POST', body: JSON.stringify({ picture: 'AAAA' }), signal: gone.signal };
  const left = Promise.allSettled(Array.from({ length: 60 }, () => ask(stage, '/v1/ai/screenshot', picture, text)));
  // All of them wait for the table.
  await expect.poll(waiting, { timeout: 10_000 }).toBeGreaterThan(3);
  gone.abort();
  await left;
  await table.rollbackTransaction();
  await table.release();
  for (let n = 0; n < 2; n += 1) {
    expect(await asks(text, '/v1/ai/screenshot', { picture: 'AAAA' })).toMatchObject({ code: 'picture-type' });
  }
});

test('for who hangs up while their key is looked up nobody outside is asked', async () => {
  const { text } = await issue({ scopes: ['asset-search'] });
  // Unheard of by the cache of any run.
  const [his, hers] = [randomUUIDv7(), randomUUIDv7()];
  const table = db.source.createQueryRunner();
  await table.startTransaction();
  await table.query('lock table cloud_key in access exclusive mode');
  const gone = new AbortController();
  const left = ask(stage, `/v1/assets/search?query=${his}`, { signal: gone.signal }, text).catch(() => undefined);
  await expect.poll(waiting, { timeout: 10_000 }).toBe(1);
  gone.abort();
  await left;
  stage.world.forgetRequests();
  await table.rollbackTransaction();
  await table.release();
  // Comes after it in every queue.
  expect(await asks(text, `/v1/assets/search?query=${hers}`)).toMatchObject({ status: 200 });
  const asked = stage.world.requests('coingecko').join();
  expect([asked.includes(his), asked.includes(hers)]).toEqual([false, true]);
});

test('a key that may not have pictures read is refused before its picture is taken in', async () => {
  const { text } = await issue({ scopes: ['prices'] });
  // Guards see a request only once its body is there: this one never comes.
  const answer = await begun(text);
  expect(answer).toMatch(/^HTTP\/1\.1 403 /);
  expect(answer).toContain('key-scope');
});

/** What is said to the head of a request for a picture, before any of it. */
async function begun(key: string): Promise<string> {
  const { hostname, port } = new URL(stage.url);
  const socket = connect(Number(port), hostname);
  socket.write(
    `POST /v1/ai/screenshot HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${key}\r\ncontent-type: application/json\r\ncontent-length: 1000\r\n\r\n`,
  );
  const [first] = (await once(socket, 'data')) as [Buffer];
  socket.destroy();
  return first.toString();
}

const waiting = async (): Promise<number> =>
  (
    (await db.source.query(
      `select count(*)::int as waiting from pg_locks where not granted and relation = 'cloud_key'::regclass`,
    )) as { waiting: number }[]
  )[0]?.waiting ?? 0;

describe('quotas', () => {
  test('a batch costs what it asks for, and what does not fit is refused whole', async () => {
    const { id, text } = await issue({ hourly: 10 });
    expect((await prices(text, 8)).status).toBe(200);
    const refused = await prices(text, 3);
    expect(refused).toMatchObject({ status: 429, code: 'over-hourly-quota', after: String(50 * 60) });
    expect(refused.detail).toContain('used 8 of its 10 units');
    expect((await prices(text, 2)).status).toBe(200);
    expect(await usageOf(id)).toEqual([
      { day: '2026-01-31', route: 'currentPrices', requests: 2, units: 10, errors: 0, cost: '0.0001' },
    ]);
    now += 50 * 60_000;
    expect((await prices(text, 10)).status).toBe(200);
  });

  test('history costs a unit per year that is begun', async () => {
    const { id, text } = await issue();
    const history = (from: string, to: string) => asks(text, '/v1/prices/history', { asset: BITCOIN, from, to });
    expect((await history('2024-06-01', '2026-01-30')).status).toBe(200);
    expect((await history('2026-01-30', '2026-01-30')).status).toBe(200);
    expect(await usageOf(id)).toMatchObject([{ route: 'priceHistory', requests: 2, units: 3, cost: '0.00015' }]);
  });

  test('the month is a calendar month in UTC, and begins anew with it', async () => {
    const { text } = await issue({ monthly: 2 });
    expect((await search(text)).status).toBe(200);
    expect((await search(text)).status).toBe(200);
    expect(await search(text)).toMatchObject({
      status: 429,
      code: 'over-monthly-quota',
      after: String((Date.parse('2026-02-01T00:00:00Z') - START) / 1_000),
    });
    now = Date.parse('2026-02-01T00:00:00Z');
    expect((await search(text)).status).toBe(200);
  });

  test('the cost ceiling is never passed, and says until when', async () => {
    const { id, text } = await issue({ ceiling: '0.00025' });
    expect((await search(text)).status).toBe(200);
    expect((await search(text)).status).toBe(200);
    const refused = await search(text);
    expect(refused).toMatchObject({ status: 402, code: 'over-cost-ceiling' });
    expect(Number(refused.after)).toBe((Date.parse('2026-02-01T00:00:00Z') - START) / 1_000);
    await db.source.query('update cloud_key set cost_ceiling = 1 where id = $1', [id]);
    expect((await search(text)).status).toBe(200);
  });

  test('what we cannot answer is given back, what the caller got wrong is not', async () => {
    const { id, text } = await issue({ hourly: 5 });
    const mail = { template: 'sign-in', to: 'ann@example.org', data: {} };
    for (let n = 0; n < 3; n++) expect((await asks(text, '/v1/mail', mail)).status).toBe(422);
    mail.data = { link: 'https://x.example/', code: '123456', linkMinutes: 15, codeMinutes: 5 };
    for (let n = 0; n < 4; n++) expect((await asks(text, '/v1/mail', mail)).status).toBe(503);
    expect(await usageOf(id)).toMatchObject([{ route: 'sendMail', requests: 7, units: 3, errors: 7, cost: '0.0015' }]);
    expect((await prices(text, 2)).status).toBe(200);
    expect((await prices(text, 1)).status).toBe(429);
  });

  test('a Redis that has lost everything is told what the month has used', async () => {
    const { id, text } = await issue({ monthly: 5 });
    expect((await prices(text, 4)).status).toBe(200);
    for (const key of await redis.keys(`*${id}*`)) await redis.del(key);
    expect(await prices(text, 2)).toMatchObject({ status: 429, code: 'over-monthly-quota' });
    expect((await prices(text, 1)).status).toBe(200);
  });
});

describe('what the other side hears', () => {
  const clientOf = (apiKey: string): CloudClient =>
    new CloudClient({ url: stage.url, apiKey }, { ...CLOUD_LIMITS, attempts: 1 });
  const failureOf = (call: Promise<unknown>): Promise<CloudError> =>
    call.then(
      () => expect.unreachable('the call should have failed'),
      (error: CloudError) => error,
    );
  const healthOf = async (key: string): Promise<string | undefined> =>
    (await new CloudCheck(clientOf(key)).check()).detail;

  test('each refusal is an error of its own, and the health page says which', async () => {
    const { id, text } = await issue({ hourly: 1 });
    const client = clientOf(text);
    await client.searchAssets('bitcoin');
    expect(await failureOf(client.searchAssets('bitcoin'))).toMatchObject({
      code: 'limited',
      problem: 'over-hourly-quota',
      retryAfterSeconds: 3_000,
    });
    expect(await healthOf(text)).toMatch(/^over-hourly-quota: all 1 units of this hour are used/);
    await db.source.query('update cloud_key set monthly_quota = 1 where id = $1', [id]);
    expect(await healthOf(text)).toMatch(/^over-monthly-quota/);
    await db.source.query('update cloud_key set cost_ceiling = 0.0001 where id = $1', [id]);
    expect(await failureOf(client.searchAssets('bitcoin'))).toMatchObject({
      code: 'limited',
      problem: 'over-cost-ceiling',
    });
    expect(await healthOf(text)).toMatch(/^over-cost-ceiling/);
    await db.source.query('update cloud_key set expires_at = $2 where id = $1', [id, new Date(START)]);
    expect(await failureOf(client.searchAssets('x'))).toMatchObject({ code: 'unauthorized', problem: 'key-expired' });
    expect(await healthOf(text)).toMatch(/^key-expired: /);
    await db.source.query('update cloud_key set revoked_at = now() where id = $1', [id]);
    expect(await failureOf(client.searchAssets('x'))).toMatchObject({ code: 'unauthorized', problem: 'key-revoked' });
    expect(await healthOf(text)).toMatch(/^key-revoked: /);
    const narrow = await issue({ scopes: ['prices'] });
    expect(await failureOf(clientOf(narrow.text).searchAssets('x'))).toMatchObject({
      code: 'forbidden',
      problem: 'key-scope',
    });
    expect(await healthOf(narrow.text)).toMatch(/^key-scope: .*asset-search, mail/);
  });

  test('a key can ask how much is left of it, also when nothing is', async () => {
    const { text } = await issue({ hourly: 3, ceiling: '2.50' });
    const client = clientOf(text);
    await client.priceHistory(BITCOIN as never, day('2025-12-30'), day('2025-12-31'));
    await client.searchAssets('a');
    await client.searchAssets('b');
    expect((await client.capabilities()).key).toEqual({
      name: 'test',
      plan: 'trial',
      scopes: ['prices', 'asset-search', 'mail'],
      expiresAt: null,
      hour: { quota: 3, used: 3, resetsAt: '2026-01-31T23:00:00.000Z' },
      month: { quota: 10_000, used: 3, resetsAt: '2026-02-01T00:00:00.000Z' },
      cost: { ceiling: '2.5', used: '0.00025' },
    });
  });
});

describe('while a part is away', () => {
  const nowhere = '127.0.0.1:9';
  const readiness = async (running: Running): Promise<unknown> => {
    const answer = await fetch(`${running.url}/readyz`);
    const { details } = (await answer.json()) as { details: Record<string, { state: string }> };
    return [answer.status, details['postgres']?.state, details['redis']?.state];
  };

  test.each([
    ['Postgres', { DATABASE_URL: `postgres://scani@${nowhere}/scani` }, 'database-away', [503, 'down', 'ok']],
    ['Redis', { REDIS_URL: `redis://${nowhere}` }, 'quota-away', [200, 'ok', 'degraded']],
  ])(
    'without %s no issued key is served, the own one is, and readiness says which',
    async (_part, away, code, state) => {
      const { text } = await issue();
      const lost = await startDataProvider({
        ...stage.world.urls,
        CLOUD_MANAGEMENT_ENABLED: 'true',
        DATABASE_URL: db.url,
        REDIS_URL: testRedisUrl(),
        ...away,
      });
      expect(await search(text, lost)).toMatchObject({ status: 503, code, after: '5' });
      expect((await search(KEY, lost)).status).toBe(200);
      expect(await readiness(lost)).toEqual(state);
      await lost.close();
    },
  );
});
