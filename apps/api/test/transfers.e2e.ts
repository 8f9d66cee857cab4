import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Person, testApi, type TestApi } from './harness.js';
import { testWorker, type TestWorker } from './worker.js';

let api: TestApi;
let worker: TestWorker;
let ada: Person;
let bank: string;
let broker: string;

beforeAll(async () => {
  api = await testApi();
  worker = await testWorker(api);
  ada = await api.signedIn();
  [bank, broker] = [await holding('Bank'), await holding('Broker')];
});
afterAll(async () => {
  await worker.close();
  await api.close();
});

interface Side {
  id: string;
  accountName: string;
  quantity: string;
}
interface Transfer {
  id: string;
  verdict: string;
  decidedBy: string;
  entries: Side[];
}
interface Review {
  entry: Side;
  candidates: { entry: Side; secondsApart: number; quantityApart: string }[];
}

async function made(path: string, body: object): Promise<string> {
  const answer = await ada.post<{ id: string }>(path, body);
  if (answer.status !== 201) throw new Error(`${path}: ${answer.text}`);
  return answer.body.id;
}

async function holding(name: string): Promise<string> {
  const account = await made('/api/accounts', {
    name,
    kind: 'asset',
    currency: 'EUR',
    institution: { name, kind: 'bank' },
  });
  const currencies = await ada.get<{ items: { assetId: string; code: string }[] }>('/api/currencies');
  const euro = currencies.body.items.find((one) => one.code === 'EUR')?.assetId;
  return made('/api/holdings', { accountId: account, assetId: euro, balance: '10000' });
}

const moved = (
  holdingId: string,
  kind: 'deposit' | 'withdraw',
  quantity: string,
  occurredAt: string,
  description?: string,
): Promise<string> =>
  made(`/api/holdings/${holdingId}/transactions`, {
    kind,
    quantity,
    occurredAt,
    ...(description ? { description } : {}),
  });

async function look(): Promise<void> {
  const answer = await ada.post<{ jobId: string }>('/api/transfers/link');
  expect(answer.status).toBe(202);
  await worker.idle();
  const job = await ada.get<{ state: string }>(`/api/jobs/${answer.body.jobId}`);
  expect(job.body.state).toBe('completed');
}
const decided = async (): Promise<Transfer[]> =>
  (await ada.get<{ items: Transfer[] }>('/api/transfers?limit=200')).body.items;
const reviews = async (query = ''): Promise<Review[]> =>
  (await ada.get<{ items: Review[] }>(`/api/transfer-reviews?limit=200${query}`)).body.items;
const toReview = async (): Promise<number> =>
  (await ada.get<{ toReview: number }>('/api/transfer-counts')).body.toReview;

test('from two entries to a link that every list shows, taken apart again and left apart', async () => {
  const out = await moved(bank, 'withdraw', '500', '2026-01-10T09:00:00Z');
  const into = await moved(broker, 'deposit', '498', '2026-01-10T09:12:00Z');
  await look();
  const [link] = await decided();
  expect(link).toMatchObject({ verdict: 'paired', decidedBy: 'match', entries: [{ id: out }, { id: into }] });
  const activity = await ada.get<{ items: { id: string; transfer: unknown }[] }>('/api/activity');
  expect(activity.body.items.find((one) => one.id === out)?.transfer).toEqual({
    id: link?.id,
    verdict: 'paired',
    otherAccountName: 'Broker',
  });
  const ofHolding = await ada.get<{ items: { id: string; transfer: unknown }[] }>(
    `/api/holdings/${broker}/transactions`,
  );
  expect(ofHolding.body.items.find((one) => one.id === into)?.transfer).toMatchObject({ otherAccountName: 'Bank' });

  expect((await ada.ask('DELETE', `/api/transfers/${link?.id}`)).status).toBe(204);
  await look();
  expect(await decided()).toEqual([]);
  expect((await ada.ask('DELETE', `/api/transfers/${link?.id}`)).status).toBe(404);
});

