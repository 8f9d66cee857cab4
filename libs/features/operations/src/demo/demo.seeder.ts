import { type AssetRef, type Chain, CloudClient, CloudError, type PriceQuote } from '@scani/cloud';
import { rowOf } from '@scani/database';
import { syncWallet } from '@scani/integrations';
import { JobQueue } from '@scani/jobs';
import { accrueYield, LedgerService, linkTransfers, type ObservationDraft, type TransactionDraft } from '@scani/ledger';
import { AssetsService, PricesService } from '@scani/market';
import { addDays, type Day, dayOf, Decimal, type Decimal as Amount, decimal, ONE, startOf, sum } from '@scani/money';
import { randomUUIDv7 } from 'node:crypto';
import type { DataSource, EntityManager } from 'typeorm';
import {
  DEMO_ACCOUNTS,
  DEMO_MONTHS,
  DEMO_PURCHASES,
  DEMO_SALES,
  DEMO_VAULT,
  DEMO_WALLET,
  DEMO_YIELD,
  type DemoPurchase,
  expense,
  FLAT,
  monthly,
  MORTGAGE,
  MORTGAGE_PAYMENT,
  RENT_AND_LIFE,
  repeatable,
  SALARY,
} from './demo.plan.js';

const SOURCE = 'demo';
const NOON_MS = 12 * 3_600_000;
const DEMO_EMAIL = 'demo@scani.invalid';

interface Priced extends DemoPurchase {
  assetId: string;
  currencyId: string;
  quotes: Map<string, PriceQuote>;
}

type Drafts = Map<string, { transactions: TransactionDraft[]; observations: ObservationDraft[] }>;

export type DemoOutcome = 'seeded' | 'there' | 'not-wanted';

/** Makes the demo portfolio: a user of its own, recorded like any other, valued by the prices that the data-provider gives. */
export class DemoSeeder {
  constructor(
    private readonly source: DataSource,
    private readonly cloud: CloudClient,
    private readonly assets: AssetsService,
    private readonly prices: PricesService,
    private readonly ledger: LedgerService,
    private readonly jobs: JobQueue,
  ) {}

  /** On an installation that people use already it does nothing unless forced: a demo that was removed stays away. */
  async seed(say: (line: string) => void, force: boolean): Promise<DemoOutcome> {
    const [state] = (await this.source.query(
      'select exists (select 1 from users where is_demo) as there, exists (select 1 from users where not is_demo) as used',
    )) as { there: boolean; used: boolean }[];
    if (state?.there) return 'there';
    if (state?.used && !force) return 'not-wanted';
    const today = dayOf(new Date());
    const priced = await this.lookUp(today, say);
    const chain = await this.walletChain();
    say('recording three years of a made-up household');
    await this.source.transaction((db) => this.record(db, today, priced, chain));
    return 'seeded';
  }

  private async lookUp(today: Day, say: (line: string) => void): Promise<Priced[]> {
    const from = addDays(startOfPlan(today), -10);
    const priced: Priced[] = [];
    for (const purchase of DEMO_PURCHASES) {
      say(`prices of ${purchase.symbol} (${priced.length + 1} of ${DEMO_PURCHASES.length})`);
      const asset = await this.assets.create(randomUUIDv7(), {
        symbol: purchase.symbol,
        name: purchase.symbol,
        kind: 'other',
        identity: { provider: purchase.provider, externalId: purchase.externalId },
      });
      const ref: AssetRef = {
        id: asset.id,
        kind: asset.kind,
        symbol: asset.symbol,
        identities: [{ provider: purchase.provider, externalId: purchase.externalId }],
      };
      const quotes = await this.history(ref, from, today);
      const currency = quotes[0]?.currency;
      if (!currency) throw new Error(`there are no prices for ${purchase.symbol}: is the data-provider up?`);
      priced.push({
        ...purchase,
        assetId: asset.id,
        currencyId: await this.assets.currencyId(this.source, currency, '/currency'),
        quotes: new Map(quotes.map((quote) => [quote.at.slice(0, 10), quote])),
      });
    }
    return priced;
  }

