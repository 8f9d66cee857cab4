import { testDatabase, type TestDatabase } from '@scani/database/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { downSample } from './down-sample.job.js';

let db: TestDatabase;
beforeAll(async () => {
  db = await testDatabase();
});
afterAll(() => db.drop());

test('of an old day the last quote stays as its close, where it has none; recent days and own prices stay as they are', async () => {
  const days = (count: number): string => new Date(Date.now() - count * 86_400_000).toISOString().slice(0, 10);
  const [usd, eur] = (
    (await db.source.query(`select id from asset where symbol in ('USD', 'EUR') order by symbol desc`)) as {
      id: string;
    }[]
  ).map((row) => row.id);
  const quote = (at: string, granularity: string, value: string): Promise<unknown> =>
    db.source.query(
      `insert into price (asset_id, quote_asset_id, at, granularity, value, source, recorded_at)
       values ($1, $2, $3, $4, $5, 'test', $3::timestamptz + interval '1 minute')`,
      [usd, eur, at, granularity, value],
    );
  await quote(`${days(20)}T08:00:00Z`, 'intraday', '0.90');
  await quote(`${days(20)}T23:59:59Z`, 'intraday', '0.91');
  await quote(`${days(19)}T00:00:00Z`, 'intraday', '0.92');
  await quote(`${days(18)}T08:00:00Z`, 'intraday', '0.93');
  await quote(`${days(18)}T21:00:00Z`, 'daily', '0.94');
  await quote(`${days(2)}T08:00:00Z`, 'intraday', '0.95');
  await quote(`${days(2)}T09:00:00Z`, 'intraday', '0.96');
  const signal = new AbortController().signal;
  await downSample(db.source, signal);
  await downSample(db.source, signal);
  const rows = await db.source.query(
    `select value, granularity, recorded_at - at = interval '1 minute' as as_recorded from price order by at`,
  );
  expect(rows).toEqual([
    { value: '0.91', granularity: 'daily', as_recorded: true },
    { value: '0.92', granularity: 'daily', as_recorded: true },
    { value: '0.94', granularity: 'daily', as_recorded: true },
    { value: '0.95', granularity: 'intraday', as_recorded: true },
    { value: '0.96', granularity: 'intraday', as_recorded: true },
  ]);
});
