import { LedgerService, type TransactionDraft } from '@scani/ledger';
import { addDays, dayOf, decimal, startOf } from '@scani/money';
import { AssetsService } from '@scani/market';
import { Decimal as DecimalJs } from 'decimal.js';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Person, testApi, type TestApi } from './harness.js';
import { testWorker, type TestWorker } from './worker.js';

/*
 * A thousand random figures of a random ledger are worked out again from their explanations alone, with arithmetic of
 * its own that shares nothing with the product's, and must come to the same digits as the stored rows and the pages.
 */

const SEED = 20261120;
const DAYS = 500;
const VALUES = 600;
const GAINS = 250;
const RETURNS = 150;
const Exact = DecimalJs.clone({ precision: 150, rounding: DecimalJs.ROUND_HALF_EVEN });
const exact = (text: string): DecimalJs => new Exact(text);
const rounded = (value: DecimalJs, decimals: number): DecimalJs =>
  value.toDecimalPlaces(decimals, DecimalJs.ROUND_HALF_EVEN);
const plain = (value: DecimalJs): string => (value.isZero() ? '0' : value.toFixed());

let seed = SEED;
/** mulberry32 */
function random(): number {
  seed = (seed + 0x6d2b79f5) | 0;
  let mixed = Math.imul(seed ^ (seed >>> 15), 1 | seed);
  mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
  return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
}
const pick = <T>(items: readonly T[]): T => items[Math.floor(random() * items.length)] as T;
const between = (from: number, to: number): number => from + Math.floor(random() * (to - from + 1));
const amount = (most: number, decimals: number): string => (random() * most + 10 ** -decimals).toFixed(decimals);

interface Scope {
  scope: 'user' | 'institution' | 'account' | 'holding';
  id: string;
}

let api: TestApi;
let worker: TestWorker;
let person: Person;
let userId: string;
const scopes: Scope[] = [];
const today = dayOf(new Date());

beforeAll(async () => {
  api = await testApi();
  worker = await testWorker(api);
  person = await api.signedIn();
  userId = (await person.get<{ id: string }>('/api/me')).body.id;
  scopes.push({ scope: 'user', id: userId });
  await randomLedger();
  await person.get('/api/portfolio/gains?base=USD');
  await person.get('/api/portfolio/history?scope=user&range=1W&base=USD');
  await worker.idle();
}, 120_000);
afterAll(async () => {
  await worker.close();
  await api.close();
});

async function randomLedger(): Promise<void> {
  const currencies = await person.get<{ items: { code: string; assetId: string }[] }>('/api/currencies');
  const idOf = (code: string): string => currencies.body.items.find((one) => one.code === code)?.assetId ?? '';
  const price = (assetId: string, quoteId: string, days: number, value: string, own: boolean): Promise<unknown> =>
    api.db.source.query(
      `insert into price (asset_id, quote_asset_id, user_id, at, granularity, value, source)
       values ($1, $2, $3, $4, $5, $6, 'test') on conflict do nothing`,
      [assetId, quoteId, own ? userId : null, startOf(addDays(today, -days)), pick(['daily', 'intraday']), value],
    );
  for (let days = DAYS + 6; days >= 0; days -= between(1, 6)) {
    await price(idOf('USD'), idOf('EUR'), days, (0.8 + random() * 0.2).toFixed(6), false);
    await price(idOf('GBP'), idOf('USD'), days, (1.2 + random() * 0.2).toFixed(4), false);
  }
  const assets: { id: string }[] = [];
  for (let index = 0; index < 10; index += 1) {
    const symbol = `RND${index}`;
    const asset = await api.app
      .get(AssetsService, { strict: false })
      .create(userId, { symbol, name: symbol, kind: 'private', decimals: 18 });
    assets.push(asset);
    const quote = idOf(pick(['EUR', 'USD', 'GBP']));
    // The last one is never priced.
    if (index < 9)
      for (let days = DAYS; days >= 0; days -= between(1, 60)) await price(asset.id, quote, days, amount(500, 6), true);
  }
  for (const [index, kind] of (['asset', 'asset', 'asset', 'liability'] as const).entries()) {
    const { body } = await person.post<{ id: string; institution: { id: string } }>('/api/accounts', {
      name: `Account ${index}`,
      kind,
      currency: 'EUR',
      institution: { name: `Institution ${index % 2}`, kind: 'broker' },
    });
    scopes.push({ scope: 'account', id: body.id }, { scope: 'institution', id: body.institution.id });
    await fill(body.id, kind, [...assets.map((asset) => asset.id), idOf('EUR'), idOf('USD')], idOf);
  }
  const holdings = await person.get<{ items: { id: string }[] }>('/api/holdings?limit=200');
  scopes.push(...holdings.body.items.map(({ id }): Scope => ({ scope: 'holding', id })));
  await person.ask('PATCH', `/api/holdings/${holdings.body.items[3]?.id}`, { hidden: true });
}

