import { CloudClient } from '@scani/cloud';
import { rowsOf } from '@scani/database';
import { testDatabase, type TestDatabase } from '@scani/database/testing';
import { figureOf, valuedOf, VALUE_DECIMALS } from '@scani/domain';
import { JobQueue } from '@scani/jobs';
import { UsersService } from '@scani/identity';
import {
  AccountsService,
  ActionsService,
  AnchorQueries,
  CorrectionsService,
  LedgerQueries,
  LedgerService,
  noteChanges,
} from '@scani/ledger';
import { AssetsService, PricesService, RateQueries } from '@scani/market';
import { addDays, dayOf, decimal, fixedOf, startOf } from '@scani/money';
import { Invalid } from '@scani/runtime';
import fc from 'fast-check';
import { randomUUIDv7 } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ValuationQueries } from '../valuation.queries.js';
import { RollupBuilder } from './rollup.builder.js';
import { RollupEvidence } from './rollup.evidence.js';

const today = dayOf(new Date());
const DAYS = 24;
/** An hour of the last days, before the beginning of today. */
const at = (hour: number): Date => new Date(startOf(addDays(today, -DAYS)).getTime() + hour * 3_600_000);
const hour = fc.integer({ min: 0, max: DAYS * 24 - 1 });
const amount = fc.integer({ min: 1, max: 90_000 }).map((units) => decimal(String(units)).div(700).toDecimalPlaces(12));

const step = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      what: fc.constantFrom('buy', 'sell', 'deposit', 'withdraw', 'reward', 'fee', 'transfer-in' as const),
      holding: fc.integer({ min: 0, max: 5 }),
      hour,
      amount,
      price: fc.option(amount, { nil: undefined }),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({ what: fc.constant('seen' as const), holding: fc.integer({ min: 0, max: 5 }), hour, amount }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      what: fc.constant('price' as const),
      holding: fc.integer({ min: 0, max: 5 }),
      hour,
      amount,
    }),
  },
  { weight: 1, arbitrary: fc.record({ what: fc.constant('dollar' as const), hour, amount }) },
  {
    weight: 2,
    arbitrary: fc.record({
      what: fc.constantFrom('hide', 'archive', 'forget-price', 'link', 'unlink', 'reverse', 'retract' as const),
      pick: fc.nat(),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      what: fc.constantFrom('split', 'merger', 'spin-off', 'symbol-change', 'return-of-capital' as const),
      pick: fc.nat(),
      hour,
      amount,
    }),
  },
);
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

let db: TestDatabase;
let builder: RollupBuilder;
let ledger: LedgerService;
let corrections: CorrectionsService;
let accounts: AccountsService;
let actions: ActionsService;
let prices: PricesService;
let assets: AssetsService;
let currencies: { EUR: string; USD: string };

beforeAll(async () => {
  db = await testDatabase();
  const jobs = new JobQueue();
  const queries = new LedgerQueries();
  const rates = new RateQueries();
  assets = new AssetsService(db.source, new CloudClient({ url: 'http://127.0.0.1:9', apiKey: 'not-asked-here' }));
  prices = new PricesService(db.source, assets, jobs);
  ledger = new LedgerService(queries, prices, jobs);
  corrections = new CorrectionsService(ledger);
  accounts = new AccountsService(db.source, new UsersService(db.source), assets, jobs);
  actions = new ActionsService(db.source, queries, new AnchorQueries(), ledger, assets);
  const valuations = new ValuationQueries(queries, rates);
  builder = new RollupBuilder(db.source, queries, rates, prices, valuations, new RollupEvidence(), jobs);
  const rows = await rowsOf<{ symbol: 'EUR' | 'USD'; id: string }>(
    db.source,
    `select symbol, id from asset where symbol in ('EUR', 'USD') and kind = 'fiat'`,
  );
  currencies = Object.fromEntries(rows.map((row) => [row.symbol, row.id])) as typeof currencies;
});
afterAll(() => db.drop());

/** Two accounts, one of them of debts, with dollars, a share quoted in them and something with prices of its own. */
class Portfolio {
  readonly userId = randomUUIDv7();
  private readonly accounts = [randomUUIDv7(), randomUUIDv7()];
  private assetIds: string[] = [];
  private count = 0;

