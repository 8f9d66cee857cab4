import { testDatabase, type TestDatabase } from '@scani/database/testing';
import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type Chain, ChainHost } from './chain.js';
import { defineJob, handle, type HandledJob } from './define-job.js';
import { EventPublisher } from './job.events.js';
import { JobHost } from './job.host.js';
import { JobQueue } from './job.queue.js';
import { connectRedis, type RedisClient } from './redis.js';
import { testRedisUrl } from './testing/test-redis.js';

type None = Record<string, never>;
const DAY_MS = 86_400_000;
const ROUND_MS = 20;
const queue = new JobQueue();
const nightly = (name: string) => defineJob<None>({ name, title: name, key: () => 'all', attempts: 1 });
const [prices, rates, links, rollup] = [nightly('prices'), nightly('rates'), nightly('links'), nightly('rollup')];
const onePart = defineJob<{ n: number }>({ name: 'one-part', title: 'Part', attempts: 1 });
const NIGHT: Chain = {
  name: 'night',
  steps: [
    { job: prices, at: '03:00', after: [] },
    { job: rates, at: '03:30', after: ['prices'] },
    { job: links, at: '03:45', after: [] },
    { job: rollup, at: '04:00', after: ['rates', 'links'] },
  ],
};

let db: TestDatabase;
let redis: RedisClient;
let told: string[];
let running: number;
let worst: number;
const stops: (() => Promise<void>)[] = [];

beforeEach(async () => {
  db = await testDatabase();
  redis = connectRedis(testRedisUrl(), 'worker');
  await redis.flushdb();
  told = [];
  running = worst = 0;
});
afterEach(async () => {
  for (const stop of stops.splice(0).toReversed()) await stop();
  redis.disconnect();
  await db.drop();
});

function doing(job: typeof prices, work: (jobId: string) => Promise<void> = async () => {}): HandledJob {
  return handle(job, async (_, { jobId }) => {
    running += 1;
    worst = Math.max(worst, job === links ? 0 : running);
    await work(jobId);
    await pause(15);
    told.push(job.name);
    running -= 1;
  });
}

function work(...jobs: HandledJob[]): void {
  const host = new JobHost({
    source: db.source,
    redis,
    events: new EventPublisher(redis),
    jobs,
    concurrency: 4,
    drainMs: 20_000,
  });
  host.start();
  stops.push(() => host.drain());
}

function clockwork(clock: () => Date): ChainHost {
  const host = new ChainHost(db.source, queue, [NIGHT], clock, ROUND_MS);
  host.start();
  stops.push(() => host.stop());
  return host;
}

const runs = async (): Promise<string[]> =>
  ((await db.source.query(`select slot, state from chain_run order by slot`)) as { slot: Date; state: string }[]).map(
    (row) => `${row.slot.toISOString().slice(0, 10)} ${row.state}`,
  );

async function until(expected: string[]): Promise<void> {
  for (;;) {
    const now = await runs();
    if (JSON.stringify(now) === JSON.stringify(expected)) return;
    await pause(30);
  }
}

async function lastRunWas(day: string): Promise<void> {
  await db.source.query(
    `insert into chain_run (chain, slot, state, finished_at) values ('night', $1, 'completed', now())`,
    [`${day}T00:00:00Z`],
  );
}

test('a new installation has nothing to catch up', async () => {
  work(doing(prices), doing(rates), doing(links), doing(rollup));
  clockwork(() => new Date('2026-03-10T12:00:00Z'));
  await until(['2026-03-10 completed']);
  expect(told).toEqual([]);
});

