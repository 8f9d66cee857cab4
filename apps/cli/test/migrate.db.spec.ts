import { REQUIRED_SCHEMA } from '@scani/database';
import { testDatabase, type TestDatabase } from '@scani/database/testing';
import { Client } from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { buildCli, scani } from './scani.js';

let db: TestDatabase;
beforeAll(async () => {
  buildCli();
  db = await testDatabase();
  await db.source.query('drop schema public cascade');
  await db.source.query('create schema public');
}, 300_000);
afterAll(() => db.drop());

const migrate = (...args: string[]) => scani({ DATABASE_URL: db.url }, 'migrate', ...args);

test('plan, up, status and verify tell of one schema, in words and in JSON', async () => {
  expect((await migrate('status', '--fits')).code).toBe(1);
  const plan = await migrate('plan');
  expect([plan.code, plan.out.trim().split('\n').length]).toEqual([0, REQUIRED_SCHEMA]);
  expect(plan.out).toContain('LinkTransfers1795000007000: scan, locks users SHARE ROW EXCLUSIVE');
  const many = await Promise.all(Array.from({ length: 4 }, () => migrate('up', '--lock-timeout', '30s')));
  expect(many.map(({ code }) => code)).toEqual([0, 0, 0, 0]);
  const applied = many.flatMap(({ out }) => out.split('\n').filter((line) => line.startsWith('applied ')));
  expect(applied).toHaveLength(REQUIRED_SCHEMA);
  expect(new Set(applied).size).toBe(REQUIRED_SCHEMA);
  expect(JSON.parse((await migrate('status', '--json')).out)).toEqual({
    current: REQUIRED_SCHEMA,
    required: REQUIRED_SCHEMA,
    floor: 1,
    pending: 0,
    ahead: 0,
  });
  expect(JSON.parse((await migrate('plan', '--json')).out)).toEqual({ pending: [] });
  expect(await migrate('status', '--fits')).toMatchObject({ code: 0 });
  expect(await migrate('verify')).toMatchObject({ code: 0 });
  expect(await migrate('up')).toMatchObject({ code: 0 });
});

test('the exit code says what kept it from migrating', async () => {
  await db.source.query(`update scani_migration set checksum = 'other' where name like 'CreateJobs%'`);
  expect(await migrate('verify')).toMatchObject({ code: 1, out: expect.stringContaining('CreateJobs') });
  await db.source.query('update scani_schema_meta set current = current + 1');
  expect(await migrate('up')).toMatchObject({ code: 0, out: expect.stringContaining('1 of a newer build') });
  expect((await migrate('status', '--fits')).code).toBe(0);
  await db.source.query('update scani_schema_meta set floor = current');
  expect((await migrate('status', '--fits')).code).toBe(1);
  expect(await migrate('up')).toMatchObject({ code: 3, out: expect.stringContaining('newer image') });
  const pooled = await scani({ DATABASE_URL: `${db.url}?pgbouncer=true` }, 'migrate', 'up');
  expect(pooled).toMatchObject({ code: 5, out: expect.stringContaining('MIGRATION_DATABASE_URL') });
  const nobody = await scani({ DATABASE_URL: 'postgres://scani:no@127.0.0.1:9/scani' }, 'migrate', 'up');
  expect(nobody).toMatchObject({ code: 5, out: expect.stringContaining('cannot connect') });
  const wrong = new URL(db.url);
  wrong.pathname = '/not-there-at-all';
  expect(await scani({ DATABASE_URL: wrong.toString() }, 'migrate', 'status')).toMatchObject({ code: 5 });
});

test('a direct URL is preferred to a pooled one', async () => {
  await db.source.query('update scani_schema_meta set current = current - 1, floor = 1');
  const { code } = await scani(
    { DATABASE_URL: `${db.url}?pgbouncer=true`, MIGRATION_DATABASE_URL: db.url },
    'migrate',
    'up',
  );
  expect(code).toBe(0);
});

test('a schema that others hold is waited for', async () => {
  const holder = new Client({ connectionString: db.url });
  await holder.connect();
  await holder.query('begin');
  await holder.query('lock table scani_migration in access exclusive mode');
  const waiting = migrate('up', '--lock-timeout', '100ms');
  // It queues for the lock, and gives up queueing.
  await until(db, 1);
  await until(db, 0);
  await holder.query('commit');
  await holder.end();
  expect(await waiting).toMatchObject({ code: 0, out: expect.stringContaining('waiting for locks') });
});

/** Waits until so many queue for a lock of this database. */
async function until({ source }: TestDatabase, queueing: number): Promise<void> {
  for (;;) {
    const [row] = (await source.query(
      `select count(*)::int as count from pg_locks join pg_database on pg_database.oid = pg_locks.database
       where not granted and datname = current_database()`,
    )) as { count: number }[];
    if (row?.count === queueing) return;
    await new Promise((done) => setTimeout(done, 20));
  }
}
