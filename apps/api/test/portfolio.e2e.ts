import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Answer, type Person, testApi, type TestApi } from './harness.js';
import { testWorker, type TestWorker } from './worker.js';

let api: TestApi;
let worker: TestWorker;
let ada: Person;
beforeAll(async () => {
  api = await testApi();
  worker = await testWorker(api);
  ada = await api.signedIn();
});
afterAll(async () => {
  await worker.close();
  await api.close();
});

interface Figure {
  amount: string | null;
  coverage: string;
}
interface Holding {
  id: string;
  balance: string;
  value: Figure;
}
interface History {
  state: string;
  points: { day: string; value: string | null; coverage: string }[];
}

const made = async <T = { id: string }>(answer: Promise<Answer>): Promise<T> => {
  const { status, body, text } = await answer;
  if (status !== 201) throw new Error(text);
  return body as T;
};
const account = (person: Person, about: object = {}): Promise<{ id: string }> =>
  made(
    person.post('/api/accounts', {
      name: 'Main',
      kind: 'asset',
      currency: 'EUR',
      institution: { name: 'Northbank', kind: 'bank' },
      ...about,
    }),
  );
const ownAsset = (person: Person, symbol: string): Promise<{ id: string }> =>
  made(person.post('/api/assets', { symbol, name: symbol, kind: 'private', decimals: 18 }));
const daysAgo = (days: number): string => new Date(Date.now() - days * 86_400_000).toISOString();

describe('a manual holding with a price of its own', () => {
  test('is worth quantity times price, to the last digit, on every page that shows it', async () => {
    const { id: accountId } = await account(ada);
    const { id: assetId } = await ownAsset(ada, 'WINE');
    const holding = await made<Holding>(
      ada.post('/api/holdings', {
        accountId,
        assetId,
        balance: '3.000000000000000001',
        at: daysAgo(10),
        price: { value: '1234.56789', currency: 'EUR' },
      }),
    );
    expect(holding).toMatchObject({
      balance: '3.000000000000000001',
      value: { amount: '3703.70367', coverage: 'full' },
    });
    await worker.idle();

    const { body: summary } = await ada.get<{ value: Figure; rollup: string; holdings: number }>(
      '/api/portfolio/summary',
    );
    expect(summary).toMatchObject({ value: { amount: '3703.70367' }, holdings: 1, rollup: 'ready' });
    for (const query of ['scope=user', `scope=account&id=${accountId}`, `scope=holding&id=${holding.id}`]) {
      const { body } = await ada.get<History>(`/api/portfolio/history?${query}&range=1M`);
      expect(body.points.at(-1)).toMatchObject({ value: '3703.70367', coverage: 'full' });
      expect(body.points).toHaveLength(11);
    }
    const { body: allocation } = await ada.get('/api/portfolio/allocation?by=asset');
    expect(allocation).toMatchObject({
      total: '3703.70367',
      slices: [{ label: 'WINE', value: '3703.70367', ratio: '1' }],
    });
  });

  test('without a price it is left out and named, never zero', async () => {
    const bob = await api.signedIn();
    const { id: accountId } = await account(bob);
    const { id: assetId } = await ownAsset(bob, 'ART');
    const holding = await made<Holding>(bob.post('/api/holdings', { accountId, assetId, balance: '1' }));
    expect(holding.value).toMatchObject({
      amount: null,
      coverage: 'unknown',
      reasons: ['1 holding has no price and is left out.'],
    });
    const { body } = await bob.get<{ value: Figure; attention: { kind: string; holdingId: string }[] }>(
      '/api/portfolio/summary',
    );
    expect(body.value.amount).toBeNull();
    expect(body.attention).toMatchObject([{ kind: 'unpriced', holdingId: holding.id }]);

    await made(bob.post(`/api/assets/${assetId}/prices`, { value: '10', currency: 'EUR', at: daysAgo(40) }));
    await made(bob.post(`/api/assets/${assetId}/prices`, { value: '12', currency: 'EUR' }));
    expect((await bob.get('/api/portfolio/summary')).body).toMatchObject({ value: { amount: '12', coverage: 'full' } });
    const { body: prices } = await bob.get<{ items: { id: string; value: string; own: boolean }[] }>(
      `/api/assets/${assetId}/prices`,
    );
    expect(prices.items.map((price) => price.value)).toEqual(['12', '10']);
    expect((await bob.ask('DELETE', `/api/prices/${prices.items[0]?.id}`)).status).toBe(204);
    expect((await bob.get('/api/portfolio/summary')).body).toMatchObject({ value: { amount: '10' } });
  });
});

