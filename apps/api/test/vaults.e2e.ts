import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Answer, type Person, testApi, type TestApi } from './harness.js';

let api: TestApi;
beforeAll(async () => {
  api = await testApi();
});
afterAll(() => api.close());

interface Vault {
  id: string;
  saved: { amount: string | null; coverage: string };
  ratio: string | null;
  missing: string | null;
  monthly: string | null;
  slices: { symbol: string; percent: string; value: string | null; uncounted: string | null }[];
}

const made = async <T = { id: string }>(answer: Promise<Answer>): Promise<T> => {
  const { status, body, text } = await answer;
  if (status !== 201) throw new Error(text);
  return body as T;
};
const account = async (person: Person, kind = 'asset'): Promise<string> =>
  (
    await made(
      person.post('/api/accounts', {
        name: `Main ${kind}`,
        kind,
        currency: 'EUR',
        institution: { name: 'Northbank', kind: 'bank' },
      }),
    )
  ).id;
async function holding(person: Person, accountId: string, symbol: string, balance: string, price?: string) {
  const { id: assetId } = await made(
    person.post('/api/assets', { symbol, name: symbol, kind: 'private', decimals: 8 }),
  );
  return made(
    person.post('/api/holdings', {
      accountId,
      assetId,
      balance,
      ...(price ? { price: { value: price, currency: 'EUR' } } : {}),
    }),
  );
}
const vault = (person: Person, about: object = {}): Promise<Vault> =>
  made<Vault>(person.post('/api/vaults', { name: 'Boat', target: '1000', currency: 'EUR', ...about }));
const slices = (person: Person, id: string, of: object[]): Promise<Answer<Vault>> =>
  person.ask<Vault>('PUT', `/api/vaults/${id}/slices`, { slices: of });

describe('a vault', () => {
  test('counts its shares of holdings, exactly, and says what is missing', async () => {
    const person = await api.signedIn();
    const accountId = await account(person);
    const gold = await holding(person, accountId, 'GOLD', '3', '100.10');
    const art = await holding(person, accountId, 'ART', '1');
    const { id } = await vault(person);
    const { body } = await slices(person, id, [
      { holdingId: gold.id, percent: '33.333333' },
      { holdingId: art.id, percent: '50' },
    ]);
    expect(body).toMatchObject({
      saved: { amount: '100.099999', coverage: 'full' },
      ratio: '0.1001',
      missing: '899.900001',
      monthly: null,
    });
    expect(body.slices.map(({ symbol, value }) => [symbol, value]).sort()).toEqual([
      ['ART', null],
      ['GOLD', '100.099999'],
    ]);
    await person.ask('PATCH', `/api/holdings/${gold.id}`, { hidden: true });
    const hidden = await person.get<Vault>(`/api/vaults/${id}`);
    expect(hidden.body).toMatchObject({ saved: { amount: null } });
    expect(hidden.body.slices.find((one) => one.symbol === 'GOLD')).toMatchObject({ uncounted: 'hidden' });
  });

  test('a holding cannot be put aside twice, whoever comes first', async () => {
    const person = await api.signedIn();
    const gold = await holding(person, await account(person), 'GOLD', '1', '10');
    const [one, other] = [await vault(person), await vault(person, { name: 'House' })];
    const answers = await Promise.all(
      [one, other].map(({ id }) => slices(person, id, [{ holdingId: gold.id, percent: '60' }])),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 422]);
    const refused = answers.find(({ status }) => status === 422);
    expect(refused?.body).toMatchObject({
      code: 'slice-overfull',
      errors: [{ pointer: '/slices/0/percent', detail: 'must be at most 40: the rest is in other vaults' }],
    });
    const lost = answers[0]?.status === 422 ? one : other;
    expect((await slices(person, lost.id, [{ holdingId: gold.id, percent: '40' }])).status).toBe(200);
  });

  test('refuses what makes no sense, naming the field', async () => {
    const person = await api.signedIn();
    const gold = await holding(person, await account(person), 'GOLD', '1', '10');
    const debt = await holding(person, await account(person, 'liability'), 'LOAN', '-5', '1');
    const { id } = await vault(person);
    for (const [of, pointer] of [
      [[{ holdingId: gold.id, percent: '100.1' }], '/slices/0/percent'],
      [[{ holdingId: gold.id, percent: '1.1234567' }], '/slices/0/percent'],
      [[{ holdingId: debt.id, percent: '10' }], '/slices/0/holdingId'],
      [[{ holdingId: id, percent: '10' }], '/slices/0/holdingId'],
      [
        [
          { holdingId: gold.id, percent: '10' },
          { holdingId: gold.id, percent: '20' },
        ],
        '/slices/1/holdingId',
      ],
    ] as const)
      expect((await slices(person, id, [...of])).body).toMatchObject({ status: 422, errors: [{ pointer }] });
    for (const [about, pointer] of [
      [{ target: '0' }, '/target'],
      [{ currency: 'XXX' }, '/currency'],
      [{ dueOn: '2026-02-30' }, '/dueOn'],
    ] as const)
      expect(
        (await person.post('/api/vaults', { name: 'x', target: '1', currency: 'EUR', ...about })).body,
      ).toMatchObject({
        status: 422,
        errors: [{ pointer }],
      });
    expect((await person.post('/api/vaults', { name: 'Boat', target: '1', currency: 'EUR' })).body).toMatchObject({
      status: 409,
      code: 'vault-name-taken',
    });
  });

  test('can be renamed, aimed elsewhere and removed', async () => {
    const person = await api.signedIn();
    const { id } = await vault(person, { dueOn: '2999-01-01' });
    const changed = await person.ask('PATCH', `/api/vaults/${id}`, { name: 'Ship', target: '2000', dueOn: null });
    expect(changed.body).toMatchObject({
      name: 'Ship',
      target: '2000',
      dueOn: null,
      saved: { amount: '0' },
      ratio: '0',
    });
    expect((await person.ask('DELETE', `/api/vaults/${id}`)).status).toBe(204);
    expect((await person.get(`/api/vaults/${id}`)).status).toBe(404);
  });
});