  private async history(ref: AssetRef, from: Day, to: Day): Promise<PriceQuote[]> {
    const quotes = await this.cloud.priceHistory(ref, from, to);
    await this.source.transaction(async (db) => {
      await this.prices.recordQuotes(db, quotes);
    });
    return quotes;
  }

  private async record(
    db: EntityManager,
    today: Day,
    priced: readonly Priced[],
    chain: Chain | undefined,
  ): Promise<void> {
    const userId = randomUUIDv7();
    await db.query(
      `insert into users (id, email, display_name, role, is_demo) values ($1, $2, 'Demo household', 'owner', true)`,
      [userId, DEMO_EMAIL],
    );
    const accounts = await this.makeAccounts(db, userId);
    const drafts: Drafts = new Map(
      DEMO_ACCOUNTS.map((account) => [account.key, { transactions: [], observations: [] }]),
    );
    await this.life(db, today, drafts);
    invest(today, priced, drafts);
    sell(today, priced, drafts);
    await this.property(db, today, drafts, userId);
    for (const account of DEMO_ACCOUNTS) {
      const evidence = drafts.get(account.key);
      const accountId = accounts.get(account.key);
      if (evidence && accountId) await this.ledger.record(db, { userId, accountId, source: SOURCE, ...evidence });
    }
    await this.plans(db, userId, today, accounts);
    if (chain) await this.followWallet(db, userId, chain);
    await this.jobs.ask(db, linkTransfers, { userId });
    await db.query('update users set sees_demo = true where began_at is null and not is_demo');
  }

  /** Undefined where its chain is not read: the demo does without. */
  private async walletChain(): Promise<Chain | undefined> {
    try {
      return (await this.cloud.chains()).find(({ id, offered }) => id === DEMO_WALLET.chain && offered);
    } catch (error) {
      if (error instanceof CloudError) return undefined;
      throw error;
    }
  }

  /** What is in it comes from the chain, as it does for everybody. */
  private async followWallet(db: EntityManager, userId: string, { id, name, explorer }: Chain): Promise<void> {
    const walletId = randomUUIDv7();
    await db.query(
      `with place as (insert into institution (id, user_id, name, kind) values ($3, $2, $5, 'wallet') returning id),
       held as (
         insert into account (id, user_id, institution_id, name, kind, currency)
         select $4, $2, place.id, $7, 'asset', 'EUR' from place returning id)
       insert into wallet (id, user_id, account_id, chain, chain_name, explorer, address)
       select $1, $2, held.id, $6, $7, $8, $9 from held`,
      [
        walletId,
        userId,
        randomUUIDv7(),
        randomUUIDv7(),
        DEMO_WALLET.institution,
        id,
        name,
        explorer,
        DEMO_WALLET.address,
      ],
    );
    await this.jobs.ask(db, syncWallet, { walletId, userId }, { userId });
  }

  /** Interest that the dollar account pays by itself, and what the savings are meant for. */
  private async plans(
    db: EntityManager,
    userId: string,
    today: Day,
    accounts: ReadonlyMap<string, string>,
  ): Promise<void> {
    const holdingIn = async (key: string): Promise<string | undefined> =>
      (await rowOf<{ id: string }>(db, 'select id from holding where account_id = $1', [accounts.get(key)]))?.id;
    const [dollars, savings] = [await holdingIn('dollars'), await holdingIn('savings')];
    if (!dollars || !savings) return;
    const [startsOn] = monthly(today, DEMO_YIELD.monthsAgo, 1);
    await db.query(
      `insert into yield_config (id, user_id, holding_id, rate, payouts_per_year, starts_on) values ($1, $2, $3, $4, $5, $6)`,
      [randomUUIDv7(), userId, dollars, DEMO_YIELD.rate, DEMO_YIELD.payoutsPerYear, startsOn],
    );
    await this.jobs.ask(db, accrueYield, { holdingId: dollars, userId });
    const vaultId = randomUUIDv7();
    const { name, target, currency, percent, yearsAhead } = DEMO_VAULT;
    await db.query(`insert into vault (id, user_id, name, target, currency, due_on) values ($1, $2, $3, $4, $5, $6)`, [
      vaultId,
      userId,
      name,
      target,
      currency,
      `${Number(today.slice(0, 4)) + yearsAhead}-06-30`,
    ]);
    await db.query('insert into vault_slice (vault_id, holding_id, user_id, percent) values ($1, $2, $3, $4)', [
      vaultId,
      savings,
      userId,
      percent,
    ]);
  }