describe('the ledger', () => {
  test('takes transactions and observations, gives them back newest first, page by page', async () => {
    const carol = await api.signedIn();
    const { id: accountId } = await account(carol);
    const { body: currencies } = await carol.get<{ items: { code: string; assetId: string }[] }>('/api/currencies');
    const assetId = currencies.items.find((currency) => currency.code === 'EUR')?.assetId;
    const holding = await made<Holding>(
      carol.post('/api/holdings', { accountId, assetId, balance: '100', at: daysAgo(9) }),
    );
    for (const [days, kind, quantity] of [
      [8, 'deposit', '50.10'],
      [7, 'withdraw', '20.20'],
      [6, 'fee', '0.000000000000000001'],
    ] as const) {
      await made(
        carol.post(`/api/holdings/${holding.id}/transactions`, {
          kind,
          quantity,
          occurredAt: daysAgo(days),
          description: kind,
        }),
      );
    }
    expect((await carol.get(`/api/holdings/${holding.id}`)).body).toMatchObject({ balance: '129.899999999999999999' });

    const first = await carol.get<{ items: { quantity: string; balanceAfter: string }[]; nextCursor: string }>(
      `/api/holdings/${holding.id}/transactions?limit=2`,
    );
    expect(first.body.items.map((row) => row.quantity)).toEqual(['-0.000000000000000001', '-20.2']);
    const second = await carol.get<{ items: { kind: string; quantity: string }[]; nextCursor: null }>(
      `/api/holdings/${holding.id}/transactions?limit=2&cursor=${first.body.nextCursor}`,
    );
    expect(second.body).toMatchObject({
      items: [{ quantity: '50.1' }, { kind: 'opening-balance', quantity: '100' }],
      nextCursor: null,
    });
    expect(first.body.items[0]?.balanceAfter).toBe('129.899999999999999999');

    await made(carol.post(`/api/holdings/${holding.id}/observations`, { balance: '125' }));
    expect((await carol.get(`/api/holdings/${holding.id}`)).body).toMatchObject({ balance: '125' });
  });

  test('a liability is owed: it lowers the total', async () => {
    const dave = await api.signedIn();
    const { body } = await dave.get<{ items: { code: string; assetId: string }[] }>('/api/currencies');
    const assetId = body.items.find((currency) => currency.code === 'EUR')?.assetId;
    const own = await account(dave);
    const owed = await account(dave, { name: 'Card', kind: 'liability' });
    await made(dave.post('/api/holdings', { accountId: own.id, assetId, balance: '1000' }));
    await made(dave.post('/api/holdings', { accountId: owed.id, assetId, balance: '-250.5' }));
    expect((await dave.get('/api/portfolio/summary')).body).toMatchObject({
      value: { amount: '749.5' },
      assets: { amount: '1000' },
      liabilities: { amount: '-250.5' },
      cash: { amount: '1000' },
    });
    const refused = await dave.post('/api/holdings', { accountId: own.id, assetId, balance: '-1' });
    expect(refused.body).toMatchObject({ status: 422, code: 'negative-balance', errors: [{ pointer: '/balance' }] });
  });

  test('hiding a holding or archiving its account takes it out of the totals', async () => {
    const erin = await api.signedIn();
    const { id: accountId } = await account(erin);
    const { id: assetId } = await ownAsset(erin, 'GOLD');
    const holding = await made<Holding>(
      erin.post('/api/holdings', { accountId, assetId, balance: '2', price: { value: '5', currency: 'EUR' } }),
    );
    const total = async (): Promise<unknown> =>
      (await erin.get<{ value: Figure }>('/api/portfolio/summary')).body.value.amount;
    expect(await total()).toBe('10');
    expect((await erin.ask('PATCH', `/api/holdings/${holding.id}`, { hidden: true })).body).toMatchObject({
      counted: false,
      uncounted: 'hidden',
    });
    expect(await total()).toBe('0');
    await erin.ask('PATCH', `/api/holdings/${holding.id}`, { hidden: false });
    await erin.ask('PATCH', `/api/accounts/${accountId}`, { archived: true });
    expect(await total()).toBe('0');
  });
});

