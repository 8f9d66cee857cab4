import { NestFactory } from '@nestjs/core';
import { Module } from '@nestjs/common';
import { CloudModule } from '@scani/cloud';
import { DatabaseModule, rowsOf } from '@scani/database';
import { testDatabase, type TestDatabase } from '@scani/database/testing';
import { JobsModule } from '@scani/jobs';
import { testRedisUrl } from '@scani/jobs/testing';
import {
  digestOfHoldings,
  DigestQueries,
  LedgerService,
  type ObservationDraft,
  type TransactionDraft,
} from '@scani/ledger';
import { AssetsService } from '@scani/market';
import { addDays, dayOf, decimal, startOf } from '@scani/money';
import fc from 'fast-check';
import { randomUUIDv7 } from 'node:crypto';
import 'reflect-metadata';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { GainsBuilder } from '../gains/gains.builder.js';
import { PortfolioJobs } from '../portfolio.module.js';
import { ValuationQueries } from '../valuation.queries.js';
import { RollupBuilder } from './rollup.builder.js';

/* The same evidence recorded in any order, in any batches, gives the same digest, balances, rollup and gains. */

const DAYS = 40;
const today = dayOf(new Date());
let db: TestDatabase;
let app: Awaited<ReturnType<typeof NestFactory.createApplicationContext>>;
let assetIds: string[];
let euro: string;

beforeAll(async () => {
  db = await testDatabase();
  @Module({
    imports: [
      DatabaseModule.register({ url: db.url, poolMax: 3, applicationName: 'test' }),
      JobsModule.register(testRedisUrl(), 'test'),
      CloudModule.register({ SCANI_CLOUD_URL: 'http://127.0.0.1:9', SCANI_CLOUD_API_KEY: 'not-asked-here' }),
      PortfolioJobs,
    ],
  })
  class Product {}
  app = await NestFactory.createApplicationContext(Product, { logger: false });
  euro = await app.get(AssetsService, { strict: false }).currencyId(db.source, 'EUR', '');
  assetIds = [];
  for (const symbol of ['ONE', 'TWO']) {
    const id = randomUUIDv7();
    await db.source.query(`insert into asset (id, symbol, name, kind, decimals) values ($1, $2, $2, 'crypto', 18)`, [
      id,
      symbol,
    ]);
    for (let days = DAYS + 3; days >= 0; days -= 7)
      await db.source.query(
        `insert into price (asset_id, quote_asset_id, at, granularity, value, source) values ($1, $2, $3, 'daily', $4, 'test')`,
        [id, euro, startOf(addDays(today, -days)), `${days + 3}.${symbol.length}7`],
      );
    assetIds.push(id);
  }
});
afterAll(async () => {
  await app.close();
  await db.drop();
});

type Fact =
  | { account: number; transaction: TransactionDraft; observation?: never }
  | { account: number; observation: ObservationDraft; transaction?: never };

const kinds = ['buy', 'sell', 'deposit', 'withdraw', 'reward'] as const;
/** Few instants, so that many things happen at the same one. */
const moment = fc.integer({ min: 1, max: 8 }).map((step) => startOf(addDays(today, -step * 5)));
const facts = fc
  .array(
    fc.record({
      account: fc.nat({ max: 1 }),
      asset: fc.nat({ max: 1 }),
      at: moment,
      kind: fc.constantFrom(...kinds, 'seen' as const),
      cents: fc.integer({ min: 1, max: 5_000 }),
      price: fc.option(fc.integer({ min: 1, max: 900 })),
    }),
    { minLength: 1, maxLength: 14 },
  )
  .map((all) =>
    all.map(({ account, asset, at, kind, cents, price }, index): Fact => {
      const size = decimal((cents / 100).toFixed(2));
      const about = { assetId: assetIds[asset] as string, externalId: String(index) };
      // Of two balances seen at one instant the later recorded holds, so one instant is seen once.
      if (kind === 'seen')
        return { account, observation: { ...about, balance: size, at: new Date(at.getTime() + (index + 1) * 1000) } };
      const isOut = kind === 'sell' || kind === 'withdraw';
      return {
        account,
        transaction: {
          ...about,
          kind,
          quantity: isOut ? size.neg() : size,
          occurredAt: at,
          ...(price === null ? {} : { price: { value: decimal(String(price)), assetId: euro } }),
        },
      };
    }),
  );

