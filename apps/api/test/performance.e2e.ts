import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Answer, type Person, testApi, type TestApi } from './harness.js';
import { testWorker, type TestWorker } from './worker.js';

let api: TestApi;
let worker: TestWorker;
beforeAll(async () => {
  api = await testApi();
  worker = await testWorker(api);
});
afterAll(async () => {
  await worker.close();
  await api.close();
});

interface Performance {
  base: string;
  from: string;
  to: string;
  start: string | null;
  end: string | null;
  netFlows: string | null;
  income: string | null;
  costs: string | null;
  gain: string | null;
  twr: { value: string | null; annualised: string | null; reason: string | null; from: string | null };
  xirr: { state: string; value: string | null; reason: string | null };
  currencyEffect: string | null;
  benchmark: Record<string, unknown> | null;
  notes: string[];
}

const made = async (answer: Promise<Answer>): Promise<string> => {
  const { status, body, text } = await answer;
  if (status !== 201) throw new Error(text);
  return (body as { id: string }).id;
};
const DAY_MS = 86_400_000;
/** Noon, so that a test at midnight still means the day it says. */
const noon = (daysAgo: number): string =>
  `${new Date(Date.now() - daysAgo * DAY_MS).toISOString().slice(0, 10)}T12:00:00.000Z`;
const dayAgo = (days: number): string => noon(days).slice(0, 10);

const account = (person: Person, about: object = {}): Promise<string> =>
  made(
    person.post('/api/accounts', {
      name: 'Main',
      kind: 'asset',
      currency: 'EUR',
      institution: { name: 'Northbank', kind: 'bank' },
      ...about,
    }),
  );
const currency = async (person: Person, code: string): Promise<string> => {
  const { body } = await person.get<{ items: { code: string; assetId: string }[] }>('/api/currencies');
  return body.items.find((one) => one.code === code)?.assetId ?? '';
};
const asset = (person: Person, symbol: string): Promise<string> =>
  made(person.post('/api/assets', { symbol, name: symbol, kind: 'private', decimals: 18 }));
const price = (person: Person, assetId: string, value: string, days: number, code = 'EUR'): Promise<string> =>
  made(person.post(`/api/assets/${assetId}/prices`, { value, currency: code, ...(days ? { at: noon(days) } : {}) }));
const performance = async (person: Person, query: string): Promise<Performance> => {
  await worker.idle();
  const answer = await person.get<Performance>(`/api/portfolio/performance?${query}`);
  if (answer.status !== 200) throw new Error(answer.text);
  return answer.body;
};
/** Three bottles since ten days ago, bought for 100 each; worth 110 since five days ago and 121 now. */
async function wine(person: Person): Promise<{ accountId: string; assetId: string; holding: string }> {
  const accountId = await account(person);
  const assetId = await asset(person, 'WINE');
  await price(person, assetId, '100', 10);
  await price(person, assetId, '110', 5);
  await price(person, assetId, '121', 0);
  const holding = await made(person.post('/api/holdings', { accountId, assetId, balance: '3', at: noon(10) }));
  return { accountId, assetId, holding };
}

/** 1.21 to the power of 36.5, less one: 21 % in ten days. */
const IN_A_YEAR = '1050.1531995001';

test('what was put in is no gain; the gain is the same in every scope that holds it', async () => {
  const ada = await api.signedIn();
  const { accountId, holding } = await wine(ada);
  const { body } = await ada.get<{ account: { institution: { id: string } } }>(`/api/holdings/${holding}`);
  for (const scope of [
    'scope=user',
    `scope=institution&id=${body.account.institution.id}`,
    `scope=account&id=${accountId}`,
    `scope=holding&id=${holding}`,
  ]) {
    expect(await performance(ada, `${scope}&range=ALL`)).toEqual({
      base: 'EUR',
      scope: scope.slice(6).split('&')[0],
      range: 'ALL',
      from: dayAgo(11),
      to: dayAgo(0),
      start: '0',
      end: '363',
      netFlows: '300',
      income: '0',
      costs: '0',
      gain: '63',
      twr: { value: '0.21', annualised: null, reason: null, from: dayAgo(10), to: dayAgo(0) },
      xirr: { state: 'known', value: IN_A_YEAR, reason: null },
      currencyEffect: '0',
      benchmark: null,
      notes: [],
    });
  }
});
test('a purchase at a price counts as that, with its fee; income and costs stay inside', async () => {
  const bob = await api.signedIn();
  const { accountId, holding } = await wine(bob);
  const moved = (id: string, body: object): Promise<string> => made(bob.post(`/api/holdings/${id}/transactions`, body));
  await moved(holding, {
    kind: 'buy',
    quantity: '1',
    occurredAt: noon(3),
    price: '111',
    priceCurrency: 'EUR',
    fee: '1',
    feeCurrency: 'EUR',
  });
  const cash = await made(
    bob.post('/api/holdings', { accountId, assetId: await currency(bob, 'EUR'), balance: '1000', at: noon(9) }),
  );
  await moved(cash, { kind: 'withdraw', quantity: '112', occurredAt: noon(3) });
  await moved(cash, { kind: 'interest', quantity: '5', occurredAt: noon(2) });
  await moved(cash, { kind: 'fee', quantity: '2', occurredAt: noon(2) });
  // Four bottles at 121 and 891 in cash; 300 and 1000 were put in.
  expect(await performance(bob, `scope=account&id=${accountId}&range=ALL`)).toMatchObject({
    end: '1375',
    netFlows: '1300',
    income: '5',
    costs: '3',
    gain: '75',
  });
  expect(await performance(bob, `scope=holding&id=${holding}&range=ALL`)).toMatchObject({
    end: '484',
    netFlows: '412',
    gain: '72',
  });
});