  async open(): Promise<void> {
    const { source } = db;
    await source.query(`insert into users (id, email, role) values ($1, $1::uuid::text, 'owner')`, [this.userId]);
    await source.query(`insert into institution (id, user_id, name, kind) values ($1, $1, 'Bank', 'bank')`, [
      this.userId,
    ]);
    for (const [index, id] of this.accounts.entries()) {
      await source.query(
        `insert into account (id, user_id, institution_id, name, kind, currency) values ($1, $2, $2, 'Main', $3, 'EUR')`,
        [id, this.userId, index === 0 ? 'asset' : 'liability'],
      );
    }
    const made = await Promise.all(
      ['WINE', 'SHARE'].map((symbol) => assets.create(this.userId, { symbol, name: symbol, kind: 'private' })),
    );
    this.assetIds = [currencies.USD, ...made.map((asset) => asset.id)];
  }

  async take(one: Step): Promise<void> {
    const { source } = db;
    this.count += 1;
    if (one.what === 'seen' || ('holding' in one && one.what !== 'price')) return this.record(one);
    if (one.what === 'price') {
      const assetId = this.assetIds[1 + (one.holding % 2)] as string;
      const currency = assetId === this.assetIds[1] ? 'EUR' : 'USD';
      const wanted = { value: one.amount.toFixed(), currency, at: at(one.hour).toISOString() };
      await prices.recordOwn(source, this.userId, assetId, wanted);
    } else if (one.what === 'dollar') {
      const wanted = { value: one.amount.toFixed(), currency: 'EUR', at: at(one.hour).toISOString() };
      await prices.recordOwn(source, this.userId, currencies.USD, wanted);
    } else if ('hour' in one) await this.act(one);
    else if (one.what === 'archive') await this.archive(one.pick);
    else await this.change(one.what, one.pick);
  }

  /** What a company does to what is held; where nothing is, it is refused. */
  private async act({ what, pick, hour, amount }: Extract<Step, { pick: number; hour: number }>): Promise<void> {
    const held = await rowsOf<{ id: string; asset_id: string }>(
      db.source,
      'select id, asset_id from holding where user_id = $1 and asset_id = any($2) order by id',
      [this.userId, this.assetIds.slice(1)],
    );
    const holding = held[pick % (held.length || 1)];
    if (!holding) return;
    const [wine, share] = this.assetIds.slice(1) as [string, string];
    const hasCash = what === 'return-of-capital' || (what === 'merger' && pick % 3 === 0);
    const asked = {
      holdingId: holding.id,
      kind: what,
      occurredAt: at(hour).toISOString(),
      ...(what === 'split' || what === 'return-of-capital'
        ? {}
        : { assetId: holding.asset_id === wine ? share : wine }),
      ...(what === 'return-of-capital' || what === 'symbol-change' ? {} : { newUnits: '3', oldUnits: '2' }),
      ...(hasCash ? { cash: amount.toFixed(), cashCurrency: pick % 2 ? 'EUR' : 'USD' } : {}),
      ...(what === 'spin-off' || (what === 'merger' && hasCash) ? { costShare: '0.25' } : {}),
    };
    await actions.create(this.userId, asked).catch((error: unknown) => {
      if (!(error instanceof Invalid)) throw error;
    });
  }

  private async archive(pick: number): Promise<void> {
    const id = this.accounts[pick % 2] as string;
    const { archived_at: since } = (
      await rowsOf<{ archived_at: Date | null }>(db.source, 'select archived_at from account where id = $1', [id])
    )[0] as { archived_at: Date | null };
    await accounts.update(this.userId, id, { archived: since === null });
  }

  private async record(one: Extract<Step, { holding: number }>): Promise<void> {
    const accountId = this.accounts[one.holding % 2] as string;
    const assetId = this.assetIds[one.holding % 3] as string;
    const [occurredAt, externalId] = [at(one.hour), String(this.count)];
    const isOut = ['sell', 'withdraw', 'fee'].includes(one.what);
    const evidence =
      one.what === 'seen'
        ? { transactions: [], observations: [{ assetId, balance: one.amount, at: occurredAt, externalId }] }
        : {
            transactions: [
              {
                assetId,
                kind: one.what as 'buy',
                quantity: isOut ? one.amount.neg() : one.amount,
                occurredAt,
                externalId,
                ...('price' in one && one.price
                  ? {
                      price: { value: one.price, assetId: currencies.EUR },
                      fee: { quantity: decimal('1.5'), assetId: currencies.USD },
                    }
                  : {}),
              },
            ],
            observations: [],
          };
    await db.source.transaction((tx) =>
      ledger.record(tx, { userId: this.userId, accountId, source: 'test', ...evidence }),
    );
  }

