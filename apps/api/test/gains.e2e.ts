import { afterAll, beforeAll, describe, expect, test } from 'vitest';
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

interface Lot {
  acquiredAt: string | null;
  quantity: string;
  cost: string | null;
  rule?: string;
}
interface Gains {
  state: string;
  base: string;
  method: string;
  year: number;
  from: string;
  to: string;
  years: number[];
  realised: { amount: string | null; unknown: number };
  income: { amount: string | null; unknown: number };
  disposals: {
    items: { symbol: string; quantity: string; proceeds: string; cost: string; gain: string; lots: Lot[] }[];
    nextCursor: string | null;
  };
}

const made = async <T = { id: string }>(answer: Promise<Answer>): Promise<T> => {
  const { status, body, text } = await answer;
  if (status !== 201) throw new Error(text);
  return body as T;
};

const account = async (person: Person, name = 'Main'): Promise<string> =>
  (
    await made(
      person.post('/api/accounts', {
        name,
        kind: 'asset',
        currency: 'EUR',
        institution: { name: 'Northbroker', kind: 'broker' },
      }),
    )
  ).id;
const asset = async (person: Person, symbol: string): Promise<string> =>
  (await made(person.post('/api/assets', { symbol, name: symbol, kind: 'private', decimals: 18 }))).id;
/** A holding that was empty before its transactions. */
const holding = async (person: Person, accountId: string, assetId: string): Promise<string> =>
  (await made(person.post('/api/holdings', { accountId, assetId, balance: '0', at: '2023-12-31T00:00:00Z' }))).id;
const trade = (
  person: Person,
  holdingId: string,
  occurredAt: string,
  kind: string,
  quantity: string,
  more: object = {},
) => made(person.post(`/api/holdings/${holdingId}/transactions`, { kind, quantity, occurredAt, ...more }));
const at = (price: string, fee?: string): object => ({
  price,
  priceCurrency: 'EUR',
  ...(fee ? { fee, feeCurrency: 'EUR' } : {}),
});
/** What is asked for the first time is worked out first: the answer that follows has it. */
async function settled<T extends { state: string }>(person: Person, path: string): Promise<T> {
  for (let asked = 0; asked < 50; asked += 1) {
    await worker.idle();
    const { body } = await person.get<T>(path);
    if (body.state !== 'building') return body;
  }
  throw new Error(`${path} is never ready`);
}
const gainsOf = (person: Person, query = ''): Promise<Gains> => settled(person, `/api/portfolio/gains${query}`);
const basisOf = (person: Person, holdingId: string): Promise<Gains> =>
  settled(person, `/api/holdings/${holdingId}/basis`);
const choose = (person: Person, costBasisMethod: string): Promise<Answer> =>
  person.ask('PATCH', '/api/me', { costBasisMethod });

/** Three purchases and one sale, and a reward, in 2024. */
async function trader(): Promise<{ person: Person; accountId: string; assetId: string; holdingId: string }> {
  const person = await api.signedIn();
  const accountId = await account(person);
  const assetId = await asset(person, 'ORE');
  const holdingId = await holding(person, accountId, assetId);
  await trade(person, holdingId, '2024-01-10T12:00:00Z', 'buy', '10', at('100', '5'));
  await trade(person, holdingId, '2024-02-10T12:00:00Z', 'buy', '10', at('150'));
  await trade(person, holdingId, '2024-03-10T12:00:00Z', 'buy', '10', at('120'));
  await trade(person, holdingId, '2024-05-10T12:00:00Z', 'reward', '1', at('130'));
  await trade(person, holdingId, '2024-06-10T12:00:00Z', 'sell', '15', at('200', '10'));
  return { person, accountId, assetId, holdingId };
}