test('what was saved is in the next answer, on every page, however often they are asked', async () => {
  const gina = await api.signedIn();
  const { id: accountId } = await account(gina);
  const { id: assetId } = await ownAsset(gina, 'GOLD');
  const { id } = await made<Holding>(
    gina.post('/api/holdings', { accountId, assetId, balance: '2', price: { value: '5', currency: 'EUR' } }),
  );
  const seen = async (): Promise<unknown[]> => {
    const [summary, holdings, accounts, history] = await Promise.all([
      gina.get<{ value: Figure }>('/api/portfolio/summary'),
      gina.get<{ items: Holding[] }>('/api/holdings'),
      gina.get<{ items: { name: string; value: Figure }[] }>('/api/accounts'),
      gina.get<History>('/api/portfolio/history?scope=user&range=ALL'),
    ]);
    return [
      summary.body.value.amount,
      holdings.body.items[0]?.value.amount,
      accounts.body.items[0]?.value.amount,
      history.body.points.at(-1)?.value,
      accounts.body.items[0]?.name,
    ];
  };
  const everywhere = (amount: string, name = 'Main'): unknown[] => [amount, amount, amount, amount, name];
  expect(await seen()).toEqual(everywhere('10'));
  expect(await seen()).toEqual(everywhere('10'));
  await made(gina.post(`/api/holdings/${id}/transactions`, { kind: 'buy', quantity: '1', occurredAt: daysAgo(0) }));
  expect(await seen()).toEqual(everywhere('15'));
  const own = await made(gina.post(`/api/assets/${assetId}/prices`, { value: '7', currency: 'EUR' }));
  expect(await seen()).toEqual(everywhere('21'));
  await gina.ask('DELETE', `/api/prices/${own.id}`);
  expect(await seen()).toEqual(everywhere('15'));
  await gina.ask('PATCH', `/api/accounts/${accountId}`, { name: 'Vault' });
  expect(await seen()).toEqual(everywhere('15', 'Vault'));
});

