import { Client } from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { migrations, REQUIRED_SCHEMA } from '../migrations/index.js';
import { SchemaGate } from '../schema.gate.js';
import { testDatabase, type TestDatabase } from '../testing/test-database.js';
import type { MigrationInterface, QueryRunner } from 'typeorm';
import { MIGRATION_FACTS, type MigrationFacts } from '../migrations/facts.js';
import { changedMigrations, migrateUp, type MigrateOptions, pendingMigrations, type Release } from './migrate.js';
import { schemaStatus } from './schema.status.js';

let db: TestDatabase;
beforeAll(async () => {
  db = await testDatabase();
  await db.source.query('drop schema public cascade');
  await db.source.query('create schema public');
});
afterAll(() => db.drop());

const up = (options: Partial<MigrateOptions> = {}) =>
  migrateUp({ url: db.url, appliedBy: 'test', say: () => {}, ...options });

test('ten at once apply each migration once, and a later run finds nothing to do', async () => {
  expect(await new SchemaGate(db.source).check()).toMatchObject({
    state: 'down',
    detail: expect.stringContaining('schema_missing'),
  });
  const said: string[] = [];
  await Promise.all(Array.from({ length: 10 }, () => up({ say: (line) => said.push(line) })));
  expect(said).toHaveLength(REQUIRED_SCHEMA);
  expect(new Set(said).size).toBe(REQUIRED_SCHEMA);

  const status = await up({ say: (line) => said.push(line) });
  expect(said).toHaveLength(REQUIRED_SCHEMA);
  expect(status).toMatchObject({ current: REQUIRED_SCHEMA, pending: 0, ahead: 0 });
  expect(await new SchemaGate(db.source).check()).toMatchObject({ state: 'ok' });
});

test('a schema that is newer or behind is told apart', async () => {
  await db.source.query('update scani_schema_meta set current = $1', [REQUIRED_SCHEMA + 1]);
  expect(await new SchemaGate(db.source).check()).toMatchObject({ state: 'ok', facts: { ahead: 1 } });
  await db.source.query('update scani_schema_meta set floor = $1', [REQUIRED_SCHEMA + 1]);
  expect(await new SchemaGate(db.source).check()).toMatchObject({
    state: 'down',
    detail: expect.stringContaining('schema_floor'),
  });
  await db.source.query('update scani_schema_meta set current = $1, floor = 1', [REQUIRED_SCHEMA - 1]);
  expect(await new SchemaGate(db.source).check()).toMatchObject({
    state: 'down',
    detail: expect.stringContaining('schema_behind'),
  });
});

test('a pooled URL is refused by name', async () => {
  await expect(up({ url: `${db.url}?pgbouncer=true` })).rejects.toThrow('MIGRATION_DATABASE_URL');
});

test('the ledger refuses change and removal, and lets a whole user be erased', async () => {
  await up();
  const client = new Client({ connectionString: db.url });
  await client.connect();
  const user = '0190a000-0000-7000-8000-000000000001';
  const other = '0190a000-0000-7000-8000-000000000002';
  await client.query(`insert into users (id, email, role) values ($1, 'a@example.org', 'owner')`, [user]);
  await client.query(`insert into institution (id, user_id, name, kind) values ($1, $1, 'Bank', 'bank')`, [user]);
  await client.query(
    `insert into account (id, user_id, institution_id, name, kind, currency) values ($1, $1, $1, 'Main', 'asset', 'EUR')`,
    [user],
  );
  await client.query(
    `insert into holding (id, user_id, account_id, asset_id) select $1, $1, $1, id from asset where symbol = 'EUR'`,
    [user],
  );
  for (const [id, kind] of [
    [user, 'deposit'],
    [other, 'opening-balance'],
  ]) {
    await client.query(
      `insert into transaction (id, user_id, holding_id, kind, quantity, occurred_at, source, external_id) values ($1, $2, $2, $3, 5, now(), 'test', $3)`,
      [id, user, kind],
    );
  }
  await client.query(
    `insert into observation (id, user_id, holding_id, balance, at, source, external_id) values ($1, $1, $1, 5, now(), 'test', '1')`,
    [user],
  );

  const refused = { code: '23001' };
  await expect(client.query('update transaction set quantity = 6 where id = $1', [user])).rejects.toMatchObject(
    refused,
  );
  await expect(client.query('delete from transaction where id = $1', [user])).rejects.toMatchObject(refused);
  await expect(client.query('truncate transaction cascade')).rejects.toMatchObject(refused);
  await expect(client.query('update observation set balance = 6')).rejects.toMatchObject(refused);
  await expect(client.query('delete from observation')).rejects.toMatchObject(refused);
  await expect(client.query('delete from users where id = $1', [user])).rejects.toMatchObject(refused);

  await client.query(
    `insert into transfer_group (id, user_id, verdict, decided_by) values ($1, $1, 'left-my-control', 'user')`,
    [user],
  );
  await client.query('update transaction set transfer_group_id = $1 where id = $1', [user]);
  expect((await client.query('delete from transaction where id = $1', [other])).rowCount).toBe(1);

  await client.query('begin');
  await client.query(`select set_config('scani.erasing_user', $1, true)`, [other]);
  await expect(client.query('delete from users where id = $1', [user])).rejects.toMatchObject(refused);
  await client.query('rollback');

  await client.query('begin');
  await client.query(`select set_config('scani.erasing_user', $1, true)`, [user]);
  await client.query('delete from users where id = $1', [user]);
  await client.query('commit');
  expect((await client.query('select 1 from transaction')).rowCount).toBe(0);
  await client.end();
});

