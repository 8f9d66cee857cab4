import { CloudClient } from '@scani/cloud';
import { testDatabase, type TestDatabase } from '@scani/database/testing';
import type { TransactionKind } from '@scani/domain';
import { UsersService } from '@scani/identity';
import { JobQueue } from '@scani/jobs';
import { LedgerQueries, LedgerService } from '@scani/ledger';
import { AssetsService, PricesService, RateQueries } from '@scani/market';
import { decimal } from '@scani/money';
import { randomUUIDv7 } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ValuationQueries } from '../valuation.queries.js';
import { GainsBuilder } from './gains.builder.js';
import { GainsLedger } from './gains.ledger.js';

const userId = randomUUIDv7();
const broker = randomUUIDv7();
const cold = randomUUIDv7();
const owed = randomUUIDv7();

let db: TestDatabase;
let builder: GainsBuilder;
let ledger: LedgerService;
let valuations: ValuationQueries;
let [ore, coin, euro]: string[] = [];

beforeAll(async () => {
  db = await testDatabase();
  const jobs = new JobQueue();
  const queries = new LedgerQueries();
  const rates = new RateQueries();
  const assets = new AssetsService(db.source, new CloudClient({ url: 'http://127.0.0.1:9', apiKey: 'not-asked-here' }));
  ledger = new LedgerService(queries, new PricesService(db.source, assets, jobs), jobs);
  valuations = new ValuationQueries(queries, rates);
  builder = new GainsBuilder(db.source, new GainsLedger(queries, rates), valuations);

  await db.source.query(`insert into users (id, email, role) values ($1, 'a@example.org', 'owner')`, [userId]);
  await db.source.query(`insert into institution (id, user_id, name, kind) values ($1, $1, 'Bank', 'bank')`, [userId]);
  for (const [id, name, kind] of [
    [broker, 'Broker', 'asset'],
    [cold, 'Cold', 'asset'],
    [owed, 'Owed', 'liability'],
  ])
    await db.source.query(
      `insert into account (id, user_id, institution_id, name, kind, currency) values ($1, $2, $2, $3, $4, 'EUR')`,
      [id, userId, name, kind],
    );
  ore = (await assets.create(userId, { symbol: 'ORE', name: 'Ore', kind: 'private', decimals: 18 })).id;
  coin = (await assets.create(userId, { symbol: 'COIN', name: 'Coin', kind: 'private', decimals: 18 })).id;
  euro = (await valuations.base(db.source, userId, 'EUR')).assetId;
});
afterAll(() => db.drop());

interface Row {
  kind: TransactionKind;
  quantity: string;
  at: string;
  price?: string;
}
let count = 0;
async function happened(accountId: string, assetId: string | undefined, rows: readonly Row[]): Promise<string[]> {
  const drafts = rows.map(({ kind, quantity, at, price }) => ({
    assetId: assetId as string,
    kind,
    quantity: decimal(quantity),
    occurredAt: new Date(`${at}T12:00:00Z`),
    externalId: String((count += 1)),
    ...(price ? { price: { value: decimal(price), assetId: euro as string } } : {}),
  }));
  await db.source.transaction((tx) =>
    ledger.record(tx, { userId, accountId, source: 'test', transactions: drafts, observations: [] }),
  );
  const found = (await db.source.query(
    'select id, external_id from transaction where user_id = $1 and external_id = any($2) order by external_id::int',
    [userId, drafts.map(({ externalId }) => externalId)],
  )) as { id: string }[];
  return found.map(({ id }) => id);
}
async function linked(ids: readonly (string | undefined)[], verdict: string): Promise<void> {
  const id = randomUUIDv7();
  await db.source.query(`insert into transfer_group (id, user_id, verdict, decided_by) values ($1, $2, $3, 'user')`, [
    id,
    userId,
    verdict,
  ]);
  await db.source.query('update transaction set transfer_group_id = $1 where id = any($2)', [id, ids]);
}
const build = async (): Promise<number> =>
  (await builder.build(userId, await valuations.base(db.source, userId, 'EUR'))).changed;