describe('realised gains of a year', () => {
  test('are told with every lot, by the method that the person chose', async () => {
    const { person } = await trader();
    const { body: me } = await person.get('/api/me');
    expect(me).toMatchObject({ costBasisMethod: 'fifo' });
    expect(await gainsOf(person, '?year=2024')).toMatchObject({
      base: 'EUR',
      method: 'fifo',
      year: 2024,
      from: '2024-01-01',
      to: '2024-12-31',
      years: [2024],
      realised: { amount: '1235', unknown: 0 },
      income: { amount: '130', unknown: 0 },
      disposals: {
        items: [
          {
            symbol: 'ORE',
            quantity: '15',
            proceeds: '2990',
            cost: '1755',
            gain: '1235',
            lots: [
              { acquiredAt: '2024-01-10T12:00:00.000Z', quantity: '10', cost: '1005', rule: 'fifo' },
              { acquiredAt: '2024-02-10T12:00:00.000Z', quantity: '5', cost: '750', rule: 'fifo' },
            ],
          },
        ],
        nextCursor: null,
      },
    });
    expect((await gainsOf(person, '?year=2025')).disposals.items).toEqual([]);
    for (const [method, cost] of [
      ['lifo', '1930'],
      ['hifo', '2110'],
      ['average', '1855.64516129'],
      ['section-104', '1855.64516129'],
    ] as const) {
      expect((await choose(person, method)).body).toMatchObject({ costBasisMethod: method });
      const { disposals, ...gains } = await gainsOf(person, '?year=2024');
      expect([gains.method, disposals.items[0]?.cost]).toEqual([method, cost]);
    }
    expect((await choose(person, 'tossing-a-coin')).body).toMatchObject({
      status: 422,
      errors: [{ pointer: '/costBasisMethod' }],
    });
  });

  test('a sale without a price, and units that nobody knows the cost of, are unknown and never zero', async () => {
    const person = await api.signedIn();
    const holdingId = await holding(person, await account(person), await asset(person, 'DARK'));
    await trade(person, holdingId, '2024-01-10T12:00:00Z', 'deposit', '2');
    await trade(person, holdingId, '2024-01-11T12:00:00Z', 'buy', '1', at('10'));
    await trade(person, holdingId, '2024-02-10T12:00:00Z', 'reward', '1');
    await trade(person, holdingId, '2024-03-10T12:00:00Z', 'sell', '3', at('30'));
    await trade(person, holdingId, '2024-04-10T12:00:00Z', 'sell', '1');
    const gains = await gainsOf(person, '?year=2024');
    expect(gains).toMatchObject({
      realised: { amount: '20', unknown: 2 },
      income: { amount: null, unknown: 1 },
    });
    expect(gains.disposals.items.map(({ proceeds, cost, gain }) => [proceeds, cost, gain])).toEqual([
      [null, null, null],
      ['90', null, null],
    ]);
  });

  test('are in the base currency of the day of the trade', async () => {
    const { person } = await trader();
    const { body } = await person.get<{ items: { code: string; assetId: string }[] }>('/api/currencies');
    const [usd, eur] = ['USD', 'EUR'].map((code) => body.items.find((one) => one.code === code)?.assetId);
    for (const [day, value] of [
      ['2024-01-10', '1.25'],
      ['2024-02-10', '1.2'],
      ['2024-06-10', '1.1'],
    ])
      await api.db.source.query(
        `insert into price (asset_id, quote_asset_id, at, granularity, value, source) values ($1, $2, $3, 'daily', $4, 'test')
         on conflict do nothing`,
        [eur, usd, `${day}T00:00:00Z`, value],
      );
    const { disposals } = await gainsOf(person, '?year=2024&base=USD');
    // 2,990 EUR at 1.1; 1,005 EUR at 1.25 and 750 EUR at 1.2
    expect(disposals.items[0]).toMatchObject({ proceeds: '3289', cost: '2156.25', gain: '1132.75' });
    const refused = await person.get('/api/portfolio/gains?base=XXX');
    expect(refused.body).toMatchObject({ status: 422, code: 'unknown-currency' });
  });

  test('come page by page, the newest first', async () => {
    const { person, holdingId } = await trader();
    for (const onDay of ['2024-07-01', '2024-07-02', '2024-07-02', '2024-07-03'])
      await trade(person, holdingId, `${onDay}T12:00:00Z`, 'sell', '1', at('210'));
    const seen: string[] = [];
    let cursor: string | null = '';
    while (cursor !== null) {
      const { disposals }: Gains = await gainsOf(person, `?year=2024&limit=2${cursor && `&cursor=${cursor}`}`);
      seen.push(...disposals.items.map((one) => `${one.quantity} for ${one.proceeds}`));
      cursor = disposals.nextCursor;
    }
    expect(seen).toEqual([...Array.from({ length: 4 }, () => '1 for 210'), '15 for 2990']);
  });

  test('by section 104 lie in the UK tax year, and pool what several accounts hold', async () => {
    const { person, assetId, holdingId } = await trader();
    await choose(person, 'section-104');
    const second = await holding(person, await account(person, 'Second'), assetId);
    await trade(person, second, '2024-03-01T12:00:00Z', 'buy', '31', at('50'));
    expect(await gainsOf(person, '?year=2023')).toMatchObject({ from: '2023-04-06', to: '2024-04-05' });
    const { disposals, from } = await gainsOf(person, '?year=2024');
    expect([from, disposals.items[0]?.cost]).toEqual(['2024-04-06', '1302.82258065']);
    expect(await basisOf(person, holdingId)).toMatchObject({
      pooledHoldings: 2,
      quantity: '47',
    });
  });
});