/** This build's migrations and one more. */
function nextRelease(
  run: (db: QueryRunner) => Promise<unknown>,
  facts: MigrationFacts = { cost: 'instant', locks: {} },
): Release {
  class Later1800000000000 implements MigrationInterface {
    async up(runner: QueryRunner): Promise<void> {
      await run(runner);
    }
    async down(): Promise<void> {}
  }
  return {
    migrations: [...migrations, Later1800000000000],
    facts: { ...MIGRATION_FACTS, [Later1800000000000.name]: facts },
  };
}

async function afresh(): Promise<void> {
  await db.source.query('drop schema public cascade');
  await db.source.query('create schema public');
  await up();
}
const status = () => schemaStatus((sql) => db.source.query(sql));

test('what is pending is told with its locks and costs, and nothing is changed by asking', async () => {
  await db.source.query('drop schema public cascade');
  await db.source.query('create schema public');
  const pending = await pendingMigrations(db.source.manager);
  expect(pending.map(({ number }) => number)).toEqual(migrations.map((_, index) => index + 1));
  expect(pending.find(({ name }) => name.startsWith('LinkTransfers'))).toMatchObject({
    cost: 'scan',
    locks: { transaction: 'SHARE ROW EXCLUSIVE' },
  });
  expect(await status()).toMatchObject({ current: 0, pending: REQUIRED_SCHEMA });
});

test('a migration that fails half-way leaves nothing, and those before it stay', async () => {
  await afresh();
  const broken = nextRelease(async (runner) => {
    await runner.query('create table half (id int)');
    await runner.query('select 1 / 0');
  });
  await expect(up({ release: broken })).rejects.toThrow('division by zero');
  expect(await status()).toMatchObject({ current: REQUIRED_SCHEMA, ahead: 0 });
  expect(await db.source.query(`select to_regclass('half') as half`)).toEqual([{ half: null }]);
  const mended = nextRelease((runner) => runner.query('create table half (id int)'));
  expect(await up({ release: mended })).toMatchObject({ current: REQUIRED_SCHEMA + 1, ahead: 1 });
});

test('it does not queue behind a long transaction: it waits a little, tries again, and gives up in the end', async () => {
  await afresh();
  const release = nextRelease((runner) => runner.query('alter table users add column later text'));
  const holder = new Client({ connectionString: db.url });
  await holder.connect();
  await holder.query('begin');
  await holder.query('select 1 from users for update');
  await holder.query('lock table users in row share mode');
  const said: string[] = [];
  const options = { release, lockTimeoutMs: 50, patienceMs: 400, say: (line: string) => said.push(line) };
  await expect(up(options)).rejects.toMatchObject({ reason: 'lock-timeout' });
  expect(said.filter((line) => line.startsWith('waiting for locks')).length).toBeGreaterThanOrEqual(1);
  // Meanwhile others are not held up.
  expect(await db.source.query('select count(*)::int as count from users')).toEqual([{ count: 0 }]);
  const patient = up({ ...options, patienceMs: 30_000 });
  await new Promise((done) => setTimeout(done, 300));
  await holder.query('commit');
  await holder.end();
  expect(await patient).toMatchObject({ current: REQUIRED_SCHEMA + 1 });
});

test('what takes something away waits until nobody who needs it runs, and then tells older builds', async () => {
  await afresh();
  const floor = REQUIRED_SCHEMA + 1;
  const release = nextRelease((runner) => runner.query('alter table users drop column locale'), {
    cost: 'instant',
    locks: {},
    floor,
  });
  await db.source.query(
    `insert into scani_instances (id, component, version, required, memory_mb, started_at, last_seen_at)
     values (gen_random_uuid(), 'api', '0.0.9', $1, 1, now(), now())`,
    [REQUIRED_SCHEMA],
  );
  await expect(up({ release })).rejects.toMatchObject({
    reason: 'live-instance',
    message: expect.stringContaining('api 0.0.9'),
  });
  await db.source.query(`update scani_instances set last_seen_at = now() - interval '2 minutes'`);
  expect(await up({ release })).toMatchObject({ current: floor, floor });
  // This build is too old now, and says so instead of doing anything.
  await expect(up()).rejects.toMatchObject({ reason: 'ahead' });
  expect(await new SchemaGate(db.source).check()).toMatchObject({ detail: expect.stringContaining('schema_floor') });
});

