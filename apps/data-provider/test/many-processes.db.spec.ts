import { newKey } from '@scani/cloud';
import { testDatabase, type TestDatabase } from '@scani/database/testing';
import { testRedisUrl } from '@scani/jobs/testing';
import { randomUUIDv7 } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
// The processes as they are deployed are started in one way, wherever they are tested.
// eslint-disable-next-line @nx/enforce-module-boundaries
import { Processes } from '../../api/test/processes.js';
// eslint-disable-next-line @nx/enforce-module-boundaries
import { type OutsideWorld, startOutsideWorld } from '../../../tools/outside-world/server.ts';

const OWN_KEY = 'key-of-this-house-0123456789';
let db: TestDatabase;
let world: OutsideWorld;
let processes: Processes;
let urls: string[];

beforeAll(async () => {
  db = await testDatabase();
  world = await startOutsideWorld();
  processes = new Processes({
    ...world.urls,
    CLOUD_MANAGEMENT_ENABLED: 'true',
    DATABASE_URL: db.url,
    REDIS_URL: testRedisUrl(),
    DATA_PROVIDER_API_KEY: OWN_KEY,
    LOG_ID_PEPPER: 'a-pepper-for-the-tests',
    LOG_LEVEL: 'trace',
    COINGECKO_PER_MINUTE: '10000',
    YAHOO_PER_MINUTE: '10000',
  });
  processes.build('apps/data-provider');
  urls = [];
  for (let n = 0; n < 3; n++) urls.push(await processes.start('data-provider', {}));
  for (const url of urls) while (!(await fetch(`${url}/readyz`)).ok);
}, 120_000);
afterAll(async () => {
  await processes.stop();
  await world.close();
  await db.drop();
});

async function issue(hourly: number, monthly: number, ceiling: string | null): Promise<{ id: string; text: string }> {
  const { text, handle, hash } = newKey();
  const id = randomUUIDv7();
  await db.source.query(
    `insert into cloud_key (id, handle, secret_hash, name, scopes, plan, hourly_quota, monthly_quota, cost_ceiling)
     values ($1, $2, $3, 'test', '{asset-search}', 'trial', $4, $5, $6)`,
    [id, handle, hash, hourly, monthly, ceiling],
  );
  return { id, text };
}

const search = async (url: string, key: string): Promise<string> => {
  const answer = await fetch(`${url}/v1/assets/search?query=bitcoin`, { headers: { authorization: `Bearer ${key}` } });
  const body = (await answer.json()) as { code?: string };
  return answer.ok ? 'ok' : (body.code ?? String(answer.status));
};

const usageOf = async (id: string): Promise<unknown> =>
  (await db.source.query(
    `select sum(requests)::int as requests, sum(units)::int as units from cloud_usage where key_id = $1`,
    [id],
  )) as unknown;

/** How often each word is there. */
const tally = (words: readonly string[]): Record<string, number> =>
  Object.fromEntries([...Map.groupBy(words, (word) => word)].map(([word, all]) => [word, all.length]));

test.each<[string, [number, number, string | null], string]>([
  ['an hour', [37, 10_000, null], 'over-hourly-quota'],
  ['a month', [10_000, 37, null], 'over-monthly-quota'],
  ['a cost ceiling', [10_000, 10_000, '0.0037'], 'over-cost-ceiling'],
])(
  '200 at once on three processes: %s lets in as many as it holds, and each is counted once',
  async (_what, limits, code) => {
    // The window must not end while they are on their way.
    while (Date.now() % 3_600_000 > 3_590_000) await new Promise((resolve) => setTimeout(resolve, 500));
    const { id, text } = await issue(...limits);
    const answers = await Promise.all(Array.from({ length: 200 }, (_, n) => search(urls[n % 3] ?? '', text)));
    expect(tally(answers)).toEqual({ ok: 37, [code]: 163 });
    expect(await usageOf(id)).toEqual([{ requests: 37, units: 37 }]);
  },
);

test('a key that is revoked while it is used is refused by every request that begins afterwards', async () => {
  const { id, text } = await issue(100_000, 100_000, null);
  let revoked = false;
  const late: string[] = [];
  const before: string[] = [];
  const hammer = async (url: string): Promise<void> => {
    for (let after = 0; after < 20;) {
      const begunAfter = revoked;
      const answer = await search(url, text);
      if (begunAfter) {
        late.push(answer);
        after += 1;
      } else before.push(answer);
    }
  };
  const hammering = Promise.all(urls.map(hammer));
  while (before.length < 30) await new Promise((resolve) => setTimeout(resolve, 5));
  await db.source.query('update cloud_key set revoked_at = now() where id = $1', [id]);
  revoked = true;
  await hammering;
  expect(new Set(before.slice(0, 30))).toEqual(new Set(['ok']));
  expect(tally(late)).toEqual({ 'key-revoked': 60 });
});

test('killed while it works, a process has forgotten no request that it answered, and counted none twice', async () => {
  const { id, text } = await issue(100_000, 100_000, null);
  const victim = new Processes({ ...processes.settings });
  const url = await victim.start('data-provider', {});
  while (!(await fetch(`${url}/readyz`)).ok);
  const count = { asked: 0, answered: 0 };
  const hammer = async (): Promise<void> => {
    for (;;) {
      count.asked += 1;
      const answer = await search(url, text).catch(() => 'gone');
      if (answer === 'gone') return;
      if (answer === 'ok') count.answered += 1;
    }
  };
  const hammering = Promise.all(Array.from({ length: 8 }, hammer));
  while (count.answered < 200) await new Promise((resolve) => setTimeout(resolve, 5));
  victim.kill();
  await hammering;
  const [used] = (await usageOf(id)) as [{ requests: number; units: number }];
  expect(used.requests).toBeGreaterThanOrEqual(count.answered);
  expect(used.requests).toBeLessThanOrEqual(count.asked);
  expect(used.units).toBe(used.requests);
});

test('nothing of a key is in any log, at the finest level', async () => {
  const { text } = await issue(100, 100, null);
  await search(urls[0] ?? '', text);
  await fetch(`${urls[0]}/v1/assets/search?query=${text}`, { headers: { authorization: `Bearer ${text}x` } });
  await fetch(`${urls[0]}/v1/nothing/${text}`, { headers: { authorization: `Bearer ${text}` } });
  await fetch(`${urls[0]}/v1/mail`, {
    method: 'POST',
    headers: { authorization: `Bearer ${OWN_KEY}`, 'content-type': 'application/json' },
    body: `{"template":"${text}`,
  });
  const said = processes.said['data-provider'] ?? '';
  expect(said).toContain('/v1/assets/search');
  expect(said).not.toContain('scani_sk_');
  expect(said).not.toContain(text.slice(-43));
  expect(said).not.toContain(OWN_KEY);
});
