import { testDatabase, type TestDatabase } from '@scani/database/testing';
import { testRedisUrl } from '@scani/jobs/testing';
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { buildCli, scani } from './scani.js';

let db: TestDatabase;

beforeAll(async () => {
  buildCli();
  db = await testDatabase();
});
afterAll(() => db.drop());

const verify = (...args: string[]): Promise<{ code: number; out: string }> =>
  scani(
    {
      DATABASE_URL: db.url,
      REDIS_URL: testRedisUrl(),
      SCANI_CLOUD_URL: 'http://127.0.0.1:9',
      SCANI_CLOUD_API_KEY: 'a-key-for-the-tests',
      LOG_LEVEL: 'silent',
    },
    'tier',
    'verify',
    ...args,
  );

test('without anybody there is nobody for whom it could be tried', async () => {
  const { code, out } = await verify();
  expect(code).not.toBe(0);
  expect(out).toContain('nobody uses this installation yet');
});

test('every step is told, and one that fails ends it with 1', async () => {
  await db.source.query(`insert into users (id, email, role) values ($1, 'ada@example.org', 'admin')`, [randomUUID()]);
  const { code, out } = await verify('--json');
  expect(code).toBe(1);
  const { steps } = JSON.parse(out) as { steps: { name: string; state: string }[] };
  expect(steps.map(({ name, state }) => `${name} ${state}`)).toEqual(
    expect.arrayContaining(['data-provider failed', 'import skipped', 'sync skipped']),
  );
});
