import { setTimeout as pause } from 'node:timers/promises';
import { testDatabase, type TestDatabase } from '@scani/database/testing';
import { testRedisUrl } from './testing/test-redis.js';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { defineJob, handle, type HandledJob, Unrepeatable } from './define-job.js';
import { EventPublisher } from './job.events.js';
import { JobHost } from './job.host.js';
import { JobQueue } from './job.queue.js';
import { LOST_AFTER_MS } from './job.records.js';
import { connectRedis, type RedisClient } from './redis.js';
import { ScheduleHost } from './schedule.js';

const redisUrl = testRedisUrl();
let db: TestDatabase;
let redis: RedisClient;
let hosts: JobHost[];
const queue = new JobQueue();

beforeEach(async () => {
  db = await testDatabase();
  redis = connectRedis(redisUrl, 'worker');
  await redis.flushdb();
  hosts = [];
});
afterEach(async () => {
  await Promise.all(hosts.map((host) => host.drain()));
  redis.disconnect();
  await db.drop();
});

const host = (...jobs: HandledJob[]): JobHost => hostThatDrains(20_000, ...jobs);

function hostThatDrains(drainMs: number, ...jobs: HandledJob[]): JobHost {
  const events = new EventPublisher(redis);
  const one = new JobHost({ source: db.source, redis, events, jobs, concurrency: 4, drainMs });
  hosts.push(one);
  one.start();
  return one;
}

const stateOf = async (id: string) => {
  const [row] = await db.source.query('select state, attempts, error, progress from job where id = $1', [id]);
  return row as { state: string; attempts: number; error: { code: string } | null; progress: unknown };
};

async function until(id: string, state: string): Promise<Awaited<ReturnType<typeof stateOf>>> {
  for (;;) {
    const row = await stateOf(id);
    if (row.state === state) return row;
    await pause(20);
  }
}

const add = defineJob<{ n: number; key?: string }>({
  name: 'add',
  title: 'Add',
  attempts: 3,
  firstRetryMs: 10,
  cancellable: true,
});

test('a job asked for in a transaction that rolls back is never done; a committed one is done once', async () => {
  const done: number[] = [];
  host(handle(add, async ({ n }) => void done.push(n)));
  await expect(
    db.source.transaction(async (tx) => {
      await queue.ask(tx, add, { n: 1 });
      throw new Error('no');
    }),
  ).rejects.toThrow('no');
  await until(await queue.ask(db.source, add, { n: 2 }), 'completed');
  expect(done).toEqual([2]);
});

test('no job waits for the reconciler: the queue never has one that the table does not have yet', async () => {
  host(handle(add, async () => {}));
  for (let n = 0; n < 25; n += 1) {
    const asked = Date.now();
    await until(await queue.ask(db.source, add, { n }), 'completed');
    expect(Date.now() - asked).toBeLessThan(LOST_AFTER_MS / 5);
  }
});

test('a failing job is tried again and then kept as failed; an unrepeatable failure is not tried again', async () => {
  let tries = 0;
  const hopeless = defineJob<object>({ name: 'hopeless', title: 'Hopeless', attempts: 3, firstRetryMs: 10 });
  host(
    handle(add, async () => {
      tries += 1;
      throw new Error('broken');
    }),
    handle(hopeless, async () => {
      throw new Unrepeatable('wrong-file', 'This is not a statement.');
    }),
  );
  expect(await until(await queue.ask(db.source, add, { n: 1 }), 'failed')).toMatchObject({ attempts: 3 });
  expect(tries).toBe(3);
  expect(await until(await queue.ask(db.source, hopeless, {}), 'failed')).toMatchObject({
    attempts: 1,
    error: { code: 'wrong-file' },
  });
});