async function fill(
  accountId: string,
  kind: 'asset' | 'liability',
  assetIds: readonly string[],
  idOf: (code: string) => string,
): Promise<void> {
  const kinds =
    kind === 'asset'
      ? (['buy', 'buy', 'buy', 'buy', 'sell', 'sell', 'withdraw', 'dividend', 'reward', 'fee'] as const)
      : (['sell', 'buy', 'interest'] as const);
  for (const assetId of assetIds.filter(() => random() < 0.7)) {
    const transactions = Array.from({ length: between(3, 30) }, (_, index): TransactionDraft => {
      const of = pick(kinds);
      const isOut = ['sell', 'withdraw', 'fee'].includes(of) || (kind === 'liability' && of === 'interest');
      // Most of what goes has come before, so that many gains are known.
      const isLate = kind === 'asset' ? isOut : !isOut;
      const size = decimal(amount(isLate ? 5 : 20, pick([0, 2, 18])));
      const isTrade = of === 'buy' || of === 'sell';
      return {
        assetId,
        kind: of,
        quantity: isOut ? size.neg() : size,
        occurredAt: new Date(Date.now() - between(1, (isLate ? DAYS / 2 : DAYS) * 86_400) * 1000),
        externalId: `${assetId}-${index}`,
        ...(isTrade && random() < 0.97
          ? { price: { value: decimal(amount(500, 4)), assetId: idOf(pick(['EUR', 'USD', 'GBP'])) } }
          : {}),
        ...(isTrade && random() < 0.4
          ? { fee: { quantity: decimal(amount(5, 2)), assetId: idOf(pick(['EUR', 'USD'])) } }
          : {}),
      };
    });
    const observations = Array.from({ length: between(0, 4) }, (_, index) => ({
      assetId,
      balance: decimal(amount(100, 3)).times(kind === 'asset' ? 1 : -1),
      at: new Date(Date.now() - between(1, DAYS * 86_400) * 1000),
      externalId: `seen-${assetId}-${index}`,
    }));
    await api.db.source.transaction((db) =>
      api.app
        .get(LedgerService, { strict: false })
        .record(db, { userId, accountId, source: 'test', transactions, observations }),
    );
  }
}

const ask = async <T>(path: string): Promise<T> => {
  const { status, body, text } = await person.get<T>(path);
  if (status !== 200) throw new Error(`${path}: ${text}`);
  return body;
};
const query = ({ scope, id }: Scope): string => (scope === 'user' ? 'scope=user' : `scope=${scope}&id=${id}`);

interface Price {
  rate: string;
  legs: { value: string }[];
}
/** A rate is its legs multiplied, each step half to even at 36 decimals. */
const rateOf = (price: Price): DecimalJs =>
  price.legs.reduce((rate, leg) => rounded(rate.times(exact(leg.value)), 36), exact('1'));

interface Values {
  figure: { amount: string | null };
  parts: {
    items: {
      accountKind: 'asset' | 'liability';
      excluded: string | null;
      balance: { quantity: string; seen: { balance: string } | null; walked: string; drift: string };
      price: Price | null;
      value: string | null;
    }[];
    nextCursor: string | null;
  };
}