describe('before they were worked out', () => {
  test('nothing is known, and it is asked for; a file says that it is not there yet', async () => {
    const { person } = await trader();
    await worker.idle();
    // GBP is a base that this person never looked at.
    const { body } = await person.get<Gains>('/api/portfolio/gains?year=2024&base=GBP');
    expect(body).toMatchObject({ state: 'building', realised: { amount: null, unknown: 0 }, disposals: { items: [] } });
    const { body: file } = await person.get('/api/portfolio/gains.csv?year=2024&base=USD');
    expect(file).toMatchObject({ status: 503, code: 'gains-building' });
    expect((await gainsOf(person, '?year=2024&base=GBP')).disposals.items).toHaveLength(1);
    expect((await gainsOf(person, '?year=2024&base=USD')).disposals.items).toHaveLength(1);
  });
});

describe('the file', () => {
  test('has a line a lot, and no name in it is a formula', async () => {
    const { person, accountId } = await trader();
    await person.ask('PATCH', `/api/accounts/${accountId}`, { name: '=cmd|"/c calc"!A1' });
    await gainsOf(person, '?year=2024');
    const { status, headers, text } = await person.get('/api/portfolio/gains.csv?year=2024');
    expect([status, headers.get('content-type'), headers.get('content-disposition')]).toEqual([
      200,
      'text/csv; charset=utf-8',
      'attachment; filename="scani-gains-2024-EUR.csv"',
    ]);
    const [, ...lines] = text.trim().split('\r\n');
    expect(lines).toHaveLength(2);
    for (const line of lines) expect(line).toContain(`ORE,"'=cmd|""/c calc""!A1",sell,`);
    expect(lines[0]).toMatch(/,fifo,10,1993\.33333333,1005,988\.33333333,[\da-f-]{36}$/);
  });
});

describe('what a holding has cost', () => {
  test('is known lot by lot, with what it would gain now', async () => {
    const { person, assetId, holdingId } = await trader();
    await made(person.post(`/api/assets/${assetId}/prices`, { value: '200', currency: 'EUR' }));
    const acquisitionId = expect.any(String) as string;
    expect(await basisOf(person, holdingId)).toEqual({
      state: 'ready',
      base: 'EUR',
      method: 'fifo',
      hasLots: true,
      short: false,
      pooledHoldings: 1,
      quantity: '16',
      cost: '2080',
      unrealised: '1120',
      unknownQuantity: '0',
      lots: [
        { acquiredAt: '2024-02-10T12:00:00.000Z', acquisitionId, quantity: '5', cost: '750' },
        { acquiredAt: '2024-03-10T12:00:00.000Z', acquisitionId, quantity: '10', cost: '1200' },
        { acquiredAt: '2024-05-10T12:00:00.000Z', acquisitionId, quantity: '1', cost: '130' },
      ],
    });
  });

  test('is not known for a balance that was only seen, and there is none for a currency', async () => {
    const person = await api.signedIn();
    const accountId = await account(person);
    const assetId = await asset(person, 'ART');
    const seen = await made(person.post('/api/holdings', { accountId, assetId, balance: '3' }));
    expect(await basisOf(person, seen.id)).toMatchObject({
      quantity: '3',
      cost: null,
      unrealised: null,
      unknownQuantity: '3',
    });
    const { body } = await person.get<{ items: { code: string; assetId: string }[] }>('/api/currencies');
    const euro = body.items.find((one) => one.code === 'EUR')?.assetId;
    const cash = await made(person.post('/api/holdings', { accountId, assetId: euro, balance: '50' }));
    await trade(person, cash.id, '2024-04-10T12:00:00Z', 'interest', '2.5');
    expect(await basisOf(person, cash.id)).toMatchObject({ hasLots: false, lots: [] });
    expect(await gainsOf(person, '?year=2024')).toMatchObject({ income: { amount: '2.5', unknown: 0 } });
  });
});

