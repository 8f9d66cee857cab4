import { testDatabase, type TestDatabase } from '@scani/database/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { runbooks } from './promql.ts';

let db: TestDatabase;
beforeAll(async () => {
  db = await testDatabase();
});
afterAll(() => db.drop());

/** What a page has people type into psql, with values where they are asked to put one. */
function statementsOf(text: string): string[] {
  const short = [...text.matchAll(/psql [^\n]*-c "([^"]+)"/g)].map(([, sql = '']) => sql);
  const long = [...text.matchAll(/psql [^\n]*<<'SQL'\n([\s\S]*?)\n\s*SQL\n/g)].map(([, sql = '']) => sql);
  const inline = [...text.matchAll(/`(select [^`]+)`/g)].map(([, sql = '']) => sql);
  return [...short, ...long, ...inline].map((sql) => sql.replaceAll(":'name'", `'x'`).replaceAll('<pid>', '0'));
}

const statements = runbooks().flatMap(({ page, text }) => statementsOf(text).map((sql) => [page, sql] as const));

test('there are some', () => expect(statements.length).toBeGreaterThan(10));

test.each(statements)('%s: Postgres takes %s', async (_page, sql) => {
  await db.source.query(sql);
});

test('of failed jobs with one key one is tried again, and none that is asked for already', async () => {
  await db.source.query(
    `insert into job (id, name, key, title, state, finished_at) values
       (gen_random_uuid(), 'x', 'a', 't', 'failed', now() - interval '1 hour'), (gen_random_uuid(), 'x', 'a', 't', 'failed', now()),
       (gen_random_uuid(), 'x', 'b', 't', 'failed', now()), (gen_random_uuid(), 'x', 'b', 't', 'waiting', null),
       (gen_random_uuid(), 'x', null, 't', 'failed', now()), (gen_random_uuid(), 'x', null, 't', 'failed', now()),
       (gen_random_uuid(), 'y', null, 't', 'failed', now())`,
  );
  const again = statements.find(([page, sql]) => page === 'dead-letters.md' && sql.includes('update job'));
  await db.source.query(again?.[1] ?? '');
  const rows: unknown = await db.source.query(
    `select name, key, state, count(*)::int as jobs from job group by 1, 2, 3 order by 1, 2 nulls last, 3`,
  );
  expect(rows).toEqual([
    { name: 'x', key: 'a', state: 'failed', jobs: 1 },
    { name: 'x', key: 'a', state: 'waiting', jobs: 1 },
    { name: 'x', key: 'b', state: 'failed', jobs: 1 },
    { name: 'x', key: 'b', state: 'waiting', jobs: 1 },
    { name: 'x', key: null, state: 'waiting', jobs: 2 },
    { name: 'y', key: null, state: 'failed', jobs: 1 },
  ]);
});
