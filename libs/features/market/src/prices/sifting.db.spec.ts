import { CloudClient } from '@scani/cloud';
import { rowsOf } from '@scani/database';
import { testDatabase, type TestDatabase } from '@scani/database/testing';
import { JobQueue } from '@scani/jobs';
import { randomUUIDv7 } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { AssetsService } from '../assets/assets.service.js';
import { PricesService } from './prices.service.js';

const HOUR_MS = 3_600_000;
const START = Date.parse('2026-03-01T12:00:00Z');

let db: TestDatabase;
let prices: PricesService;
let coin: string;

beforeAll(async () => {
  db = await testDatabase();
  const jobs = new JobQueue();
  const assets = new AssetsService(db.source, new CloudClient({ url: 'http://127.0.0.1:9', apiKey: 'not-asked-here' }));
  prices = new PricesService(db.source, assets, jobs);
});
afterAll(() => db.drop());
beforeEach(async () => {
  coin = randomUUIDv7();
  await db.source.query(
    `insert into asset (id, kind, symbol, name, market_segment, decimals) values ($1, 'crypto', $2, 'A coin', 'crypto', 18)`,
    [coin, coin.slice(-8)],
  );
});

const say = (value: string, hours: number, source = 'coingecko') =>
  db.source.transaction((on) =>
    prices.recordQuotes(on, [
      {
        id: coin,
        value,
        currency: 'USD',
        at: new Date(START + hours * HOUR_MS).toISOString(),
        granularity: 'intraday',
        source,
      },
    ]),
  );
const values = async (table: 'price' | 'price_aside'): Promise<string[]> =>
  (
    await rowsOf<{ value: string }>(db.source, `select value from ${table} where asset_id = $1 order by at`, [coin])
  ).map(({ value }) => value);

test('a price that is ten times off is set aside with its reason, and the next ordinary one is stored', async () => {
  await say('100', 0);
  const { added, doubts } = await say('1000', 1);
  expect([...added.keys()]).toEqual([]);
  expect(doubts.get(coin)).toBe('coingecko says 1000 USD, ten times off 100 of 2026-03-01; set aside until confirmed');
  expect((await say('101', 2)).doubts.size).toBe(0);
  expect([await values('price'), await values('price_aside')]).toEqual([['100', '101'], ['1000']]);
});

test('a new level is believed once a later price confirms it, the first one with it', async () => {
  await say('200', 0);
  await say('4000000', 1);
  await say('10', 2);
  await say('10.2', 5);
  expect(await values('price')).toEqual(['200']);
  const { added } = await say('10.1', 9);
  expect([...added]).toEqual([[coin, '2026-03-01']]);
  expect(await values('price')).toEqual(['200', '10', '10.1']);
  expect(await values('price_aside')).toEqual(['4000000', '10.2']);
  expect((await say('10.4', 10)).doubts.size).toBe(0);
});

test('the same said twice is kept once', async () => {
  await say('100', 0);
  await say('1', 1);
  await say('1', 1);
  expect(await values('price_aside')).toEqual(['1']);
});

test('a history is stored but for what sticks out, whatever the order it comes in', async () => {
  const closes = ['50', '51', '5100', '52', '0.53', '54', '55'].map((value, day) => ({
    id: coin,
    value,
    currency: 'USD',
    at: new Date(START + day * 24 * HOUR_MS).toISOString(),
    granularity: 'daily' as const,
    source: 'defillama',
  }));
  await db.source.transaction((on) => prices.recordQuotes(on, closes.toReversed()));
  expect(await values('price')).toEqual(['50', '51', '52', '54', '55']);
  expect(await values('price_aside')).toEqual(['5100', '0.53']);
});