  private async makeAccounts(db: EntityManager, userId: string): Promise<Map<string, string>> {
    const ids = new Map<string, string>();
    for (const account of DEMO_ACCOUNTS) {
      const institution = await rowOf<{ id: string }>(
        db,
        `insert into institution (id, user_id, name, kind) values ($1, $2, $3, $4)
         on conflict (user_id, name) do update set name = excluded.name returning id`,
        [randomUUIDv7(), userId, account.institution, account.institutionKind],
      );
      const id = randomUUIDv7();
      await db.query(
        'insert into account (id, user_id, institution_id, name, kind, currency) values ($1, $2, $3, $4, $5, $6)',
        [id, userId, institution?.id, account.name, account.kind, account.currency],
      );
      ids.set(account.key, id);
    }
    return ids;
  }

  /** Salary, everyday spending, saving, interest. */
  private async life(db: EntityManager, today: Day, drafts: Drafts): Promise<void> {
    const euro = await this.assets.currencyId(db, 'EUR', '/currency');
    const dollar = await this.assets.currencyId(db, 'USD', '/currency');
    const below = repeatable(2026);
    const put = putter(drafts);
    for (const day of monthly(today, DEMO_MONTHS, 1)) {
      put('everyday', euro, 'deposit', SALARY, day, 'Salary Employer Ltd');
      put('everyday', euro, 'withdraw', decimal('-600'), day, 'To savings');
      put('everyday', euro, 'withdraw', MORTGAGE_PAYMENT.neg(), day, 'Mortgage');
      put('everyday', euro, 'withdraw', decimal('-1450'), day, 'Savings plan');
      put('everyday', euro, 'withdraw', decimal('-212.4'), day, 'Insurance Mutual');
      put('savings', euro, 'deposit', decimal('600'), day, 'From everyday');
      put('dollars', dollar, 'deposit', decimal('210'), day, 'Royalties');
      for (let times = 0; times < 14; times += 1) {
        const on = addDays(day, below(28));
        const shop = RENT_AND_LIFE[below(RENT_AND_LIFE.length)] ?? 'Shop';
        const spent = expense(below).neg();
        if (on <= today) put('everyday', euro, 'withdraw', spent, on, shop);
      }
    }
    for (const day of monthly(today, DEMO_MONTHS, 28, 3))
      put('savings', euro, 'interest', decimal('41.18'), day, 'Interest');
  }

  /** A flat that nobody quotes, with the owner's own price, and what is still owed for it. */
  private async property(db: EntityManager, today: Day, drafts: Drafts, userId: string): Promise<void> {
    const euro = await this.assets.currencyId(db, 'EUR', '/currency');
    const flatId = randomUUIDv7();
    await db.query(
      `insert into asset (id, user_id, symbol, name, kind, decimals) values ($1, $2, 'FLAT', 'Flat, Linden Street 4', 'private', 2)`,
      [flatId, userId],
    );
    const bought = startOfPlan(today);
    const valued = monthly(today, DEMO_MONTHS, 1);
    for (const [index, at] of valued.entries()) {
      // Eight per cent more over the whole time, in even steps.
      const value = FLAT.times(ONE.plus(new Decimal(8 * index).div(100 * valued.length))).toFixed(0);
      await this.prices.recordOwn(db, userId, flatId, { value, currency: 'EUR', at: startOf(at).toISOString() });
    }
    drafts.get('home')?.transactions.push(draft(flatId, 'buy', new Decimal(1), bought, 'Flat, Linden Street 4', 0));
    const put = putter(drafts);
    put('mortgage', euro, 'withdraw', MORTGAGE, bought, 'Mortgage');
    for (const day of monthly(today, DEMO_MONTHS - 1, 15))
      put('mortgage', euro, 'deposit', MORTGAGE_PAYMENT, day, 'Repayment');
  }
}

