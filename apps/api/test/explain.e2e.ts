import { decimal, decimalText, sum } from '@scani/money';
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

interface Part {
  holdingId: string;
  symbol: string;
  excluded: string | null;
  balance: { quantity: string; seen: { balance: string } | null; walked: string; drift: string };
  price: { rate: string; legs: { from: string; to: string; value: string; inverted: boolean }[] } | null;
  value: string | null;
}
interface Explained {
  figure: { amount: string | null; coverage: string };
  excluded: number;
  parts: { items: Part[]; nextCursor: string | null };
}

const made = async (answer: Promise<Answer>): Promise<{ id: string }> => {
  const { status, body, text } = await answer;
  if (status !== 201) throw new Error(text);
  return body as { id: string };
};
const account = async (person: Person, about: object = {}): Promise<string> =>
  (
    await made(
      person.post('/api/accounts', {
        name: 'Main',
        kind: 'asset',
        currency: 'EUR',
        institution: { name: 'Northbank', kind: 'bank' },
        ...about,
      }),
    )
  ).id;
const asset = async (person: Person, symbol: string): Promise<string> =>
  (await made(person.post('/api/assets', { symbol, name: symbol, kind: 'private', decimals: 18 }))).id;
const price = (person: Person, assetId: string, value: string, at: string): Promise<{ id: string }> =>
  made(person.post(`/api/assets/${assetId}/prices`, { value, currency: 'EUR', at }));
const seen = (person: Person, accountId: string, assetId: string, balance: string, at: string) =>
  made(person.post('/api/holdings', { accountId, assetId, balance, at }));
const explained = async (person: Person, query: string): Promise<Explained> => {
  const { status, body, text } = await person.get<Explained>(`/api/portfolio/value/explain?${query}`);
  if (status !== 200) throw new Error(text);
  return body;
};

describe('a value taken apart', () => {
  test('tells balance, price and what was left out, and adds up', async () => {
    const person = await api.signedIn();
    const accountId = await account(person);
    const [wine, art, junk] = [await asset(person, 'WINE'), await asset(person, 'ART'), await asset(person, 'JUNK')];
    await price(person, wine, '12.5', '2026-02-01T00:00:00Z');
    await price(person, wine, '12.5', new Date().toISOString());
    const bottles = await seen(person, accountId, wine, '10', '2026-01-01T00:00:00Z');
    await seen(person, accountId, art, '1', '2026-01-01T00:00:00Z');
    const hidden = await seen(person, accountId, junk, '5', '2026-01-01T00:00:00Z');
    await person.ask('PATCH', `/api/holdings/${hidden.id}`, { hidden: true });
    await made(
      person.post(`/api/holdings/${bottles.id}/transactions`, {
        kind: 'buy',
        quantity: '2',
        occurredAt: '2026-02-10T12:00:00Z',
      }),
    );
    const now = await explained(person, 'scope=user');
    expect(now).toMatchObject({ figure: { amount: '150', coverage: 'full' }, excluded: 1 });
    const { items } = now.parts;
    expect(items.map((part) => [part.symbol, part.value, part.excluded])).toEqual([
      ['WINE', '150', null],
      ['ART', null, null],
      ['JUNK', null, 'hidden'],
    ]);
    expect(items[0]).toMatchObject({
      balance: { quantity: '12', seen: { balance: '10', source: 'user' }, walked: '2', drift: '0' },
      price: { rate: '12.5', legs: [{ from: 'WINE', to: 'EUR', value: '12.5', inverted: false, source: 'own' }] },
    });
    const { body: summary } = await person.get<{ value: { amount: string } }>('/api/portfolio/summary');
    expect(summary.value.amount).toBe(now.figure.amount);
    const before = await explained(person, 'scope=user&on=2026-02-09');
    expect(before.figure.amount).toBe('125');
    const pages = [await explained(person, 'scope=user&limit=1')];
    while (pages.at(-1)?.parts.nextCursor)
      pages.push(await explained(person, `scope=user&limit=1&cursor=${pages.at(-1)?.parts.nextCursor}`));
    expect(pages.flatMap((page) => page.parts.items)).toEqual(items);
  });

  test('refuses what it cannot know, naming the field', async () => {
    const person = await api.signedIn();
    for (const [query, pointer] of [
      ['scope=user&on=2999-01-01', '/on'],
      ['scope=user&on=2026-02-30', '/on'],
      ['scope=user&knownAt=2999-01-01T00:00:00Z', '/knownAt'],
      ['scope=user&base=XXX', '/base'],
      ['scope=account', '/id'],
    ] as const) {
      const { status, body } = await person.get(`/api/portfolio/value/explain?${query}`);
      expect([query, status, body]).toMatchObject([query, 422, { errors: [{ pointer }] }]);
    }
  });
});