const stored = async (): Promise<Record<string, unknown[]>> => ({
  disposals: (await db.source.query('select * from gains_disposal order by transaction_id')) as unknown[],
  income: (await db.source.query('select * from gains_income order by transaction_id')) as unknown[],
  open: (await db.source.query('select * from gains_open order by pool')) as unknown[],
});
const costs = async (): Promise<(string | null)[]> =>
  (
    (await db.source.query('select round(cost, 8)::float::text as cost from gains_disposal order by at')) as {
      cost: string | null;
    }[]
  ).map(({ cost }) => cost);

test('lots travel with a linked move, and what is sold elsewhere has its cost', async () => {
  await happened(broker, ore, [
    { kind: 'buy', quantity: '10', at: '2024-01-10', price: '100' },
    { kind: 'buy', quantity: '10', at: '2024-02-10', price: '150' },
  ]);
  const [out] = await happened(broker, ore, [{ kind: 'withdraw', quantity: '-15', at: '2024-03-01' }]);
  const [into] = await happened(cold, ore, [{ kind: 'deposit', quantity: '15', at: '2024-03-01' }]);
  await happened(cold, ore, [{ kind: 'sell', quantity: '-12', at: '2024-06-01', price: '200' }]);
  expect(await build()).toBeGreaterThan(0);
  expect(await costs()).toEqual([null]);
  await linked([out, into], 'paired');
  await build();
  expect(await costs()).toEqual(['1300']);
  const { disposals } = await stored();
  expect(disposals?.[0]).toMatchObject({
    year: 2024,
    known_gain: '1100',
    lots: [
      { acquiredAt: '2024-01-10T12:00:00.000Z', quantity: '10', of: { quantity: '10', cost: '1000' } },
      { acquiredAt: '2024-02-10T12:00:00.000Z', quantity: '2', of: { quantity: '5', cost: '750' } },
    ],
  });
});

test('an account may have a method of its own', async () => {
  await db.source.query(`update account set cost_basis_method = 'lifo' where id = $1`, [cold]);
  await build();
  expect(await costs()).toEqual(['1450']);
  await db.source.query('update account set cost_basis_method = null where id = $1', [cold]);
});

test('what is owed is opened by a sale and closed by a purchase', async () => {
  await happened(owed, coin, [
    { kind: 'sell', quantity: '-5', at: '2024-04-01', price: '30' },
    { kind: 'buy', quantity: '2', at: '2024-05-01', price: '20' },
  ]);
  await build();
  const { disposals, open } = await stored();
  expect(disposals).toContainEqual(expect.objectContaining({ kind: 'buy', short: true, proceeds: '60', gain: '20' }));
  expect(open).toContainEqual(expect.objectContaining({ short: true, quantity: '3', cost: '90', method: 'fifo' }));
});

test('a row that is taken back does not count', async () => {
  const [wrong] = await happened(broker, ore, [{ kind: 'reward', quantity: '1', at: '2024-07-01', price: '10' }]);
  await build();
  expect((await stored())['income']).toHaveLength(1);
  await db.source.query(
    `insert into transaction (id, user_id, holding_id, kind, quantity, occurred_at, source, external_id, reverses_id)
     select $2, user_id, holding_id, kind, -quantity, occurred_at, 'user', 'back', id from transaction where id = $1`,
    [wrong, randomUUIDv7()],
  );
  await build();
  expect((await stored())['income']).toHaveLength(0);
});

test('working it out again changes nothing, and neither does dropping it before', async () => {
  const before = await stored();
  expect(before['open']).not.toEqual([]);
  expect(await build()).toBe(0);
  for (const table of ['gains_disposal', 'gains_income', 'gains_open']) await db.source.query(`delete from ${table}`);
  await build();
  expect(await stored()).toEqual(before);
});

test('erasing a user leaves none of it', async () => {
  await db.source.transaction((tx) => new UsersService(db.source).erase(tx, userId));
  expect(await stored()).toEqual({ disposals: [], income: [], open: [] });
});