function invest(today: Day, priced: readonly Priced[], drafts: Drafts): void {
  for (const purchase of priced) {
    for (const [index, day] of monthly(today, DEMO_MONTHS, purchase.day, purchase.everyMonths).entries()) {
      const quote = lastQuote(purchase.quotes, day);
      if (!quote) continue;
      const price = decimal(quote.value);
      const quantity = purchase.spend.div(price).toDecimalPlaces(purchase.decimals, Decimal.ROUND_DOWN);
      drafts.get(purchase.account)?.transactions.push({
        ...draft(purchase.assetId, 'buy', quantity, day, `Savings plan ${purchase.symbol}`, index),
        price: { value: price, assetId: purchase.currencyId },
        fee: { quantity: decimal('1'), assetId: purchase.currencyId },
      });
    }
  }
}

/** Of what the drafts have bought by then. */
function sell(today: Day, priced: readonly Priced[], drafts: Drafts): void {
  for (const [index, { symbol, monthsAgo, share }] of DEMO_SALES.entries()) {
    const purchase = priced.find((one) => one.symbol === symbol);
    const [day] = monthly(today, monthsAgo, 15);
    const transactions = purchase && drafts.get(purchase.account)?.transactions;
    const quote = purchase && day && lastQuote(purchase.quotes, day);
    if (!transactions || !day || !quote) continue;
    const held = sum(
      transactions
        .filter((one) => one.assetId === purchase.assetId && one.occurredAt < startOf(day))
        .map((one) => one.quantity),
    );
    const quantity = held.times(share).toDecimalPlaces(purchase.decimals, Decimal.ROUND_DOWN);
    if (quantity.isZero()) continue;
    transactions.push({
      ...draft(purchase.assetId, 'sell', quantity.neg(), day, `Sold ${symbol}`, 1_000 + index),
      price: { value: decimal(quote.value), assetId: purchase.currencyId },
      fee: { quantity: decimal('2.5'), assetId: purchase.currencyId },
    });
  }
}

function lastQuote(quotes: ReadonlyMap<string, PriceQuote>, day: Day): PriceQuote | undefined {
  for (let back = 0; back < 7; back += 1) {
    const quote = quotes.get(addDays(day, -back));
    if (quote) return quote;
  }
  return undefined;
}

const startOfPlan = (today: Day): Day => monthly(today, DEMO_MONTHS, 1)[0] ?? today;

type Put = (
  account: string,
  assetId: string,
  kind: TransactionDraft['kind'],
  quantity: Amount,
  day: Day,
  description: string,
) => void;

function putter(drafts: Drafts): Put {
  return (account, assetId, kind, quantity, day, description) => {
    const transactions = drafts.get(account)?.transactions;
    transactions?.push(draft(assetId, kind, quantity, day, description, transactions.length));
  };
}

function draft(
  assetId: string,
  kind: TransactionDraft['kind'],
  quantity: Amount,
  day: Day,
  description: string,
  index: number,
): TransactionDraft {
  const occurredAt = new Date(startOf(day).getTime() + NOON_MS);
  return {
    assetId,
    kind,
    quantity,
    occurredAt: new Date(Math.min(occurredAt.getTime(), Date.now())),
    description,
    externalId: `${day}-${index}`,
  };
}