describe('a method of one account, and lots of one sale', () => {
  test('an account can have its own method, and take it off again', async () => {
    const { person, accountId } = await trader();
    const set = (costBasisMethod: string | null): Promise<Answer> =>
      person.ask('PATCH', `/api/accounts/${accountId}`, { costBasisMethod });
    expect((await set('hifo')).body).toMatchObject({ costBasisMethod: 'hifo' });
    const { method, disposals } = await gainsOf(person, '?year=2024');
    expect([method, disposals.items[0]?.cost]).toEqual(['fifo', '2110']);
    expect((await set(null)).body).toMatchObject({ costBasisMethod: null });
    expect((await gainsOf(person, '?year=2024')).disposals.items[0]?.cost).toBe('1755');
    expect((await set('best')).body).toMatchObject({ status: 422, errors: [{ pointer: '/costBasisMethod' }] });
  });

  test('lots can be chosen, as many as were sold and as were there', async () => {
    const { person } = await trader();
    const [sale] = (await gainsOf(person, '?year=2024')).disposals.items as unknown as { id: string }[];
    const path = `/api/transactions/${sale?.id}/lots`;
    const choosing = (chosen: object[]): Promise<Answer> => person.ask('PUT', path, { chosen });
    expect((await choosing([])).body).toMatchObject({ status: 409, code: 'method-chooses' });
    await choose(person, 'specific');
    const { body: there } = await person.get<{ lots: { acquisitionId: string; quantity: string; chosen: string }[] }>(
      path,
    );
    expect(there).toMatchObject({ method: 'specific', quantity: '15', symbol: 'ORE' });
    expect(there.lots.map(({ quantity, chosen }) => [quantity, chosen])).toEqual([
      ['10', '0'],
      ['10', '0'],
      ['10', '0'],
      ['1', '0'],
    ]);
    const [first, second, third] = there.lots.map(({ acquisitionId }) => acquisitionId);
    expect((await choosing([{ acquisitionId: second, quantity: '11' }])).body).toMatchObject({
      status: 422,
      errors: [{ pointer: '/chosen/0/quantity', detail: 'must not be above 10' }],
    });
    expect(
      (await choosing([first, second].map((acquisitionId) => ({ acquisitionId, quantity: '8' })))).body,
    ).toMatchObject({ status: 422, errors: [{ pointer: '/chosen' }] });
    expect((await choosing([{ acquisitionId: sale?.id, quantity: '1' }])).body).toMatchObject({
      status: 422,
      errors: [{ pointer: '/chosen/0/acquisitionId' }],
    });
    const { status } = await choosing([
      { acquisitionId: second, quantity: '10' },
      { acquisitionId: third, quantity: '2' },
    ]);
    expect(status).toBe(200);
    const [chosen] = (await gainsOf(person, '?year=2024')).disposals.items;
    // 1,500 of the second, 240 of the third, and 3 of the oldest at 100.5
    expect(chosen).toMatchObject({ cost: '2041.5' });
    expect(new Set(chosen?.lots.map(({ rule, quantity }) => `${rule} ${quantity}`))).toEqual(
      new Set(['specific 10', 'specific 2', 'fifo 3']),
    );
  });
});