test('a job that is told to come back later waits as long as it is told, and no such try counts against it', async () => {
  const limited = Object.assign(new Error('over the quota'), {
    code: 'limited',
    detail: 'Later.',
    retryAfterSeconds: 900,
  });
  const tries: number[] = [];
  let quotaLeft = false;
  host(
    handle(add, async ({ n }) => {
      tries.push(n);
      if (!quotaLeft) throw limited;
      throw new Error('broken');
    }),
  );
  const id = await queue.ask(db.source, add, { n: 1 });
  for (let n = 1; n <= 5; n += 1) {
    while (tries.length < n) await pause(10);
    await until(id, 'waiting');
    const [row] = (await db.source.query(
      `select extract(epoch from run_after - now())::int as wait, attempts, waits, error from job where id = $1`,
      [id],
    )) as [{ wait: number; attempts: number; waits: number; error: { code: string; detail: string } }];
    expect(row).toMatchObject({ attempts: n, waits: n, error: { code: 'limited', detail: 'Later.' } });
    expect(row.wait).toBeGreaterThan(890);
    expect(row.wait).toBeLessThan(910);
    if (n === 5) quotaLeft = true;
    await db.source.query('update job set run_after = now() where id = $1', [id]);
  }
  expect(await until(id, 'failed')).toMatchObject({ attempts: 8 });
});

test('a job whose other side is away looks for it now and then, and is never given up', async () => {
  const patient = defineJob<object>({ name: 'patient', title: 'Patient', attempts: 1, firstRetryMs: 60_000 });
  const away = Object.assign(new Error('nobody there'), { code: 'unreachable', detail: 'Nobody.', away: true });
  const tries: string[] = [];
  let isBack = false;
  host(
    handle(patient, async () => {
      tries.push('once');
      if (!isBack) throw away;
    }),
  );
  const id = await queue.ask(db.source, patient, {});
  for (const [at, seconds] of [60, 120, 240, 480, 900, 900].entries()) {
    while (tries.length <= at) await pause(10);
    await until(id, 'waiting');
    const [row] = (await db.source.query(
      'select extract(epoch from run_after - now())::int as wait, error from job where id = $1',
      [id],
    )) as [{ wait: number; error: object }];
    expect(row.error).toEqual({ code: 'unreachable', detail: 'Nobody.' });
    expect(row.wait).toBeGreaterThan(seconds - 10);
    expect(row.wait).toBeLessThan(seconds + 10);
    isBack = at === 5;
    await db.source.query('update job set run_after = now() where id = $1', [id]);
  }
  await until(id, 'completed');
});

test('what would be worth nothing by then is not waited for', async () => {
  const mail = defineJob<object>({ name: 'mail', title: 'Mail', attempts: 1, worthMs: 60_000 });
  const after = (retryAfterSeconds: number) =>
    Object.assign(new Error('later'), { code: 'limited', retryAfterSeconds });
  let wait = 61;
  host(
    handle(mail, async () => {
      throw after(wait);
    }),
  );
  await until(await queue.ask(db.source, mail, {}), 'failed');
  wait = 30;
  const id = await queue.ask(db.source, mail, {});
  for (let waits = 0; waits === 0;) {
    await pause(10);
    [{ waits }] = (await db.source.query('select waits from job where id = $1', [id])) as [{ waits: number }];
  }
  expect(await stateOf(id)).toMatchObject({ state: 'waiting', attempts: 1 });
});

test('two waiting jobs with one key are one, and one key never runs twice at once', async () => {
  const keyed = defineJob<{ key: string; n: number }>({ name: 'keyed', title: 'Keyed', key: ({ key }) => key });
  const first = await queue.ask(db.source, keyed, { key: 'a', n: 1 });
  expect(await queue.ask(db.source, keyed, { key: 'a', n: 2 })).toBe(first);

  let running = 0;
  let most = 0;
  const seen: number[] = [];
  host(
    handle(keyed, async ({ n }) => {
      most = Math.max(most, (running += 1));
      await pause(100);
      running -= 1;
      seen.push(n);
    }),
  );
  await until(first, 'active');
  const second = await queue.ask(db.source, keyed, { key: 'a', n: 3 });
  expect(second).not.toBe(first);
  await until(second, 'completed');
  expect({ most, seen }).toEqual({ most: 1, seen: [2, 3] });
});

test('a queue that Redis has lost is filled again from the outbox', async () => {
  const id = await queue.ask(db.source, add, { n: 1 });
  await db.source.query(`update job set state = 'queued', beat_at = now() - $1::int * interval '1 millisecond'`, [
    LOST_AFTER_MS + 1,
  ]);
  host(handle(add, async () => {}));
  await until(id, 'completed');
});

test('the run of a lost worker is taken over, and the lost one can change nothing any more', async () => {
  const id = await queue.ask(db.source, add, { n: 1 });
  await db.source.query(
    `update job set state = 'active', attempts = 1, beat_at = now() - $1::int * interval '1 millisecond'`,
    [LOST_AFTER_MS + 1],
  );
  host(handle(add, async () => {}));
  expect(await until(id, 'completed')).toMatchObject({ attempts: 2 });
});