test('what could be several is shown with its candidates, the likeliest first, and is decided by hand', async () => {
  const out = await moved(bank, 'withdraw', '300', '2026-02-10T09:00:00Z');
  const near = await moved(broker, 'deposit', '300', '2026-02-10T09:05:00Z');
  const far = await moved(broker, 'deposit', '297.5', '2026-02-11T09:05:00Z');
  await moved(broker, 'deposit', '299', '2026-02-10T09:20:00Z');
  await look();
  const review = (await reviews()).find((one) => one.entry.id === out);
  expect(review?.candidates.map(({ entry, ...rest }) => [entry.quantity, rest])).toEqual([
    ['300', { secondsApart: 300, quantityApart: '0' }],
    ['299', { secondsApart: 1200, quantityApart: '1' }],
    ['297.5', { secondsApart: 86_700, quantityApart: '2.5' }],
  ]);
  const before = await toReview();
  const paired = await ada.post<{ items: Transfer[] }>('/api/transfers', {
    verdict: 'paired',
    transactionIds: [far, out],
  });
  expect([paired.status, paired.body.items[0]?.entries.map((side) => side.id)]).toEqual([201, [out, far]]);
  expect(await toReview()).toBe(before - 2);
  const again = await ada.post('/api/transfers', { verdict: 'paired', transactionIds: [out, near] });
  expect([again.status, again.body['code']]).toEqual([409, 'decided-already']);
  await worker.idle();
  expect(await reviews()).toEqual([]);
});

test('the parts of a split have to add up, and the refusal says by how much they do not', async () => {
  const out = await moved(bank, 'withdraw', '100.03', '2026-03-10T09:00:00Z');
  const parts = [
    await moved(broker, 'deposit', '60', '2026-03-11T09:00:00Z'),
    await moved(broker, 'deposit', '40', '2026-03-12T09:00:00Z'),
  ];
  const near = await ada.get<{ items: Side[] }>(`/api/transfer-reviews/${out}/parts`);
  expect(near.body.items.map((side) => side.id)).toEqual(parts);
  const refused = await ada.post('/api/transfers', { verdict: 'split', transactionIds: [out, ...parts] });
  expect(refused).toMatchObject({ status: 422, body: { code: 'parts-differ', difference: '0.03' } });
  parts.push(await moved(broker, 'deposit', '0.03', '2026-03-12T09:00:00Z'));
  const split = await ada.post('/api/transfers', { verdict: 'split', transactionIds: [out, ...parts] });
  expect(split.status).toBe(201);
  expect((await decided())[0]).toMatchObject({ verdict: 'split', entries: { length: 4 } });
});

test('a rule says it for a counterparty once and for all, and takes it back when it goes', async () => {
  const rent = await moved(bank, 'withdraw', '900', '2026-04-01T09:00:00Z', 'RENT  April');
  expect((await reviews('&all=true')).some((one) => one.entry.id === rent)).toBe(true);
  const rule = await ada.post<{ id: string }>('/api/transfer-rules', {
    counterparty: 'rent april',
    direction: 'out',
    verdict: 'left-my-control',
  });
  expect(rule).toMatchObject({ status: 201, body: { decided: 1 } });
  expect((await decided())[0]).toMatchObject({ decidedBy: 'rule', entries: [{ id: rent }] });
  const undone = await ada.ask('DELETE', `/api/transfers/${(await decided())[0]?.id}`);
  expect([undone.status, undone.body['code']]).toEqual([409, 'decided-by-rule']);
  expect((await ada.ask('DELETE', `/api/transfer-rules/${rule.body.id}`)).status).toBe(204);
  expect((await decided()).some((one) => one.entries.some((side) => side.id === rent))).toBe(false);
});

test('lists come in pages', async () => {
  for (let day = 10; day < 16; day += 1) await moved(bank, 'withdraw', `${day}`, `2026-05-${day}T09:00:00Z`);
  const seen: string[] = [];
  let cursor = '';
  do {
    const { body } = await ada.get<{ items: Review[]; nextCursor: string | null }>(
      `/api/transfer-reviews?all=true&limit=3${cursor && `&cursor=${cursor}`}`,
    );
    seen.push(...body.items.map((one) => one.entry.id));
    cursor = body.nextCursor ?? '';
  } while (cursor);
  const all = (await reviews('&all=true')).map((one) => one.entry.id);
  expect(seen).toEqual(all);
  expect(new Set(seen).size).toBe(seen.length);
  expect((await ada.get('/api/transfer-reviews?all=perhaps')).status).toBe(422);
});