test('a balance that is set again is money that moved, not a return', async () => {
  const carol = await api.signedIn();
  const accountId = await account(carol);
  const cash = await made(
    carol.post('/api/holdings', { accountId, assetId: await currency(carol, 'EUR'), balance: '100', at: noon(8) }),
  );
  await made(carol.post(`/api/holdings/${cash}/observations`, { balance: '900', at: noon(4) }));
  const found = await performance(carol, 'scope=user&range=ALL');
  expect(found).toMatchObject({ end: '900', netFlows: '900', gain: '0', twr: { value: '0' } });
  expect(found.xirr).toEqual({ state: 'known', value: '0', reason: null });
});

test('what exchange rates made is told apart', async () => {
  const dan = await api.signedIn();
  const usd = await currency(dan, 'USD');
  const eur = await currency(dan, 'EUR');
  for (const [days, value] of [
    [9, '0.8'],
    [4, '0.9'],
  ] as const) {
    await api.db.source.query(
      `insert into price (asset_id, quote_asset_id, at, value, granularity, source)
       values ($1, $2, $3, $4, 'daily', 'test')`,
      [usd, eur, noon(days), value],
    );
  }
  const accountId = await account(dan);
  const assetId = await asset(dan, 'FUND');
  await price(dan, assetId, '10', 9, 'USD');
  await price(dan, assetId, '12', 2, 'USD');
  const holding = await made(dan.post('/api/holdings', { accountId, assetId, balance: '100', at: noon(9) }));
  // 1000 USD at 0.8 become 1000 at 0.9 and then 1200 at 0.9.
  expect(await performance(dan, `scope=holding&id=${holding}&range=ALL`)).toMatchObject({
    netFlows: '800',
    end: '1080',
    gain: '280',
    twr: { value: '0.35' },
    currencyEffect: '100',
  });
});

test('what is not known is told, and never zero', async () => {
  const eve = await api.signedIn();
  expect(await performance(eve, 'scope=user&range=1Y')).toMatchObject({
    gain: '0',
    twr: { value: null, reason: 'Nothing was held for a whole day in this time.' },
    xirr: { state: 'undefined', value: null, reason: 'No money was at work in this time.' },
  });
  const accountId = await account(eve);
  const assetId = await asset(eve, 'ART');
  const holding = await made(eve.post('/api/holdings', { accountId, assetId, balance: '1', at: noon(6) }));
  const before = await eve.get<Performance>(`/api/portfolio/performance?scope=holding&id=${holding}&range=1M&base=CHF`);
  expect(before.body).toMatchObject({ gain: null, twr: { reason: 'The daily values are still being worked out.' } });
  expect(await performance(eve, `scope=holding&id=${holding}&range=1M`)).toMatchObject({
    end: null,
    gain: null,
    twr: { value: null, reason: expect.stringContaining('The value is not known on') as string },
    xirr: { state: 'undefined', reason: 'The value of now is not known.' },
    notes: ['1 holding has no price and is left out.'],
  });
});

