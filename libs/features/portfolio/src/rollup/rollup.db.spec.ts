import { CloudClient } from '@scani/cloud';
import { testDatabase, type TestDatabase } from '@scani/database/testing';
import { UsersService } from '@scani/identity';
import { JobQueue } from '@scani/jobs';
import { LedgerQueries, LedgerService } from '@scani/ledger';
import { AssetsService, PricesService, RateQueries } from '@scani/market';
import { addDays, dayOf, decimal, startOf } from '@scani/money';
import { randomUUIDv7 } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ValuationQueries } from '../valuation.queries.js';
import { RollupBuilder } from './rollup.builder.js';
import { notedChanges } from './rollup.plan.js';
import { RollupEvidence } from './rollup.evidence.js';

const today = dayOf(new Date());
const daysAgo = (days: number): Date => startOf(addDays(today, -days));
const userId = randomUUIDv7();
const accountId = randomUUIDv7();

let db: TestDatabase;
let builder: RollupBuilder;
let ledger: LedgerService;
let prices: PricesService;
let valuations: ValuationQueries;
let assetId: string;

beforeAll(async () => {
  db = await testDatabase();
  const jobs = new JobQueue();
  const queries = new LedgerQueries();
  const rates = new RateQueries();
  const assets = new AssetsService(db.source, new CloudClient({ url: 'http://127.0.0.1:9', apiKey: 'not-asked-here' }));
  prices = new PricesService(db.source, assets, jobs);
  ledger = new LedgerService(queries, prices, jobs);
  valuations = new ValuationQueries(queries, rates);
  builder = new RollupBuilder(db.source, queries, rates, prices, valuations, new RollupEvidence(), jobs);

  await db.source.query(`insert into users (id, email, role) values ($1, 'a@example.org', 'owner')`, [userId]);
  await db.source.query(`insert into institution (id, user_id, name, kind) values ($1, $1, 'Bank', 'bank')`, [userId]);
  await db.source.query(
    `insert into account (id, user_id, institution_id, name, kind, currency) values ($1, $2, $2, 'Main', 'asset', 'EUR')`,
    [accountId, userId],
  );
  const asset = await assets.create(userId, { symbol: 'WINE', name: 'Wine', kind: 'private' });
  assetId = asset.id;
  for (const [days, value] of [
    [40, '7.77'],
    [12, '9.13'],
  ] as const) {
    await prices.recordOwn(db.source, userId, assetId, { value, currency: 'EUR', at: daysAgo(days).toISOString() });
  }
  await bought('1', 30, '3.000000000000000001');
});
afterAll(() => db.drop());

const bought = (externalId: string, days: number, quantity: string): Promise<unknown> =>
  db.source.transaction((tx) =>
    ledger.record(tx, {
      userId,
      accountId,
      source: 'test',
      transactions: [{ assetId, kind: 'buy', quantity: decimal(quantity), occurredAt: daysAgo(days), externalId }],
      observations: [],
    }),
  );
const build = async (): Promise<{ rows: number; changed: number }> =>
  builder.build(userId, await valuations.base(db.source, userId, undefined), await notedChanges(db.source, userId));
const dump = (): Promise<unknown> =>
  db.source.query('select r::text from rollup r union all select m::text from rollup_money m order by 1');

test('dropping the rollup and building it again gives the same rows, digit for digit', async () => {
  const first = await build();
  expect(first).toMatchObject({ rows: 31, changed: 31 * 4 });
  const before = await dump();
  await db.source.query('delete from rollup');
  await db.source.query('delete from rollup_money');
  await db.source.query('delete from rollup_state');
  await build();
  expect(await dump()).toEqual(before);
});

test('a rebuild writes what differs and nothing else', async () => {
  expect(await build()).toMatchObject({ changed: 0 });
  await bought('2', 9, '1.5');
  expect(await build()).toMatchObject({ changed: 10 * 4 });
  const [now] = (await db.source.query(
    `select value::text from rollup where scope = 'user' order by day desc limit 1`,
  )) as { value: string }[];
  // 4.500000000000000001 at 9.13
  expect(now?.value).toBe('41.085');
});

test('erasing a user leaves none of it', async () => {
  await db.source.transaction((tx) => new UsersService(db.source).erase(tx, userId));
  expect(await dump()).toEqual([]);
});
