import { testDatabase, type TestDatabase } from '@scani/database/testing';
import { createHash } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { buildCli, scani } from './scani.js';

let db: TestDatabase;

beforeAll(async () => {
  buildCli();
  db = await testDatabase();
});
afterAll(() => db.drop());

const run = (...args: string[]): Promise<{ code: number; out: string }> =>
  scani(
    { DATABASE_URL: db.url, BETTER_AUTH_SECRET: 'x'.repeat(40), FRONTEND_URL: 'https://scani.test' },
    'sign-in',
    ...args,
  );

test('a link is printed once, and nothing in the database opens the door', async () => {
  const { code, out } = await run('Ada@example.org');
  expect(code).toBe(0);
  const token = /https:\/\/scani\.test\/sign-in\/link#token=(\S+)/.exec(out)?.[1] ?? '';
  expect(token.length).toBeGreaterThan(20);
  const rows = (await db.source.query('select email, link_hash from sign_in_challenge')) as {
    email: string;
    link_hash: Buffer;
  }[];
  expect(rows.map((row) => row.email)).toEqual(['ada@example.org']);
  expect(rows[0]?.link_hash.equals(createHash('sha256').update(token).digest())).toBe(false);
  expect(JSON.stringify(rows)).not.toContain(token);
});

test('what is no address is refused, with what to write instead', async () => {
  expect(await run('ada')).toMatchObject({ code: 1, out: 'ada is not an e-mail address\n' });
  expect(await run()).toMatchObject({ code: 1, out: 'Whose? scani sign-in EMAIL\n' });
});
