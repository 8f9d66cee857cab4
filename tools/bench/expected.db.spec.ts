import { rowsOf } from '@scani/database';
import { testDatabase, type TestDatabase } from '@scani/database/testing';
import { CloudClient } from '@scani/cloud';
import { JobQueue } from '@scani/jobs';
import { LedgerQueries } from '@scani/ledger';
import { AssetsService, PricesService, RateQueries } from '@scani/market';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { RollupBuilder } from '../../libs/features/portfolio/src/rollup/rollup.builder.js';
import { RollupEvidence } from '../../libs/features/portfolio/src/rollup/rollup.evidence.js';
import { ValuationQueries } from '../../libs/features/portfolio/src/valuation.queries.js';
import { load } from './data.ts';

let db: TestDatabase;
beforeAll(async () => {
  db = await testDatabase();
});
afterAll(() => db.drop());

/** The expected values are floats, written with four decimals: this near they are the same. */
const near = (value: number): number => 1e-4 + value * 1e-8;

test('the rollup of a generated portfolio is what the generator expects, on every day', async () => {
  const { userId, expected } = await load(db.url, 'small', { tx: 2_000, seed: 7, days: 450 });
  const jobs = new JobQueue();
  const [ledger, rates] = [new LedgerQueries(), new RateQueries()];
  const assets = new AssetsService(db.source, new CloudClient({ url: 'http://127.0.0.1:9', apiKey: 'not-asked-here' }));
  const valuations = new ValuationQueries(ledger, rates);
  const prices = new PricesService(db.source, assets, jobs);
  const evidence = new RollupEvidence();
  await new RollupBuilder(db.source, ledger, rates, prices, valuations, evidence, jobs).follow(userId);
  const rows = await rowsOf<{ day: string; value: string }>(
    db.source,
    `select day::text, value from rollup where user_id = $1 and scope = 'user'`,
    [userId],
  );
  const values = new Map(rows.map((row) => [row.day, Number(row.value)]));
  expect(values.size).toBeGreaterThan(400);
  for (const [day, value] of expected) {
    expect(Math.abs((values.get(day) ?? 0) - value), day).toBeLessThan(near(value));
  }
});