/** A person of their own who records these facts, so many at a time. */
async function outcome(all: readonly Fact[], batch: number): Promise<unknown> {
  const userId = randomUUIDv7();
  await db.source.query(`insert into users (id, email, role) values ($1, $2, 'owner')`, [
    userId,
    `${userId}@example.org`,
  ]);
  await db.source.query(`insert into institution (id, user_id, name, kind) values ($1, $1, 'Bank', 'bank')`, [userId]);
  const accounts = [randomUUIDv7(), randomUUIDv7()];
  for (const [index, id] of accounts.entries())
    await db.source.query(
      `insert into account (id, user_id, institution_id, name, kind, currency) values ($1, $2, $2, $3, 'asset', 'EUR')`,
      [id, userId, `Account ${index}`],
    );
  for (let start = 0; start < all.length; start += batch) {
    for (const [index, accountId] of accounts.entries()) {
      const own = all.slice(start, start + batch).filter((fact) => fact.account === index);
      if (own.length === 0) continue;
      await db.source.transaction((tx) =>
        app.get(LedgerService, { strict: false }).record(tx, {
          userId,
          accountId,
          source: 'test',
          transactions: own.flatMap((fact) => fact.transaction ?? []),
          observations: own.flatMap((fact) => fact.observation ?? []),
        }),
      );
      // In between somebody looks, now and then.
      if (start % 2 === 0) await app.get(RollupBuilder).follow(userId);
    }
  }
  await app.get(RollupBuilder).follow(userId);
  const base = await app.get(ValuationQueries, { strict: false }).base(db.source, userId, 'EUR');
  await app.get(GainsBuilder, { strict: false }).build(userId, base);
  const digests = app.get(DigestQueries, { strict: false });
  for (const accountId of accounts) await db.source.transaction((tx) => digests.take(tx, userId, accountId));
  const named = `join holding on holding.id = %s join account on account.id = holding.account_id join asset on asset.id = holding.asset_id`;
  const of = (sql: string): Promise<unknown[]> => rowsOf(db.source, sql, [userId]);
  return {
    digest: digestOfHoldings(await digests.taken(db.source, userId)),
    balances: await of(
      `select account.name, asset.symbol, trim_scale(balance) as balance, missing_inflows from holding
       join account on account.id = holding.account_id join asset on asset.id = holding.asset_id
       where holding.user_id = $1 order by 1, 2`,
    ),
    openings: await of(
      `select account.name, asset.symbol, trim_scale(quantity) as quantity, occurred_at from transaction
       ${named.replace('%s', 'transaction.holding_id')}
       where transaction.user_id = $1 and transaction.kind = 'opening-balance' order by 1, 2`,
    ),
    holdings: await of(
      `select account.name, asset.symbol, day, trim_scale(value) as value, coverage, flags from rollup
       ${named.replace('%s', 'rollup.scope_id')} where rollup.user_id = $1 order by 1, 2, 3`,
    ),
    totals: await of(
      `select scope, day, trim_scale(value) as value, coverage from rollup
       where user_id = $1 and scope in ('user', 'institution') order by 1, 2`,
    ),
    money: await of(
      `select scope, day, trim_scale(flow) as flow, trim_scale(income) as income, trim_scale(costs) as costs
       from rollup_money where user_id = $1 and scope = 'user' order by 1, 2`,
    ),
    gains: await of(
      `select account.name, asset.symbol, at, gains_disposal.kind, trim_scale(gains_disposal.quantity) as quantity, trim_scale(cost) as cost,
         trim_scale(gain) as gain
       from gains_disposal ${named.replace('%s', 'gains_disposal.holding_id')}
       where gains_disposal.user_id = $1 order by 1, 2, 3, 4, 5, 6`,
    ),
  };
}

test('the order in which evidence is recorded, and in which portions, makes no difference', async () => {
  await fc.assert(
    fc.asyncProperty(
      facts.chain((all) =>
        fc.record({
          all: fc.constant(all),
          shuffled: fc.shuffledSubarray(all, { minLength: all.length }),
          batch: fc.integer({ min: 1, max: 6 }),
        }),
      ),
      async ({ all, shuffled, batch }) => {
        expect(await outcome(shuffled, batch)).toEqual(await outcome(all, all.length));
      },
    ),
    { numRuns: 12 },
  );
});
