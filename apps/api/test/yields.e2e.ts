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

interface Yield {
  paid: string;
  accruedTo: string | null;
  nextDueOn: string | null;
}
interface Entries {
  items: { kind: string; quantity: string; occurredAt: string; id: string; source: string }[];
}

const DAY_MS = 86_400_000;
const daysAgo = (days: number): string => new Date(Date.now() - days * DAY_MS).toISOString();
const dayAgo = (days: number): string => daysAgo(days).slice(0, 10);
const made = async (answer: Promise<Answer>): Promise<{ id: string }> => {
  const { status, body, text } = await answer;
  if (status !== 201) throw new Error(text);
  return body as { id: string };
};
async function savings(person: Person, balance: string): Promise<string> {
  const account = await made(
    person.post('/api/accounts', {
      name: 'Savings',
      kind: 'asset',
      currency: 'EUR',
      institution: { name: 'Northbank', kind: 'bank' },
    }),
  );
  const { body } = await person.get<{ items: { code: string; assetId: string }[] }>('/api/currencies');
  const assetId = body.items.find((one) => one.code === 'EUR')?.assetId;
  return (await made(person.post('/api/holdings', { accountId: account.id, assetId, balance, at: daysAgo(30) }))).id;
}
const set = (person: Person, id: string, terms: object): Promise<Answer<Yield>> =>
  person.ask<Yield>('PUT', `/api/holdings/${id}/yield`, { rate: '0.365', payoutsPerYear: 365, ...terms });
const interest = async (person: Person, id: string) =>
  (await person.get<Entries>(`/api/holdings/${id}/transactions?limit=100`)).body.items.filter(
    (one) => one.kind === 'interest',
  );

test('interest that has come due is recorded once, with interest on interest, and is the same on every look', async () => {
  const person = await api.signedIn();
  const id = await savings(person, '1000');
  expect((await set(person, id, { startsOn: dayAgo(3) })).status).toBe(200);
  await worker.idle();
  expect((await interest(person, id)).map((one) => [one.occurredAt, one.quantity, one.source])).toEqual([
    [`${dayAgo(0)}T00:00:00.000Z`, '1.002001', 'yield'],
    [`${dayAgo(1)}T00:00:00.000Z`, '1.001', 'yield'],
    [`${dayAgo(2)}T00:00:00.000Z`, '1', 'yield'],
  ]);
  await set(person, id, { startsOn: dayAgo(3), rate: '0.73' });
  await worker.idle();
  expect(await interest(person, id)).toHaveLength(3);
  expect((await person.get<Yield>(`/api/holdings/${id}/yield`)).body).toMatchObject({
    rate: '0.73',
    paid: '3.003001',
    accruedTo: dayAgo(0),
    nextDueOn: dayAgo(-1),
  });
  expect((await person.get<{ balance: string }>(`/api/holdings/${id}`)).body.balance).toBe('1003.003001');
});

test('a payout that was taken back is not paid again; ended interest leaves what was paid', async () => {
  const person = await api.signedIn();
  const id = await savings(person, '1000');
  await set(person, id, { startsOn: dayAgo(1) });
  await worker.idle();
  const [payout] = await interest(person, id);
  expect((await person.post(`/api/transactions/${payout?.id}/reversal`)).status).toBe(201);
  await api.db.source.query('update yield_config set accrued_to = null');
  await set(person, id, { startsOn: dayAgo(1) });
  await worker.idle();
  expect((await person.get<Yield>(`/api/holdings/${id}/yield`)).body.paid).toBe('0');
  expect((await person.ask('DELETE', `/api/holdings/${id}/yield`)).status).toBe(204);
  expect((await person.get(`/api/holdings/${id}/yield`)).status).toBe(404);
  expect((await person.get<{ items: unknown[] }>('/api/yields')).body.items).toEqual([]);
});

test('terms that make no sense are refused, naming the field', async () => {
  const person = await api.signedIn();
  const id = await savings(person, '1000');
  for (const [terms, pointer] of [
    [{ rate: '0' }, '/rate'],
    [{ rate: '11' }, '/rate'],
    [{ payoutsPerYear: 4 }, '/payoutsPerYear'],
    [{ startsOn: '2026-02-30' }, '/startsOn'],
    [{ startsOn: '2026-03-01', endsOn: '2026-02-01' }, '/endsOn'],
  ] as const)
    expect((await set(person, id, { startsOn: '2026-01-01', ...terms })).body).toMatchObject({
      status: 422,
      errors: [{ pointer }],
    });
});