test('a schema that is ahead and fits is no error: going back to an older image must not be blocked', async () => {
  await afresh();
  await up({ release: nextRelease((runner) => runner.query('create table extra (id int)')) });
  expect(await up()).toMatchObject({ current: REQUIRED_SCHEMA + 1, ahead: 1, pending: 0 });
});

test('a migration whose SQL was changed after it was applied is found', async () => {
  await afresh();
  expect(await changedMigrations(db.source.manager)).toEqual([]);
  await db.source.query(`update scani_migration set checksum = 'other' where name like 'CreateJobs%'`);
  expect(await changedMigrations(db.source.manager)).toMatchObject([
    { name: 'CreateJobs1795000004000', applied: 'other' },
  ]);
});

test('a database of a build that knew no checksums gets those of its migrations', async () => {
  await afresh();
  await db.source.query('drop table scani_migration');
  await up();
  expect(await changedMigrations(db.source.manager)).toEqual([]);
  expect(await db.source.query('select distinct applied_by from scani_migration')).toEqual([
    { applied_by: 'an earlier build' },
  ]);
});

/** How many migrations the first release had. */
const FIRST_RELEASE = 7;

test('a database of the first release, with data, comes up to date, and its evidence stays as it was', async () => {
  await db.source.query('drop schema public cascade');
  await db.source.query('create schema public');
  await up({ release: { migrations: migrations.slice(0, FIRST_RELEASE), facts: MIGRATION_FACTS } });
  const id = '00000000-0000-7000-8000-000000000001';
  await db.source.query(`insert into users (id, email, role) values ($1, 'a@example.org', 'owner')`, [id]);
  await db.source.query(`insert into institution (id, user_id, name, kind) values ($1, $1, 'Bank', 'bank')`, [id]);
  await db.source.query(
    `insert into account (id, user_id, institution_id, name, kind, currency) values ($1, $1, $1, 'Main', 'asset', 'EUR')`,
    [id],
  );
  await db.source.query(
    `insert into holding (id, user_id, account_id, asset_id, balance) select $1, $1, $1, id, 5 from asset where symbol = 'EUR'`,
    [id],
  );
  for (const [kind, quantity] of [
    ['deposit', 7],
    ['withdraw', -2],
  ])
    await db.source.query(
      `insert into transaction (id, user_id, holding_id, kind, quantity, occurred_at, source, external_id)
       values (gen_random_uuid(), $1, $1, $2, $3, '2026-01-01', 'test', $2)`,
      [id, kind, quantity],
    );
  await db.source.query(
    `insert into observation (id, user_id, holding_id, balance, at, source, external_id) values ($1, $1, $1, 5, now(), 'test', '1')`,
    [id],
  );
  await db.source.query(
    `insert into price (asset_id, quote_asset_id, at, granularity, value, source)
     select usd.id, eur.id, now(), 'daily', 0.9, 'test' from asset usd, asset eur where usd.symbol = 'USD' and eur.symbol = 'EUR'`,
  );
  await db.source.query(`insert into rollup values ($1, 'EUR', 'user', $1, '2026-01-01', 5, 'full')`, [id]);
  await db.source.query(`insert into rollup_state (user_id, base_currency, built_at) values ($1, 'EUR', now())`, [id]);
  await db.source.query(
    `insert into upload (id, user_id, file_name, size, content_type) values ($1, $1, 'a.csv', 1, 'text/csv')`,
    [id],
  );
  await db.source.query(
    `insert into import (id, user_id, account_id, upload_id, state) values ($1, $1, $1, $1, 'recorded')`,
    [id],
  );
  const evidence = (): Promise<unknown> =>
    db.source.query(
      `select kind, quantity, occurred_at, source, external_id, sequence from transaction
       union all select 'seen', balance, at, source, external_id, null from observation order by 1`,
    );
  const before = await evidence();
  expect(await up()).toMatchObject({ current: REQUIRED_SCHEMA, pending: 0 });
  expect(await evidence()).toEqual(before);
  // What can be worked out again is asked for anew.
  expect(await db.source.query('select count(*)::int as rows from rollup')).toEqual([{ rows: 0 }]);
  expect(await db.source.query('select built_at from rollup_state')).toEqual([{ built_at: null }]);
  await expect(db.source.query('update transaction set quantity = 1')).rejects.toMatchObject({
    driverError: { code: '23001' },
  });
});