function worthOf(part: Values['parts']['items'][number]): DecimalJs | null {
  const { seen, walked, drift, quantity } = part.balance;
  const sum = exact(seen?.balance ?? '0')
    .plus(exact(walked))
    .plus(exact(drift));
  const balance = part.accountKind === 'asset' && sum.isNegative() ? exact('0') : sum;
  expect(plain(balance)).toBe(quantity);
  if (balance.isZero()) return balance;
  return part.price && rounded(balance.times(rateOf(part.price)), 8);
}

test(`${VALUES} random values`, async () => {
  let known = 0;
  for (let count = 0; count < VALUES; count += 1) {
    const scope = pick(scopes);
    const on = addDays(today, -between(2, DAYS));
    const base = pick(['EUR', 'USD']);
    let cursor: string | null = '';
    let figure: string | null = null;
    const parts: Values['parts']['items'] = [];
    while (cursor !== null) {
      const page: Values = await ask(
        `/api/portfolio/value/explain?${query(scope)}&on=${on}&base=${base}&limit=200${cursor && `&cursor=${cursor}`}`,
      );
      parts.push(...page.parts.items);
      [figure, cursor] = [page.figure.amount, page.parts.nextCursor];
    }
    const counted = parts.filter((part) => scope.scope === 'holding' || part.excluded === null).map(worthOf);
    const worths = counted.filter((worth) => worth !== null);
    const total = worths.length === 0 && counted.length > 0 ? null : Exact.sum(0, ...worths);
    const again = total && plain(total);
    const [stored] = (await api.db.source.query(
      `select value::text from rollup where user_id = $1 and base_currency = $2 and scope = $3 and scope_id = $4 and day = $5`,
      [userId, base, scope.scope, scope.id, on],
    )) as { value: string | null }[];
    const about = `${scope.scope} on ${on} in ${base}`;
    expect([about, figure]).toEqual([about, again]);
    // Before anybody's first record there is no row, and nothing is known to have been held.
    if (stored) expect([about, stored.value && plain(exact(stored.value))]).toEqual([about, again]);
    if (again !== null && again !== '0') known += 1;
  }
  expect(known).toBeGreaterThan(VALUES / 3);
});

interface Paid {
  value: string;
  rate: Price | null;
  inBase: string | null;
}
interface Gain {
  short: boolean;
  quantity: string;
  disposal: { kind: string; price: Paid | null; fee: Paid | null };
  proceeds: string | null;
  cost: string | null;
  gain: string | null;
  lots: { rule: string; quantity: string; of: { quantity: string; cost: string | null } }[];
}

const paid = (of: Paid | null): DecimalJs | null =>
  of?.rate ? rounded(exact(of.value).times(rateOf(of.rate)), 36) : null;

test(`${GAINS} random gains, by several methods`, async () => {
  let known = 0;
  for (const method of ['fifo', 'average', 'section-104', 'hifo', 'lifo']) {
    await person.ask('PATCH', '/api/me', { costBasisMethod: method });
    for (const base of ['EUR', 'USD']) await ask(`/api/portfolio/gains?base=${base}`);
    await worker.idle();
    const rows = (await api.db.source.query(
      'select base_currency as base, transaction_id as id, gain::text from gains_disposal where user_id = $1',
      [userId],
    )) as { base: string; id: string; gain: string | null }[];
    for (let count = 0; count < GAINS / 5; count += 1) {
      const row = pick(rows);
      const explained = await ask<Gain>(`/api/portfolio/gains/${row.id}/explain?base=${row.base}`);
      const again = gainOf(explained);
      expect([method, row.id, explained.gain]).toEqual([method, row.id, again && plain(again)]);
      expect(row.gain && plain(rounded(exact(row.gain), 8))).toBe(explained.gain);
      if (again !== null) known += 1;
    }
  }
  expect(known).toBeGreaterThan(GAINS / 3);
});

function gainOf({ short, quantity, disposal, lots }: Gain): DecimalJs | null {
  const price = paid(disposal.price);
  const fee = disposal.fee ? paid(disposal.fee) : exact('0');
  const isTrade = disposal.kind === 'sell' || disposal.kind === 'buy';
  if (price === null || (isTrade && fee === null)) return null;
  // The parts of lots are exact to 36 decimals; what is closed beyond all lots has no cost that anybody knows.
  const parts = lots.map((lot) =>
    lot.of.cost === null ? null : exact(lot.of.cost).times(exact(lot.quantity)).div(exact(lot.of.quantity)),
  );
  if (parts.some((part) => part === null)) return null;
  const ofLots = Exact.sum(0, ...parts.filter((part) => part !== null));
  const traded = exact(quantity).times(price);
  if (short) return rounded(ofLots.minus(traded.plus(fee ?? 0)), 8);
  return rounded((isTrade ? traded.minus(fee ?? 0) : traded).minus(ofLots), 8);
}

