import { forEgress, noteEgress } from '@scani/runtime';
import { once } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { EgressWriter, readEgress, takeEgress } from './egress.stream.js';
import { connectRedis, type RedisClient } from './redis.js';
import { testRedisUrl } from './testing/test-redis.js';

let redis: RedisClient;
let writer: EgressWriter | undefined;
beforeEach(async () => {
  redis = connectRedis(testRedisUrl(), 'worker');
  await redis.flushdb();
});
afterEach(async () => {
  await writer?.close();
  writer = undefined;
  redis.disconnect();
});

const call = (host: string): void =>
  noteEgress({ at: new Date(), host, status: 200, sentBytes: 1, receivedBytes: 2, ms: 3 });

test('what was noted is written by the end of the process at the latest, in order, with whose it was', async () => {
  writer = new EgressWriter('worker', redis);
  forEgress({ userId: 'ann', purpose: 'prices' }, () => call('one.example'));
  call('two.example');
  await writer.close();
  call('after.example');
  const entries = await readEgress(redis);
  expect(entries).toMatchObject([
    { process: 'worker', host: 'one.example', userId: 'ann', purpose: 'prices', key: null, cost: null },
    { process: 'worker', host: 'two.example', userId: null, purpose: 'other' },
  ]);
  await takeEgress(redis, entries.slice(0, 1));
  expect((await readEgress(redis)).map(({ host }) => host)).toEqual(['two.example']);
});

test('work within work goes on with what is known of it', async () => {
  writer = new EgressWriter('api', redis);
  await forEgress({ userId: 'ann' }, async () => {
    await Promise.resolve();
    forEgress({ purpose: 'mail' }, () => call('inner.example'));
    call('outer.example');
  });
  await writer.close();
  expect(await readEgress(redis)).toMatchObject([
    { host: 'inner.example', userId: 'ann', purpose: 'mail' },
    { host: 'outer.example', userId: 'ann', purpose: 'other' },
  ]);
});

test('while Redis is away calls are held, up to a bound, and written when it is back', async () => {
  writer = new EgressWriter('worker', redis);
  redis.disconnect();
  await once(redis, 'end');
  for (let n = 0; n < 10_050; n += 1) call(`h${n}.example`);
  await pause(700);
  await redis.connect();
  await writer.close();
  let seen = 0;
  for (let entries = await readEgress(redis); entries.length > 0; entries = await readEgress(redis)) {
    seen += entries.length;
    await takeEgress(redis, entries);
  }
  expect(seen).toBe(10_000);
});