test('a move between two accounts of mine is no flow of both, and what was lost on the way is a cost', async () => {
  const fay = await api.signedIn();
  const { assetId, holding } = await wine(fay);
  const cellar = await account(fay, { name: 'Cellar' });
  const there = await made(fay.post('/api/holdings', { accountId: cellar, assetId, balance: '0', at: noon(9) }));
  const moved = (id: string, kind: string, quantity: string): Promise<string> =>
    made(fay.post(`/api/holdings/${id}/transactions`, { kind, quantity, occurredAt: noon(4) }));
  const sides = [await moved(holding, 'transfer-out', '2'), await moved(there, 'transfer-in', '1.5')];
  const before = await performance(fay, 'scope=user&range=ALL');
  // Half a bottle at 110 seems to have been taken out.
  expect(before).toMatchObject({ netFlows: '245', costs: '0', gain: '57.5' });
  await api.db.source.query(
    `with made as (insert into transfer_group (id, user_id, verdict, decided_by)
       select gen_random_uuid(), user_id, 'paired', 'user' from transaction where id = $1 returning id)
     update transaction set transfer_group_id = made.id from made where transaction.id = any($2)`,
    [sides[0], sides],
  );
  await api.db.source.query(
    `insert into job (id, name, key, title, payload)
     select gen_random_uuid(), 'rebuild-rollup', user_id, 'Update charts', jsonb_build_object('userId', user_id)
     from transaction where id = $1`,
    [sides[0]],
  );
  expect(await performance(fay, 'scope=user&range=ALL')).toMatchObject({ netFlows: '300', costs: '55', gain: '2.5' });
  expect(await performance(fay, `scope=holding&id=${there}&range=ALL`)).toMatchObject({ netFlows: '220', costs: '55' });
});

interface Acted {
  everything: Performance;
  account: Performance;
  shares: Performance;
  /** Of what the shares became, or brought; null where that is nothing. */
  given: Performance | null;
}
/** Ten shares of 100 each since ten days, something happens to them at noon four days ago, and its prices follow. */
async function acted(action: object, prices: { shares: string; given: string }, cash?: string): Promise<Acted> {
  const ivy = await api.signedIn();
  const accountId = await account(ivy);
  const [shares, other] = [await asset(ivy, 'OLD'), await asset(ivy, 'NEW')];
  await price(ivy, shares, '100', 10);
  await price(ivy, shares, prices.shares, 4);
  await price(ivy, other, prices.given, 4);
  const holding = await made(ivy.post('/api/holdings', { accountId, assetId: shares, balance: '10', at: noon(10) }));
  const named = 'assetId' in action ? { ...action, assetId: other } : action;
  await made(ivy.post('/api/corporate-actions', { ...named, holdingId: holding, occurredAt: noon(4) }));
  if (cash) {
    const assetId = await currency(ivy, 'EUR');
    const purse = await made(ivy.post('/api/holdings', { accountId, assetId, balance: '0', at: noon(9) }));
    await made(
      ivy.post(`/api/holdings/${purse}/transactions`, { kind: 'deposit', quantity: cash, occurredAt: noon(4) }),
    );
  }
  const { body } = await ivy.get<{ items: { id: string; asset: { symbol: string } }[] }>(
    `/api/holdings?accountId=${accountId}`,
  );
  const given = body.items.find((one) => one.asset.symbol === 'NEW');
  return {
    everything: await performance(ivy, 'scope=user&range=ALL'),
    account: await performance(ivy, `scope=account&id=${accountId}&range=ALL`),
    shares: await performance(ivy, `scope=holding&id=${holding}&range=ALL`),
    given: given ? await performance(ivy, `scope=holding&id=${given.id}&range=ALL`) : null,
  };
}
const OTHER = { assetId: 'the other one' };

test.each([
  {
    name: 'a split moves units and no money',
    action: { kind: 'split', newUnits: '4', oldUnits: '1' },
    prices: { shares: '26', given: '1' },
    above: { end: '1040', gain: '40', twr: '0.04' },
    shares: { end: '1040', netFlows: '1000', gain: '40' },
    given: null,
  },
  {
    name: 'a new symbol takes everything along',
    action: { kind: 'symbol-change', ...OTHER },
    prices: { shares: '100', given: '105' },
    above: { end: '1050', gain: '50', twr: '0.05' },
    shares: { end: '0', netFlows: '-50', gain: '50' },
    given: { end: '1050', netFlows: '1050', gain: '0' },
  },
  {
    name: 'shares that become others are neither sold nor bought',
    action: { kind: 'merger', newUnits: '1', oldUnits: '2', ...OTHER },
    prices: { shares: '100', given: '220' },
    above: { end: '1100', gain: '100', twr: '0.1' },
    shares: { end: '0', netFlows: '-100', gain: '100' },
    given: { end: '1100', netFlows: '1100', gain: '0' },
  },
  {
    name: 'cash of a merger leaves the shares and is in the purse',
    action: {
      kind: 'merger',
      newUnits: '1',
      oldUnits: '2',
      cash: '30',
      cashCurrency: 'EUR',
      costShare: '0.3',
      ...OTHER,
    },
    prices: { shares: '100', given: '160' },
    cash: '300',
    above: { end: '1100', gain: '100', twr: '0.1' },
    shares: { end: '0', netFlows: '-100', gain: '100' },
    given: { end: '800', netFlows: '800', gain: '0' },
  },
  {
    name: 'what is spun off leaves the parent',
    action: { kind: 'spin-off', newUnits: '1', oldUnits: '5', costShare: '0.2', ...OTHER },
    prices: { shares: '80', given: '110' },
    above: { end: '1020', gain: '20', twr: '0.02' },
    shares: { end: '800', netFlows: '780', gain: '20' },
    given: { end: '220', netFlows: '220', gain: '0' },
  },
  {
    name: 'capital that comes back leaves the shares and is in the purse',
    action: { kind: 'return-of-capital', cash: '7', cashCurrency: 'EUR' },
    prices: { shares: '94', given: '1' },
    cash: '70',
    above: { end: '1010', gain: '10', twr: '0.01' },
    shares: { end: '940', netFlows: '930', gain: '10' },
    given: null,
  },
])('$name: no flow of the account and of everything', async ({ action, prices, cash, above, shares, given }) => {
  const found = await acted(action, prices, cash);
  for (const scope of [found.everything, found.account])
    expect(scope).toMatchObject({ ...above, twr: { value: above.twr }, netFlows: '1000', income: '0', costs: '0' });
  expect(found.shares).toMatchObject(shares);
  if (given) expect(found.given).toMatchObject(given);
  else expect(found.given).toBeNull();
});

