import { connectRedis, type RedisClient } from '@scani/jobs';
import { testRedisUrl } from '@scani/jobs/testing';
import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { SharedCache } from '../src/shared/shared-cache.js';
import { post, type Running, startDataProvider } from './harness.js';
// eslint-disable-next-line @nx/enforce-module-boundaries
import { type OutsideWorld, startOutsideWorld } from '../../../tools/outside-world/server.ts';

let world: OutsideWorld;
let redis: RedisClient;
const running: Running[] = [];

beforeEach(async () => {
  world = await startOutsideWorld();
  redis = connectRedis(testRedisUrl(), 'worker');
  await redis.flushdb();
});
afterEach(async () => {
  await Promise.all(running.splice(0).map((one) => one.close()));
  redis.disconnect();
  await world.close();
});

/** Each with a memory of its own, as two pods have. */
async function two(settings: Record<string, string> = {}): Promise<[Running, Running]> {
  const one = (): Promise<Running> =>
    startDataProvider(
      { ...world.urls, REDIS_URL: testRedisUrl(), ...settings },
      { policy: { maxWaitMs: 500, attempts: 1 } },
    );
  const [first, second] = await Promise.all([one(), one()]);
  running.push(first, second);
  for (const each of [first, second]) while ((await readiness(each))['redis']?.state !== 'ok') await pause(20);
  return [first, second];
}

const readiness = async (one: Running): Promise<Record<string, { state: string; sources?: unknown }>> => {
  const answer = (await (await fetch(`${one.url}/readyz`)).json()) as { details: Record<string, { state: string }> };
  return answer.details;
};

const priced = async (one: Running, symbol: string): Promise<{ prices: unknown[]; problems: { detail: string }[] }> => {
  const asset = { id: '0', kind: 'fiat', symbol, identities: [] };
  const answer = await post(one, '/v1/prices/current', { assets: [asset] });
  return (await answer.json()) as { prices: unknown[]; problems: { detail: string }[] };
};

test('what one process has learned, another need not ask', async () => {
  const [first, second] = await two();
  const learned = await priced(first, 'CHF');
  const asked = world.requests('frankfurter').length;
  expect(asked).toBeGreaterThan(0);
  expect(await priced(second, 'CHF')).toEqual(learned);
  const history = {
    asset: { id: '0', kind: 'fiat', symbol: 'CHF', identities: [] },
    from: '2026-01-01',
    to: '2026-02-01',
  };
  const told: unknown = await (await post(first, '/v1/prices/history', history)).json();
  const then = world.requests('frankfurter').length;
  expect(then).toBeGreaterThan(asked);
  expect(await (await post(second, '/v1/prices/history', history)).json()).toEqual(told);
  expect(world.requests('frankfurter')).toHaveLength(then);
});

test('a service is asked as often as it may be, however many processes there are', async () => {
  const few = { FRANKFURTER_PER_MINUTE: '3', ECB_PER_MINUTE: '3', YAHOO_PER_MINUTE: '1' };
  const both = await two(few);
  const symbols = ['CHF', 'GBP', 'SEK', 'NOK', 'PLN', 'CZK', 'HUF', 'DKK'];
  const answers = await Promise.all(symbols.map((symbol, at) => priced(both[at % 2] as Running, symbol)));
  expect(world.requests('frankfurter')).toHaveLength(3);
  expect(world.requests('ecb')).toHaveLength(3);
  expect(world.requests('yahoo')).toHaveLength(1);
  const left = answers.flatMap(({ problems }) => problems);
  expect(left).toHaveLength(1);
  for (const { detail } of left) expect(detail).toContain('its budget of requests is used up');
});

test('told by a service to leave it alone, none of them asks it again', async () => {
  const [first, second] = await two();
  world.fail({ service: 'frankfurter', kind: 'status', status: 429, retryAfterSeconds: 60, times: 1 });
  await priced(first, 'CHF');
  expect(world.requests('frankfurter')).toHaveLength(1);
  await priced(second, 'GBP');
  expect(world.requests('frankfurter')).toHaveLength(1);
  expect(world.requests('ecb').length).toBeGreaterThan(0);
});

test('while Redis is away each is on its own, and says so', async () => {
  const gone = await startDataProvider({ ...world.urls, REDIS_URL: 'redis://127.0.0.1:1' });
  running.push(gone);
  expect((await priced(gone, 'CHF')).prices).toHaveLength(1);
  expect((await readiness(gone))['redis']).toMatchObject({ state: 'degraded' });
});

test('the shared cache takes no more room than it may: what ends soonest goes first', async () => {
  const text = 'x'.repeat(1_000);
  const cache = new SharedCache<{ text: string }>('test', { own: 1, shared: 10_500 }, redis);
  for (let n = 0; n < 30; n += 1) await cache.keep([{ key: `k${n}`, value: { text }, ttlMs: 60_000 + n * 1_000 }]);
  const other = new SharedCache<{ text: string }>('test', { own: 100_000, shared: 10_500 }, redis);
  const left = [...(await other.many(Array.from({ length: 30 }, (_, n) => `k${n}`))).keys()];
  expect(left).toEqual(['k20', 'k21', 'k22', 'k23', 'k24', 'k25', 'k26', 'k27', 'k28', 'k29'].slice(-left.length));
  expect(left.length).toBeGreaterThanOrEqual(9);
  // The same key again takes the room of what it replaces.
  for (let n = 0; n < 50; n += 1) await cache.keep([{ key: 'k29', value: { text }, ttlMs: 120_000 }]);
  expect((await other.many(left)).size).toBe(left.length);
});

test('what has ended is not told, and goes', async () => {
  let now = Date.now();
  const cache = new SharedCache<{ n: number }>('ends', { own: 1_000, shared: 1_000 }, redis, () => now);
  await cache.keep([
    { key: 'soon', value: { n: 1 }, ttlMs: 1_000 },
    { key: 'late', value: { n: 2 }, ttlMs: 9_000 },
    { key: 'never', value: { n: 3 }, ttlMs: 0 },
  ]);
  now += 2_000;
  expect(await cache.many(['soon', 'late', 'never'])).toEqual(new Map([['late', { n: 2 }]]));
  await cache.keep([{ key: 'more', value: { n: 4 }, ttlMs: 1_000 }]);
  expect((await redis.hkeys('{scani}:cache:ends:values')).sort()).toEqual(['late', 'more']);
});