describe('corporate actions', () => {
  const record = (person: Person, body: object): Promise<Answer> => person.post('/api/corporate-actions', body);

  test('a split multiplies the units of the day, keeps the cost, and goes back as a whole', async () => {
    const { person, holdingId } = await trader();
    const split = { holdingId, kind: 'split', occurredAt: '2024-05-20T12:00:00Z', newUnits: '3', oldUnits: '1' };
    expect((await person.post('/api/corporate-action-previews', split)).body).toMatchObject({
      before: '31',
      after: '93',
    });
    const { status, body } = await record(person, split);
    expect([status, body]).toMatchObject([
      201,
      { kind: 'split', ratio: { newUnits: '3', oldUnits: '1' }, reversed: false, entries: [{ quantity: '62' }] },
    ]);
    const gains = await gainsOf(person, '?year=2024');
    expect(gains.disposals.items[0]).toMatchObject({ quantity: '15', cost: '502.5' });
    const { body: list } = await person.get<{ items: { id: string; entries: { id: string }[] }[] }>(
      `/api/corporate-actions?holdingId=${holdingId}`,
    );
    expect(list.items).toHaveLength(1);
    const { status: reversed } = await person.post(`/api/transactions/${list.items[0]?.entries[0]?.id}/reversal`);
    expect(reversed).toBe(201);
    expect((await gainsOf(person, '?year=2024')).disposals.items[0]).toMatchObject({ cost: '1755' });
    expect((await person.get('/api/corporate-actions')).body).toMatchObject({ items: [{ reversed: true }] });
  });

  test('a spin-off takes its share of the cost along, lot by lot', async () => {
    const { person, accountId, holdingId } = await trader();
    const assetId = await asset(person, 'CHILD');
    const { status } = await record(person, {
      holdingId,
      kind: 'spin-off',
      occurredAt: '2024-07-01T12:00:00Z',
      newUnits: '1',
      oldUnits: '2',
      assetId,
      costShare: '0.25',
    });
    expect(status).toBe(201);
    const { body } = await person.get<{ items: { id: string; asset: { symbol: string } }[] }>(
      `/api/holdings?accountId=${accountId}`,
    );
    const child = body.items.find((one) => one.asset.symbol === 'CHILD');
    expect(await basisOf(person, child?.id ?? '')).toMatchObject({
      quantity: '8',
      cost: '520',
      lots: [{ acquiredAt: '2024-02-10T12:00:00.000Z', quantity: '2.5', cost: '187.5' }, {}, {}],
    });
    expect(await basisOf(person, holdingId)).toMatchObject({ quantity: '16', cost: '1560' });
  });

  test('capital that comes back lowers the cost', async () => {
    const { person, holdingId } = await trader();
    const back = { holdingId, kind: 'return-of-capital', occurredAt: '2024-07-01T12:00:00Z' };
    expect((await record(person, back)).body).toMatchObject({ status: 422, errors: [{ pointer: '/cash' }] });
    expect((await record(person, { ...back, cash: '10', cashCurrency: 'EUR' })).status).toBe(201);
    expect(await basisOf(person, holdingId)).toMatchObject({ cost: '1920' });
  });

  test.each([
    [{ kind: 'split' }, '/newUnits'],
    [{ kind: 'split', newUnits: '2' }, '/oldUnits'],
    [{ kind: 'split', newUnits: '2', oldUnits: '2' }, '/newUnits'],
    [{ kind: 'merger', newUnits: '2', oldUnits: '1' }, '/assetId'],
    [{ kind: 'split', newUnits: '2', oldUnits: '1', occurredAt: '2999-01-01T00:00:00Z' }, '/occurredAt'],
    [{ kind: 'split', newUnits: '2', oldUnits: '1', occurredAt: '2023-01-01T00:00:00Z' }, '/units'],
    [{ kind: 'split', newUnits: '2', oldUnits: '1', cash: '1', cashCurrency: 'EUR' }, '/cash'],
    [{ kind: 'buy' }, '/kind'],
  ])('%j is refused at %s', async (body, pointer) => {
    const { person, holdingId } = await trader();
    const answer = await record(person, { holdingId, occurredAt: '2024-07-01T12:00:00Z', ...body });
    expect(answer.body).toMatchObject({ status: 422, errors: [{ pointer }] });
    expect((await person.get('/api/corporate-actions')).body).toMatchObject({ items: [] });
  });
});

test('a split before the first balance that was seen goes by that balance, to the last decimal that is kept', async () => {
  const person = await api.signedIn();
  const accountId = await account(person);
  const assetId = await asset(person, 'THIRD');
  const seen = await made(
    person.post('/api/holdings', { accountId, assetId, balance: '1', at: '2024-06-01T00:00:00Z' }),
  );
  const split = await person.post('/api/corporate-actions', {
    holdingId: seen.id,
    kind: 'split',
    occurredAt: '2024-05-01T00:00:00Z',
    newUnits: '3',
    oldUnits: '1',
  });
  expect([split.status, split.text]).toEqual([201, expect.stringContaining('"0.666666666666666666666666"')]);
});