  private async change(what: string, pick: number): Promise<void> {
    const { source } = db;
    const one = async (sql: string): Promise<string | undefined> => {
      const rows = await rowsOf<{ id: string }>(source, sql, [this.userId]);
      return rows[pick % (rows.length || 1)]?.id;
    };
    await source.transaction(async (tx) => {
      const holding = await one('select id from holding where user_id = $1 order by id');
      if (what === 'hide' && holding) {
        await tx.query('update holding set hidden = not hidden where id = $1', [holding]);
        await noteChanges(tx, this.userId, [{ holdingId: holding, fromDay: null }]);
      } else if (what === 'forget-price') {
        const price = await one('select id from price where user_id = $1 order by id');
        if (price) await tx.query('delete from price where id = $1', [price]);
      } else if (what === 'reverse') {
        const id = await one(`select id from transaction where user_id = $1 and kind <> 'opening-balance' order by id`);
        if (id) await corrections.reverse(tx, this.userId, [id]);
      } else if (what === 'retract') {
        const id = await one('select id from observation where user_id = $1 order by id');
        if (id) await corrections.retract(tx, this.userId, [id]);
      } else if (what === 'link') await this.link(tx, pick);
      else if (what === 'unlink') await tx.query('delete from transfer_group where user_id = $1', [this.userId]);
    });
  }

  private async link(tx: { query(sql: string, values: unknown[]): Promise<unknown> }, pick: number): Promise<void> {
    const rows = await rowsOf<{ id: string; out: boolean }>(
      db.source,
      `select id, quantity < 0 as out from transaction
       where user_id = $1 and kind in ('deposit', 'withdraw', 'transfer-in') and transfer_group_id is null order by id`,
      [this.userId],
    );
    const [outs, ins] = [rows.filter((row) => row.out), rows.filter((row) => !row.out)];
    const sides = [outs[pick % (outs.length || 1)], ins[pick % (ins.length || 1)]].flatMap((side) => side?.id ?? []);
    if (sides.length < 2) return;
    const group = randomUUIDv7();
    await tx.query(`insert into transfer_group (id, user_id, verdict, decided_by) values ($1, $2, 'paired', 'user')`, [
      group,
      this.userId,
    ]);
    await tx.query('update transaction set transfer_group_id = $1 where id = any($2)', [group, sides]);
  }

  async stored(): Promise<string[]> {
    const rows = await rowsOf<{ row: string }>(
      db.source,
      `select r::text as row from rollup as r where user_id = $1
       union all select m::text from rollup_money as m where user_id = $1 order by 1`,
      [this.userId],
    );
    return rows.map(({ row }) => row);
  }

  async forget(): Promise<void> {
    for (const table of ['rollup', 'rollup_money', 'rollup_state'])
      await db.source.query(`delete from ${table} where user_id = $1`, [this.userId]);
  }
}

test('following any changes gives what building anew gives, digit for digit, and notes nothing twice', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.array(step, { minLength: 1, maxLength: 3 }), { maxLength: 9 }), async (rounds) => {
      const portfolio = new Portfolio();
      await portfolio.open();
      for (const round of rounds) {
        for (const one of round) await portfolio.take(one);
        await builder.follow(portfolio.userId);
      }
      const followed = await portfolio.stored();
      await portfolio.forget();
      await builder.follow(portfolio.userId);
      expect(followed).toEqual(await portfolio.stored());
      expect(
        await rowsOf(db.source, 'select 1 from evidence_change where user_id = $1', [portfolio.userId]),
      ).toHaveLength(0);
    }),
    { numRuns: 60 },
  );
}, 240_000);

test('a scope is what its holdings are together, by the rule of the headline', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 3, maxLength: 12 }), async (steps) => {
      const portfolio = new Portfolio();
      await portfolio.open();
      for (const one of steps) await portfolio.take(one);
      await builder.follow(portfolio.userId);
      const rows = await rowsOf<{
        scope: string;
        scope_id: string;
        account_id: string;
        day: string;
        value: string | null;
        coverage: string;
        flags: number;
      }>(
        db.source,
        `select rollup.*, holding.account_id, day::text from rollup left join holding on holding.id = rollup.scope_id
         where rollup.user_id = $1`,
        [portfolio.userId],
      );
      const valued = (row: (typeof rows)[number]) =>
        valuedOf(row.value === null ? null : fixedOf(row.value, VALUE_DECIMALS), row.flags);
      const counted = rows.filter((row) => row.scope === 'holding' && (row.flags & 16) !== 0);
      for (const row of rows.filter((one) => one.scope !== 'holding')) {
        const parts = counted.filter(
          (part) => part.day === row.day && (row.scope !== 'account' || part.account_id === row.scope_id),
        );
        const figure = figureOf(parts.map(valued));
        expect([row.value, row.coverage]).toEqual([figure.amount?.toFixed() ?? null, figure.coverage]);
      }
    }),
    { numRuns: 30 },
  );
}, 240_000);
