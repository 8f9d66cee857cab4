import { NestFactory } from '@nestjs/core';
import { testDatabase, type TestDatabase } from '@scani/database/testing';
import { testRedisUrl } from '@scani/jobs/testing';
import { DigestQueries, LedgerService } from '@scani/ledger';
import { AssetsService, PricesService } from '@scani/market';
import { addDays, dayOf, decimal, startOf } from '@scani/money';
import { RollupBuilder } from '@scani/portfolio';
import { readEnv } from '@scani/runtime';
import { randomUUIDv7 } from 'node:crypto';
import 'reflect-metadata';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { CliModule, cliEnv } from '../src/cli.module.js';
import { buildCli, scani } from './scani.js';

const userId = randomUUIDv7();
const accountId = randomUUIDv7();
const today = dayOf(new Date());
let db: TestDatabase;
let env: Record<string, string>;

interface Verified {
  user: string;
  digest: string | null;
  bases: string[];
  differences: { check: string; where: string; stored: string; expected: string }[];
}

beforeAll(async () => {
  buildCli();
  db = await testDatabase();
  env = {
    DATABASE_URL: db.url,
    REDIS_URL: testRedisUrl(),
    SCANI_CLOUD_URL: 'http://127.0.0.1:9',
    SCANI_CLOUD_API_KEY: 'a-key-for-the-tests',
  };
  await db.source.query(`insert into users (id, email, role) values ($1, 'ada@example.org', 'owner')`, [userId]);
  await db.source.query(`insert into institution (id, user_id, name, kind) values ($1, $1, 'Bank', 'bank')`, [userId]);
  await db.source.query(
    `insert into account (id, user_id, institution_id, name, kind, currency) values ($1, $2, $2, 'Main', 'asset', 'EUR')`,
    [accountId, userId],
  );
  await recorded();
}, 300_000);
afterAll(() => db.drop());

/** Some wine, bought and counted, with its rollup and its digests. */
async function recorded(): Promise<void> {
  const app = await NestFactory.createApplicationContext(CliModule.register(readEnv(cliEnv, env)), { logger: false });
  try {
    const at = (days: number): Date => startOf(addDays(today, -days));
    const wine = await app.get(AssetsService).create(userId, { symbol: 'WINE', name: 'Wine', kind: 'private' });
    await app
      .get(PricesService)
      .recordOwn(db.source, userId, wine.id, { value: '7.5', currency: 'EUR', at: at(40).toISOString() });
    await db.source.transaction((tx) =>
      app.get(LedgerService).record(tx, {
        userId,
        accountId,
        source: 'test',
        transactions: [
          { assetId: wine.id, kind: 'buy', quantity: decimal('3'), occurredAt: at(20), externalId: '1' },
          { assetId: wine.id, kind: 'sell', quantity: decimal('-1.5'), occurredAt: at(10), externalId: '2' },
        ],
        observations: [{ assetId: wine.id, balance: decimal('5'), at: at(15), externalId: 'seen' }],
      }),
    );
    await app.get(RollupBuilder).follow(userId);
    await db.source.transaction((tx) => app.get(DigestQueries).take(tx, userId, accountId));
  } finally {
    await app.close();
  }
}

const verify = (...more: string[]) => scani(env, 'ledger', 'verify', ...more);

/** What is found once something was changed behind the ledger's back; all is put back afterwards. */
async function afterTampering(...statements: string[]): Promise<Verified['differences']> {
  const tables = ['transaction', 'observation', 'holding', 'rollup'];
  for (const table of tables) await db.source.query(`create table kept_${table} as table ${table}`);
  for (const table of ['transaction', 'observation'])
    await db.source.query(`alter table ${table} disable trigger user`);
  for (const statement of statements) await db.source.query(statement);
  const { code, out } = await verify('--json');
  expect(code).toBe(1);
  await db.source.query(
    `update transaction set quantity = kept.quantity, recorded_at = kept.recorded_at from kept_transaction kept where kept.id = transaction.id`,
  );
  await db.source.query(
    `update observation set balance = kept.balance from kept_observation kept where kept.id = observation.id`,
  );
  await db.source.query(`update holding set balance = kept.balance from kept_holding kept where kept.id = holding.id`);
  await db.source.query(`update rollup set value = kept.value from kept_rollup kept
    where (kept.scope, kept.scope_id, kept.day) = (rollup.scope, rollup.scope_id, rollup.day)`);
  for (const table of tables) await db.source.query(`drop table kept_${table}`);
  return (JSON.parse(out) as Verified[])[0]?.differences ?? [];
}

test('a ledger that nobody touched adds up, and says so', async () => {
  const said = await verify();
  expect(said).toMatchObject({ code: 0 });
  expect(said.out).toContain('everything adds up');
  const [one] = JSON.parse((await verify('--user', 'ADA@example.org', '--json')).out) as Verified[];
  expect(one).toMatchObject({ user: 'ada@example.org', bases: ['EUR'], differences: [] });
  expect(one?.digest).toMatch(/^[\da-f]{64}$/);
});

test('whatever is changed behind its back is found, and named', async () => {
  const forged = await afterTampering(`update transaction set quantity = -1.25 where external_id = '2'`);
  expect(forged.map((one) => one.check).sort()).toEqual(['balance', 'digest', 'rollup', 'rollup-money']);
  expect(forged.find((one) => one.check === 'balance')).toMatchObject({
    where: 'Bank / Main / WINE',
    stored: '3.5',
    expected: '3.75',
  });
  const seen = await afterTampering(`update observation set balance = 6`);
  expect(seen.map((one) => one.check)).toContain('opening-balance');
  expect(await afterTampering(`update holding set balance = 99`)).toMatchObject([{ check: 'balance', stored: '99' }]);
  const day = addDays(today, -12);
  expect(
    await afterTampering(`update rollup set value = value + 0.00000001 where scope = 'user' and day = '${day}'`),
  ).toMatchObject([
    {
      check: 'rollup',
      where: `user ${userId} on ${day} in EUR`,
      stored: expect.stringContaining('value 37.50000001'),
      expected: expect.stringContaining('value 37.5,'),
    },
  ]);
  expect(await afterTampering(`update rollup set value = null where scope = 'holding'`)).toMatchObject([
    { check: 'rollup', stored: expect.stringContaining('value unknown') },
  ]);
  expect((await verify()).code).toBe(0);
});

test('nobody to look at is an answer of its own', async () => {
  expect(await verify('--user', 'nobody@example.org')).toMatchObject({ code: 2 });
});