test('steps wait for those they depend on and for all parts of these; missed days follow each other in order', async () => {
  await lastRunWas('2026-03-07');
  work(
    doing(prices, async (jobId) => {
      for (const n of [1, 2]) await queue.ask(db.source, onePart, { n }, { partOf: jobId, delayMs: 300 });
    }),
    handle(onePart, async ({ n }) => void told.push(`part ${n}`)),
    doing(rates),
    doing(links),
    doing(rollup),
  );
  // Two workers, which must not do anything twice.
  clockwork(() => new Date('2026-03-09T12:00:00Z'));
  clockwork(() => new Date('2026-03-09T12:00:00Z'));
  await until(['2026-03-07 completed', '2026-03-08 completed', '2026-03-09 completed']);
  const chained = told.filter((one) => one !== 'links').map((one) => one.replace(/\d/, 'n'));
  const night = ['prices', 'part n', 'part n', 'rates', 'rollup'];
  expect(chained).toEqual([...night, ...night]);
  expect(told.filter((one) => one === 'links')).toHaveLength(2);
  expect(told.lastIndexOf('rollup')).toBe(told.length - 1);
  expect(worst).toBeLessThanOrEqual(2);
});

test('a step does not start before its time of day', async () => {
  await lastRunWas('2026-03-08');
  let now = new Date('2026-03-09T03:31:00Z');
  work(doing(prices), doing(rates), doing(links), doing(rollup));
  clockwork(() => now);
  while (told.length < 2) await pause(20);
  await pause(10 * ROUND_MS);
  expect(told).toEqual(['prices', 'rates']);
  now = new Date('2026-03-09T04:00:00Z');
  await until(['2026-03-08 completed', '2026-03-09 completed']);
  expect(told.slice(2)).toEqual(['links', 'rollup']);
});

test('a step that fails is said so, and the rest goes on with what is there', async () => {
  await lastRunWas('2026-03-08');
  work(
    doing(prices, () => Promise.reject(new Error('nobody answers'))),
    doing(rates),
    doing(links),
    doing(rollup),
  );
  clockwork(() => new Date('2026-03-09T12:00:00Z'));
  await until(['2026-03-08 completed', '2026-03-09 failed']);
  expect(told).toContain('rollup');
  const steps = await db.source.query(`select step, state from chain_step order by step`);
  expect(steps).toEqual([
    { step: 'links', state: 'completed' },
    { step: 'prices', state: 'failed' },
    { step: 'rates', state: 'completed' },
    { step: 'rollup', state: 'completed' },
  ]);
});

test('work that was told to come back in a month does not hold up the night', async () => {
  await lastRunWas('2026-03-08');
  const limited = Object.assign(new Error('the quota'), {
    code: 'limited',
    detail: 'Later.',
    retryAfterSeconds: 2.6e6,
  });
  work(
    doing(prices, async (jobId) => void (await queue.ask(db.source, onePart, { n: 1 }, { partOf: jobId }))),
    handle(onePart, () => Promise.reject(limited)),
    doing(rates),
    doing(links),
    doing(rollup),
  );
  clockwork(() => new Date('2026-03-09T12:00:00Z'));
  await until(['2026-03-08 completed', '2026-03-09 failed']);
  expect(told).toContain('rollup');
  expect(await db.source.query(`select state, waits from job where name = 'one-part'`)).toEqual([
    { state: 'waiting', waits: 1 },
  ]);
});

test('after a long absence only the last days are caught up', async () => {
  await lastRunWas('2025-01-01');
  work(doing(prices), doing(rates), doing(links), doing(rollup));
  const today = new Date('2026-03-09T12:00:00Z');
  clockwork(() => today);
  const days = Array.from({ length: 8 }, (_, index) => new Date(today.getTime() - (7 - index) * DAY_MS));
  await until(['2025-01-01 completed', ...days.map((day) => `${day.toISOString().slice(0, 10)} completed`)]);
});

test('a chain whose order is impossible is refused when the process starts', () => {
  const of = (steps: Chain['steps']) => () => new ChainHost(db.source, queue, [{ name: 'odd', steps }]);
  expect(of([{ job: rates, at: '03:30', after: ['prices'] }])).toThrow('rates comes after prices');
  expect(of([{ job: rates, at: '3h', after: [] }])).toThrow('not a time of day');
  expect(of([NIGHT.steps[0]!, NIGHT.steps[0]!])).toThrow('twice');
});
