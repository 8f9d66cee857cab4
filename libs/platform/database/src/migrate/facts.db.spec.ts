import type { QueryRunner } from 'typeorm';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type LockMode, MIGRATION_FACTS } from '../migrations/facts.js';
import { migrations } from '../migrations/index.js';
import { rowsOf } from '../sql.js';
import { testDatabase, type TestDatabase } from '../testing/test-database.js';
import { sqlOf } from './checksum.js';

/** From weak to strong: https://www.postgresql.org/docs/current/explicit-locking.html */
const MODES: readonly string[] = [
  'AccessShareLock',
  'RowShareLock',
  'RowExclusiveLock',
  'ShareUpdateExclusiveLock',
  'ShareLock',
  'ShareRowExclusiveLock',
  'ExclusiveLock',
  'AccessExclusiveLock',
];
const named = (mode: string): LockMode =>
  mode
    .replace('Lock', '')
    .replaceAll(/([a-z])([A-Z])/g, '$1 $2')
    .toUpperCase() as LockMode;
/** Weaker ones get in nobody's way but that of other migrations. */
const WEAK = new Set(['AccessShareLock', 'RowShareLock']);
/** The last migration that was released before a floor could be raised. */
const FIRST_WITH_FLOOR = 14;

let db: TestDatabase;
beforeAll(async () => {
  db = await testDatabase();
  await db.source.query('drop schema public cascade');
  await db.source.query('create schema public');
});
afterAll(() => db.drop());

interface Relation {
  oid: number;
  name: string;
  file: number;
}

const tables = (runner: QueryRunner): Promise<Relation[]> =>
  rowsOf<Relation>(
    runner.manager,
    `select oid::int, relname as name, relfilenode::int as file from pg_class
     where relkind = 'r' and relnamespace = 'public'::regnamespace`,
  );

test('every migration does what is said of it: it locks these tables, so strongly, and writes no others anew', async () => {
  const runner = db.source.createQueryRunner();
  for (const Migration of migrations) {
    await runner.startTransaction();
    const before = await tables(runner);
    await new Migration().up(runner);
    const held = await rowsOf<{ relation: number; mode: string }>(
      runner.manager,
      `select relation::int, mode from pg_locks where pid = pg_backend_pid() and locktype = 'relation'`,
    );
    const after = new Map((await tables(runner)).map((one) => [one.oid, one.file]));
    await runner.commitTransaction();
    const locks: Record<string, LockMode> = {};
    for (const { oid, name } of before) {
      const modes = held.filter((lock) => lock.relation === oid && !WEAK.has(lock.mode)).map((lock) => lock.mode);
      const strongest = modes.sort((one, other) => MODES.indexOf(other) - MODES.indexOf(one))[0];
      if (strongest) locks[name] = named(strongest);
    }
    const rewritten = before
      .filter(({ oid, file }) => after.has(oid) && after.get(oid) !== file)
      .map(({ name }) => name);
    const facts = MIGRATION_FACTS[Migration.name];
    expect([Migration.name, facts?.locks]).toEqual([Migration.name, locks]);
    const kept = rewritten.filter((name) => !facts?.emptied?.includes(name));
    expect([Migration.name, kept.length > 0]).toEqual([Migration.name, facts?.cost === 'rewrite']);
  }
  await runner.release();
});

test('a migration that takes something away says from which build on that does no harm', async () => {
  for (const [index, Migration] of migrations.entries()) {
    if (index + 1 <= FIRST_WITH_FLOOR) continue;
    const sql = (await sqlOf(new Migration())).join('\n');
    const takesAway = /drop (table|column)|alter column \S+ (set data )?type|set not null|rename/i.test(sql);
    if (takesAway)
      expect([Migration.name, MIGRATION_FACTS[Migration.name]?.floor]).toEqual([Migration.name, expect.any(Number)]);
  }
});
