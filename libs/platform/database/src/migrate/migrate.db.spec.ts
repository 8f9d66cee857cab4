import { Client } from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { REQUIRED_SCHEMA } from '../migrations/index.js';
import { SchemaGate } from '../schema.gate.js';
import { testDatabase, type TestDatabase } from '../testing/test-database.js';
import { migrateUp } from './migrate.js';

let db: TestDatabase;
beforeAll(async () => {
  db = await testDatabase();
  await db.source.query('drop schema public cascade');
  await db.source.query('create schema public');
});
afterAll(() => db.drop());

test('ten at once apply each migration once, and a later run finds nothing to do', async () => {
  expect(await new SchemaGate(db.source).check()).toMatchObject({
    state: 'down',
    detail: expect.stringContaining('schema_missing'),
  });
  const said: string[] = [];
  await Promise.all(Array.from({ length: 10 }, () => migrateUp(db.url, 'test', (line) => said.push(line))));
  expect(said).toHaveLength(REQUIRED_SCHEMA);
  expect(new Set(said).size).toBe(REQUIRED_SCHEMA);

  const status = await migrateUp(db.url, 'test', (line) => said.push(line));
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
  await expect(migrateUp(`${db.url}?pgbouncer=true`, 'test', () => {})).rejects.toThrow('MIGRATION_DATABASE_URL');
});

test('the ledger refuses change and removal, and lets a whole user be erased', async () => {
  await migrateUp(db.url, 'test', () => {});
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