describe('manners of the api', () => {
  test('a POST with one Idempotency-Key is done once; another body under it is refused', async () => {
    const frank = await api.signedIn();
    const body = { name: 'Once', kind: 'asset', currency: 'EUR', institution: { name: 'Bank', kind: 'bank' } };
    const key = { 'idempotency-key': 'once-and-only-once' };
    const first = await frank.ask<{ id: string }>('POST', '/api/accounts', body, key);
    const again = await frank.ask<{ id: string }>('POST', '/api/accounts', body, key);
    expect([again.status, again.body.id]).toEqual([201, first.body.id]);
    expect((await frank.get<{ items: unknown[] }>('/api/accounts')).body.items).toHaveLength(1);
    expect((await frank.ask('POST', '/api/accounts', { ...body, name: 'Other' }, key)).body).toMatchObject({
      status: 422,
      code: 'idempotency-key-reused',
    });
    const bad = { ...body, currency: 'XXX' };
    expect((await frank.ask('POST', '/api/accounts', bad, { 'idempotency-key': 'fails-first' })).status).toBe(422);
    expect((await frank.ask('POST', '/api/accounts', body, { 'idempotency-key': 'fails-first' })).status).toBe(201);
  });

  test('what was done is not done again when its answer could not be kept, or its key was given to another', async () => {
    const hans = await api.signedIn();
    const body = { name: 'Once', kind: 'asset', currency: 'EUR', institution: { name: 'Bank', kind: 'bank' } };
    const post = (key: string) => hans.ask('POST', '/api/accounts', body, { 'idempotency-key': key });
    const accounts = async () => (await hans.get<{ items: unknown[] }>('/api/accounts')).body.items.length;
    const fail = async (when: string, what: string): Promise<void> => {
      await api.db.source.query(
        `create or replace function trouble() returns trigger language plpgsql as $$ begin ${what}; return new; end $$;
         create or replace trigger trouble before ${when} for each row execute function trouble()`,
      );
    };
    await fail('update on idempotency_key', `if new.status > 0 then raise exception 'away'; end if`);
    expect((await post('answer-is-lost')).status).toBe(201);
    expect((await post('answer-is-lost')).body).toMatchObject({ status: 409, code: 'already-done' });
    expect(await accounts()).toBe(1);
    await api.db.source.query('drop trigger trouble on idempotency_key');

    await fail('insert on account', 'perform pg_sleep(1)');
    const slow = post('taken-by-another');
    const takes = `update idempotency_key set created_at = now() - interval '1 hour' where key = 'taken-by-another' returning 1`;
    while ((((await api.db.source.query(takes)) as [unknown[]])[0]?.length ?? 0) === 0);
    await api.db.source.query('drop trigger trouble on account').catch(() => undefined);
    const answers = (await Promise.all([slow, post('taken-by-another')])).map(({ status }) => status);
    expect(answers.toSorted()).toEqual([201, 409]);
    expect(await accounts()).toBe(2);
  });

  test('what has not changed is not sent again', async () => {
    const first = await ada.get('/api/currencies');
    const etag = first.headers.get('etag') ?? '';
    expect(etag).not.toBe('');
    expect((await ada.ask('GET', '/api/currencies', undefined, { 'if-none-match': etag })).status).toBe(304);
  });

  test.each([
    ['/balance', { balance: 5 }],
    ['/balance', { balance: '1e5' }],
    ['/balance', { balance: '1,5' }],
    ['/price/value', { price: { value: '0', currency: 'EUR' } }],
    ['/price/currency', { price: { value: '1', currency: 'euro' } }],
    ['/at', { at: 'yesterday' }],
    ['/sneaky', { sneaky: true }],
  ])('names %s when it is wrong', async (pointer, wrong) => {
    const { status, body } = await ada.post<{ errors: { pointer: string }[] }>('/api/holdings', {
      accountId: '0190a000-0000-7000-8000-000000000001',
      assetId: '0190a000-0000-7000-8000-000000000001',
      balance: '1',
      ...wrong,
    });
    expect([status, body.errors?.map((error) => error.pointer)]).toEqual([422, [pointer]]);
  });

  test('a cursor of another list, an unknown route and a broken body are refused in kind', async () => {
    expect((await ada.get('/api/activity?cursor=abc')).body).toMatchObject({ status: 422, code: 'bad-cursor' });
    expect((await ada.get('/api/nowhere')).body).toMatchObject({ status: 404, code: 'no-such-route' });
    const broken = await fetch(`${api.base}/api/accounts`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', cookie: ada.cookie },
      body: '{',
    });
    expect([broken.status, broken.headers.get('content-type')]).toEqual([
      400,
      'application/problem+json; charset=utf-8',
    ]);
  });

  test('the document is OpenAPI 3.1 and every operation is named once', async () => {
    const { body } = await api
      .person()
      .get<{ openapi: string; paths: Record<string, Record<string, { operationId?: string }>> }>('/api/openapi.json');
    const names = Object.values(body.paths).flatMap((path) =>
      Object.values(path).map((operation) => operation.operationId),
    );
    expect(body.openapi).toBe('3.1.0');
    expect(names.length).toBeGreaterThan(40);
    expect(new Set(names).size).toBe(names.length);
    expect((await fetch(`${api.base}/api/docs`)).headers.get('content-type')).toContain('text/html');
  });
});

test('one thing that an account holds under two assets asks for attention', async () => {
  const person = await api.signedIn();
  const { id: accountId } = await account(person);
  for (const marketSegment of ['XETRA', 'NASDAQ']) {
    const { id: assetId } = await made(
      person.post('/api/assets', { symbol: 'TWIN', name: `Twin ${marketSegment}`, kind: 'private', marketSegment }),
    );
    await made(person.post('/api/holdings', { accountId, assetId, balance: '1' }));
  }
  const { body } = await person.get<{ attention: { kind: string; title: string }[] }>('/api/portfolio/summary');
  expect(body.attention.filter((one) => one.kind === 'split-position')).toMatchObject([
    { title: 'TWIN in Main is held as 2 positions' },
  ]);
});