test('a job that runs when its worker ends may finish, and is asked for again where it takes too long', async () => {
  const started = new Map<number, () => void>();
  const release = new Map<number, () => void>();
  const handled = handle(add, async ({ n }, { signal }) => {
    started.get(n)?.();
    await new Promise<void>((resolve, reject) => {
      release.set(n, resolve);
      signal.addEventListener('abort', () => reject(signal.reason as Error));
    });
  });
  const run = async (n: number, drainMs: number) => {
    const running = new Promise<void>((resolve) => started.set(n, resolve));
    const one = hostThatDrains(drainMs, handled);
    const id = await queue.ask(db.source, add, { n });
    await running;
    return { id, drained: one.drain() };
  };
  const patient = await run(1, 20_000);
  release.get(1)?.();
  await patient.drained;
  expect(await stateOf(patient.id)).toMatchObject({ state: 'completed', attempts: 1 });
  const hurried = await run(2, 0);
  await hurried.drained;
  expect(await stateOf(hurried.id)).toMatchObject({ state: 'waiting' });
});

test('draining finishes what runs, in the same attempt, and leaves the rest to others', async () => {
  const ended: number[] = [];
  const work = handle(add, async ({ n }) => {
    await pause(1_000);
    ended.push(n);
  });
  const one = host(work);
  const first = await queue.ask(db.source, add, { n: 1 });
  await until(first, 'active');
  const drained = one.drain();
  const second = await queue.ask(db.source, add, { n: 2 });
  await drained;
  expect(await stateOf(first)).toMatchObject({ state: 'completed', attempts: 1 });
  expect(await stateOf(second)).toMatchObject({ attempts: 0 });
  expect(ended).toEqual([1]);
  host(work);
  await until(second, 'completed');
});

test('progress is kept, and a person can cancel between two steps', async () => {
  host(
    handle(add, async (_payload, context) => {
      for (let done = 0; ; done += 1) {
        await context.progress({ done, total: null, unit: 'rows', message: null });
        await pause(10);
      }
    }),
  );
  const id = await queue.ask(db.source, add, { n: 1 });
  await until(id, 'active');
  await db.source.query('update job set cancel_wanted = true where id = $1', [id]);
  expect(await until(id, 'cancelled')).toMatchObject({ progress: { unit: 'rows' } });
});

test('a slot of a schedule asks once, however many workers hear the tick', async () => {
  const nightly = defineJob<Record<string, never>>({ name: 'nightly', title: 'Nightly' });
  const schedules = [1, 2, 3].map(
    () => new ScheduleHost(db.source, queue, redis, [{ job: nightly, cron: '0 3 * * *' }]),
  );
  await Promise.all(schedules.map((one) => one.start()));
  const slot = new Date('2026-11-20T03:00:00Z');
  await Promise.all(schedules.map((one) => one.tick('nightly', slot)));
  expect(await db.source.query('select name from job')).toEqual([{ name: 'nightly' }]);
  await Promise.all(schedules.map((one) => one.stop()));
});

test('a slot that was missed while nobody was there is asked for once, however many workers start', async () => {
  const hourly = defineJob<Record<string, never>>({ name: 'hourly', title: 'Hourly', key: () => 'all' });
  const fresh = defineJob<Record<string, never>>({ name: 'fresh', title: 'Fresh', key: () => 'all' });
  await db.source.query(
    `insert into schedule (name, cron, last_slot_at) values ('hourly', '0 * * * *', now() - interval '3 days')`,
  );
  const schedules = [1, 2].map(
    () =>
      new ScheduleHost(db.source, queue, redis, [
        { job: hourly, cron: '0 * * * *' },
        { job: fresh, cron: '0 * * * *' },
      ]),
  );
  await Promise.all(schedules.map((one) => one.start()));
  expect(await db.source.query('select name from job')).toEqual([{ name: 'hourly' }]);
  const [row] = await db.source.query(
    `select last_slot_at = date_trunc('hour', now()) as caught_up from schedule where name = 'hourly'`,
  );
  expect(row).toEqual({ caught_up: true });
  await Promise.all(schedules.map((one) => one.stop()));
});