test('cash of a corporate action that is nowhere in the books was taken out', async () => {
  const { account: found } = await acted(
    { kind: 'return-of-capital', cash: '7', cashCurrency: 'EUR' },
    { shares: '94', given: '1' },
  );
  expect(found).toMatchObject({ end: '940', netFlows: '930', gain: '10', twr: { value: '0.01' } });
});

test('shares that become something without a price are taken out until it has one', async () => {
  const kim = await api.signedIn();
  const { holding } = await wine(kim);
  const label = await asset(kim, 'LABEL');
  await made(
    kim.post('/api/corporate-actions', {
      holdingId: holding,
      kind: 'symbol-change',
      assetId: label,
      occurredAt: noon(4),
    }),
  );
  expect(await performance(kim, 'scope=user&range=ALL')).toMatchObject({ end: '0', netFlows: '-30', gain: '30' });
  await price(kim, label, '200', 2);
  // Out at 110, in at 200: neither is a gain.
  expect(await performance(kim, 'scope=user&range=ALL')).toMatchObject({ end: '600', netFlows: '570', gain: '30' });
});

test('another asset is compared over the same days, with the same flows', async () => {
  const gus = await api.signedIn();
  const { holding } = await wine(gus);
  const gold = await asset(gus, 'GOLD');
  const told = async (): Promise<Performance> =>
    performance(gus, `scope=holding&id=${holding}&range=ALL&benchmark=${gold}`);
  expect((await told()).benchmark).toMatchObject({ value: null, worth: null, reason: expect.any(String) as string });
  await price(gus, gold, '50', 10);
  await price(gus, gold, '80', 3);
  // Three hundred would have bought six, worth 80 each; there are 363.
  expect((await told()).benchmark).toEqual({
    assetId: gold,
    from: dayAgo(10),
    to: dayAgo(0),
    value: '0.6',
    worth: '480',
    difference: '-117',
    reason: null,
    series: [10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0].map((days) => ({
      day: dayAgo(days),
      own: days > 5 ? '0' : days > 0 ? '0.1' : '0.21',
      other: days > 3 ? '0' : '0.6',
    })),
  });
  const eve = await api.signedIn();
  expect((await eve.get(`/api/portfolio/performance?scope=user&range=ALL&benchmark=${gold}`)).status).toBe(404);
  // What nobody holds has no prices yet: from now on it is followed, back to where they are needed.
  const yen = await currency(gus, 'JPY');
  await performance(gus, `scope=holding&id=${holding}&range=ALL&benchmark=${yen}`);
  const watched = await api.db.source.query('select wanted_from::text as day from price_watch where asset_id = $1', [
    yen,
  ]);
  expect(watched).toEqual([{ day: dayAgo(41) }]);
});

test("other people's things, and things that are not there, are not found", async () => {
  const ada = await api.signedIn();
  const { accountId, holding } = await wine(ada);
  const eve = await api.signedIn();
  for (const about of [
    `scope=account&id=${accountId}`,
    `scope=holding&id=${holding}`,
    `scope=institution&id=${holding}`,
  ])
    expect((await eve.get(`/api/portfolio/performance?${about}&range=ALL`)).status).toBe(404);
  expect((await eve.get('/api/portfolio/performance?scope=holding&range=ALL')).status).toBe(422);
  expect((await eve.get('/api/portfolio/performance?scope=user&range=5Y')).status).toBe(422);
});