interface Return {
  ready: boolean;
  performance: {
    from: string;
    to: string;
    start: string | null;
    end: string | null;
    netFlows: string;
    gain: string | null;
    twr: { value: string | null };
    xirr: { state: string; value: string | null };
  };
  days: {
    items: { day: string; flow: string; capital: string | null; end: string | null; gap: string | null }[];
    nextCursor: string | null;
  };
}

test(`${RETURNS} random returns`, async () => {
  let known = 0;
  for (let count = 0; count < RETURNS; count += 1) {
    const scope = pick(scopes);
    const range = pick(['1M', '3M', 'YTD', '1Y', 'ALL']);
    const base = pick(['EUR', 'USD']);
    const days: Return['days']['items'] = [];
    let cursor: string | null = '';
    let performance: Return['performance'] | undefined;
    while (cursor !== null) {
      const page: Return = await ask(
        `/api/portfolio/performance/explain?${query(scope)}&range=${range}&base=${base}&limit=200${cursor && `&cursor=${cursor}`}`,
      );
      expect(page.ready).toBe(true);
      days.push(...page.days.items);
      [performance, cursor] = [page.performance, page.days.nextCursor];
    }
    if (!performance) throw new Error('no answer');
    const about = `${scope.scope} ${scope.id} ${range} ${base}`;
    const flows = Exact.sum(0, ...days.map((day) => exact(day.flow)));
    expect([about, plain(flows)]).toEqual([about, performance.netFlows]);
    if (performance.start !== null && performance.end !== null)
      expect(plain(exact(performance.end).minus(performance.start).minus(flows))).toBe(performance.gain);
    if (performance.twr.value !== null) {
      const linked = days.filter((day) => day.capital !== null && day.end !== null);
      const grown = linked.reduce(
        (product, day) => rounded(product.times(exact(day.end ?? '')).div(exact(day.capital ?? '')), 40),
        exact('1'),
      );
      expect([about, plain(rounded(grown.minus(1), 10))]).toEqual([about, performance.twr.value]);
      known += 1;
    }
    if (performance.xirr.value !== null) expectNothingLeft(performance, days, about);
  }
  expect(known).toBeGreaterThan(RETURNS / 4);
});

/** At the rate that was told, all flows together weigh next to nothing beside what moved. */
function expectNothingLeft(
  { from, to, start, end, xirr }: Return['performance'],
  days: Return['days']['items'],
  about: string,
): void {
  const Rough = DecimalJs.clone({ precision: 40 });
  const growth = new Rough(xirr.value ?? '').plus(1);
  const flows = [
    { day: from, amount: new Rough(start ?? '0').neg() },
    ...days.map((day) => ({ day: day.day, amount: new Rough(day.flow).neg() })),
    { day: to, amount: new Rough(end ?? '0') },
  ].filter(({ amount: moved }) => !moved.isZero());
  const weigh = (rate: DecimalJs): { left: DecimalJs; moved: DecimalJs } => {
    let [left, moved] = [new Rough(0), new Rough(0)];
    for (const { day, amount: flow } of flows) {
      const years = new Rough((Date.parse(day) - Date.parse(from)) / 86_400_000).div(365);
      const part = flow.div(rate.pow(years));
      left = left.plus(part);
      moved = moved.plus(part.abs());
    }
    return { left, moved };
  };
  // The rate has ten decimals: on its two sides what is left has two signs, or it is as good as nothing.
  const below = weigh(growth.minus('1e-9')).left;
  const above = weigh(growth.plus('1e-9')).left;
  const { left, moved } = weigh(growth);
  expect([about, below.s !== above.s || left.abs().lte(moved.times('1e-9'))]).toEqual([about, true]);
}
