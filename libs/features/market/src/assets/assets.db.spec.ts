import { testDatabase, type TestDatabase } from '@scani/database/testing';
import { CURRENCY_CODES } from '@scani/money';
import { afterAll, beforeAll, expect, test } from 'vitest';

let db: TestDatabase;
beforeAll(async () => (db = await testDatabase()));
afterAll(() => db.drop());

test('every currency in which totals can be shown is an asset, and the other way round', async () => {
  const rows = (await db.source.query(`select symbol from asset where kind = 'fiat' order by symbol`)) as {
    symbol: string;
  }[];
  expect(rows.map((row) => row.symbol)).toEqual([...CURRENCY_CODES]);
});