describe('what was said then', () => {
  const pause = () => new Promise((done) => setTimeout(done, 20));

  test('stays what it was, whatever is corrected, replaced or taken back later', async () => {
    const person = await api.signedIn();
    const accountId = await account(person);
    const wine = await asset(person, 'WINE');
    await price(person, wine, '10', '2026-01-01T00:00:00Z');
    const holding = await seen(person, accountId, wine, '10', '2026-01-01T00:00:00Z');
    const at: Record<string, string> = {};
    const mark = async (name: string): Promise<void> => {
      await pause();
      at[name] = new Date().toISOString();
      await pause();
    };
    await mark('seen');
    const trade = await made(
      person.post(`/api/holdings/${holding.id}/transactions`, {
        kind: 'buy',
        quantity: '5',
        occurredAt: '2026-02-01T00:00:00Z',
      }),
    );
    await mark('bought');
    await price(person, wine, '20', '2026-01-01T00:00:00Z');
    await mark('repriced');
    const corrected = await person.post(`/api/transactions/${trade.id}/correction`, {
      kind: 'buy',
      quantity: '7',
      occurredAt: '2026-02-01T00:00:00Z',
    });
    expect([corrected.status, corrected.body]).toMatchObject([201, { quantity: '7' }]);
    await mark('corrected');
    const { body: observations } = await person.get<{ items: { id: string }[] }>(
      `/api/holdings/${holding.id}/observations`,
    );
    expect((await person.post(`/api/observations/${observations.items[0]?.id}/retraction`)).body).toMatchObject({
      retracted: true,
    });
    await mark('retracted');
    const { body: prices } = await person.get<{ items: { id: string }[] }>(`/api/assets/${wine}/prices`);
    for (const { id } of prices.items) await person.ask('DELETE', `/api/prices/${id}`);
    const said = async (knownAt: string): Promise<string | null> =>
      (await explained(person, `scope=user&on=2026-03-01&knownAt=${knownAt}`)).figure.amount;
    expect(
      await Promise.all(['seen', 'bought', 'repriced', 'corrected', 'retracted'].map((name) => said(at[name]!))),
    ).toEqual(['100', '150', '300', '340', '140']);
    expect((await explained(person, 'scope=user&on=2026-03-01')).figure.amount).toBe(null);
    expect((await explained(person, 'scope=user&knownAt=2020-01-01T00:00:00Z')).parts.items).toEqual([]);
  });

  test('a correction shows both rows, and nothing is taken back twice', async () => {
    const person = await api.signedIn();
    const holding = await seen(person, await account(person), await asset(person, 'ORE'), '1', '2026-01-01T00:00:00Z');
    const trade = await made(
      person.post(`/api/holdings/${holding.id}/transactions`, {
        kind: 'sell',
        quantity: '0.5',
        occurredAt: '2026-02-01T00:00:00Z',
      }),
    );
    const reversal = await person.post(`/api/transactions/${trade.id}/reversal`);
    expect([reversal.status, reversal.body]).toMatchObject([201, { quantity: '0.5', reversesId: trade.id }]);
    for (const [id, code] of [
      [trade.id, 'reversed-already'],
      [(reversal.body as { id: string }).id, 'is-reversal'],
    ])
      expect((await person.post(`/api/transactions/${id}/reversal`)).body).toMatchObject({ status: 409, code });
    const { body } = await person.get<{ items: { reversesId: string | null; reversedById: string | null }[] }>(
      `/api/holdings/${holding.id}/transactions`,
    );
    expect(body.items.map((row) => [row.reversesId !== null, row.reversedById !== null])).toEqual([
      [true, false],
      [false, true],
      // The opening balance.
      [false, false],
    ]);
    expect((await person.get<{ balance: string }>(`/api/holdings/${holding.id}`)).body.balance).toBe('1');
  });
});

test('parts without a page end add up to the figure in every scope', async () => {
  const person = await api.signedIn();
  const accountId = await account(person);
  for (const [symbol, balance, value] of [
    ['AAA', '1.000000000000000001', '3.3333'],
    ['BBB', '12345678.9', '0.000000012345'],
  ] as const) {
    const assetId = await asset(person, symbol);
    await price(person, assetId, value, '2026-01-01T00:00:00Z');
    await seen(person, accountId, assetId, balance, '2026-01-01T00:00:00Z');
  }
  for (const scope of ['scope=user', `scope=account&id=${accountId}`]) {
    const { figure, parts } = await explained(person, scope);
    expect(figure.amount).toBe(decimalText(sum(parts.items.map((part) => decimal(part.value ?? '0')))));
  }
});
