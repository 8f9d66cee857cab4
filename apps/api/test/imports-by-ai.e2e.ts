/* eslint-disable @nx/enforce-module-boundaries -- api, worker and data-provider run side by side, and the world is a tool */
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { pdfOf } from '../../../libs/features/imports/src/testing/pdf.js';
import { pictureSaying } from '../../../tools/outside-world/picture.ts';
import { KEY, type Stage, startStage } from '../../data-provider/test/harness.js';
import { type Person, testApi, type TestApi } from './harness.js';
import { testWorker, type TestWorker } from './worker.js';

interface Import {
  id: string;
  state: string;
  format: string | null;
  counts: { rows: number; new: number; known: number; problems: number; recorded: number };
  sample: { suggestion: Record<string, unknown> } | null;
  notes: string[];
  error: { code: string; detail: string } | null;
}

let stage: Stage;
let api: TestApi;
let worker: TestWorker;
let me: Person;
let account: string;

beforeAll(async () => {
  stage = await startStage();
  const cloud = { SCANI_CLOUD_URL: stage.url, SCANI_CLOUD_API_KEY: KEY };
  api = await testApi(cloud);
  worker = await testWorker(api, cloud);
  me = await api.signedIn();
  const institution = { name: 'Bank', kind: 'bank' };
  const { body } = await me.post<{ id: string }>('/api/accounts', {
    name: 'Everyday',
    kind: 'asset',
    currency: 'EUR',
    institution,
  });
  account = body.id;
});
afterAll(async () => {
  await worker.close();
  await api.close();
  await stage.close();
});

async function send(content: Buffer, fileName: string, contentType: string, more: object = {}): Promise<Import> {
  const { body: upload } = await me.post<{ id: string; url: string }>('/api/uploads', {
    fileName,
    size: content.length,
    contentType,
  });
  expect((await me.ask('PUT', upload.url, content)).status).toBe(204);
  const { status, body } = await me.post<Import>('/api/imports', { accountId: account, uploadId: upload.id, ...more });
  expect(status).toBe(201);
  return settled(body.id);
}

async function settled(id: string): Promise<Import> {
  for (;;) {
    const { body } = await me.get<Import>(`/api/imports/${id}`);
    if (!['waiting', 'reading', 'recording'].includes(body.state)) return body;
    await pause(30);
  }
}

const picture = pictureSaying({
  shows_positions: true,
  goes_on: false,
  positions: [
    {
      name: 'Bitcoin',
      symbol: 'BTC',
      kind: 'crypto',
      quantity: '0,123456789012345678',
      price: '80.000,00',
      value: '9.876,54',
      currency: 'EUR',
      unreadable: [],
      confidence: 'high',
    },
  ],
});

test('what can be read is told with where it is sent, before anything is uploaded', async () => {
  const { body } = await me.get('/api/ai-reading');
  expect(body).toEqual({ offered: ['screenshot', 'document', 'columns'], sentTo: new URL(stage.url).host, why: null });
});

test('a picture becomes balances, to the eighteenth decimal; its owner can see it meanwhile', async () => {
  const read = await send(picture, 'wallet.png', 'image/png', { readByAi: true, seenAt: '2026-11-01T10:00:00Z' });
  expect(read).toMatchObject({ state: 'to-review', format: 'screenshot', counts: { rows: 1, new: 1 } });
  const shown = await fetch(`${api.base}/api/imports/${read.id}/picture`, { headers: { cookie: me.cookie } });
  expect(Buffer.from(await shown.arrayBuffer()).equals(picture)).toBe(true);
  expect(Object.fromEntries(shown.headers)).toMatchObject({
    'content-type': 'image/png',
    'cache-control': 'private, no-store',
    'content-security-policy': "default-src 'none'; sandbox",
    'x-content-type-options': 'nosniff',
  });
  const { body } = await me.get<{ items: Record<string, unknown>[] }>(`/api/imports/${read.id}/positions`);
  expect(body.items).toMatchObject([{ asset: { symbol: 'BTC' }, quantity: '0.123456789012345678', doubts: [] }]);
  expect((await me.post(`/api/imports/${read.id}/confirmation`)).status).toBe(202);
  expect(await settled(read.id)).toMatchObject({ state: 'recorded', counts: { recorded: 1 } });
  const { body: holdings } = await me.get<{ items: { balance: string }[] }>(`/api/holdings?accountId=${account}`);
  expect(holdings.items.map(({ balance }) => balance)).toEqual(['0.123456789012345678']);
  expect((await me.get(`/api/imports/${read.id}/picture`)).status).toBe(404);
});

test.each([
  [{ assetId: null, quantity: 12, included: true }],
  [{ assetId: null, quantity: '1,5', included: true }],
  [{ assetId: 'BTC', quantity: '1', included: true }],
  [{ assetId: null, quantity: '1', included: 'yes' }],
])('a position takes no %j', async (body) => {
  const { id } = await send(picture, 'wallet.png', 'image/png', { readByAi: true });
  expect((await me.ask('PUT', `/api/imports/${id}/positions/1`, body)).status).toBe(422);
  const good = { assetId: null, quantity: '1', included: true };
  expect((await me.ask('PUT', `/api/imports/${id}/positions/99999999999`, good)).status).toBe(404);
});

const NOVEMBER = pdfOf([
  [
    [50, 760, 'Konto DE00 1234, EUR'],
    [50, 740, '03.11.2026'],
    [120, 740, 'Miete'],
    [400, 740, '-950,00'],
    [480, 740, '1.284,56'],
    [50, 720, '04.11.2026'],
    [120, 720, 'Gehalt'],
    [400, 720, '2.500,00'],
    [480, 720, '3.784,56'],
    [50, 700, 'Endsaldo 30.11.2026 3.784,56'],
  ],
]);

test('a PDF becomes the rows of a statement, and the same again is known', async () => {
  const read = await send(NOVEMBER, 'november.pdf', 'application/pdf', { readByAi: true });
  expect(read).toMatchObject({
    state: 'to-review',
    format: 'pdf',
    counts: { rows: 2, new: 2, problems: 0 },
    notes: [],
  });
  await me.post(`/api/imports/${read.id}/confirmation`);
  expect(await settled(read.id)).toMatchObject({ state: 'recorded', counts: { recorded: 2 } });
  const { body } = await me.get<{ items: { asset: { symbol: string }; balance: string }[] }>(
    `/api/holdings?accountId=${account}`,
  );
  expect(body.items.find(({ asset }) => asset.symbol === 'EUR')?.balance).toBe('3784.56');
  const again = await send(NOVEMBER, 'november.pdf', 'application/pdf', { readByAi: true });
  expect(again.counts).toMatchObject({ new: 0, known: 2 });
});

test('what leaves the server is the text of its pages', async () => {
  stage.world.forgetRequests();
  expect(await send(NOVEMBER, 'november.pdf', 'application/pdf')).toMatchObject({
    state: 'failed',
    error: { code: 'ai-not-agreed' },
  });
  expect(stage.world.requests('openai')).toEqual([]);
});

test('the columns of a CSV are suggested where its owner asks for it', async () => {
  const csv = Buffer.from('Wer;Buchung;Betrag\nBäcker;03.11.2026;-4,50\nMiete;04.11.2026;-950,00\n');
  stage.world.forgetRequests();
  const read = await send(csv, 'bank.csv', 'text/csv');
  expect(read.state).toBe('needs-mapping');
  expect(stage.world.requests('openai')).toEqual([]);
  const { status, body } = await me.post(`/api/imports/${read.id}/column-suggestion`);
  expect([status, body]).toMatchObject([
    200,
    { date: 1, dateFormat: 'DD.MM.YYYY', amount: 2, decimalSeparator: ',', description: [0], delimiter: ';' },
  ]);
  expect((await me.ask('PUT', `/api/imports/${read.id}/mapping`, body)).status).toBe(202);
  expect(await settled(read.id)).toMatchObject({ state: 'to-review', counts: { new: 2 } });
});

test('a model in trouble is told as such', async () => {
  const read = await send(Buffer.from('Wer;Buchung;Betrag\nx;03.11.2026;-4,50\n'), 'bank.csv', 'text/csv');
  stage.world.fail({ service: 'openai', kind: 'status', status: 500, times: 2 });
  const answer = await me.post<{ code: string }>(`/api/imports/${read.id}/column-suggestion`);
  expect([answer.status, answer.body.code]).toEqual([503, 'ai-failed']);
  stage.world.heal();
});

test('after a switch of the tier admins see a picture read for real, and nothing of it is left', async () => {
  const count = async () =>
    (await api.db.source.query('select count(*)::int as imports from import')) as { imports: number }[];
  const before = await count();
  expect((await me.post('/api/admin/tier-verification')).status).toBe(202);
  type Verification = { state: string; steps: { name: string; state: string; sentence: string }[] };
  let seen: Verification = { state: 'running', steps: [] };
  while (seen.state === 'running') {
    await pause(100);
    seen = (await me.get<Verification>('/api/admin/tier-verification')).body;
  }
  expect(seen.steps.find(({ name }) => name === 'screenshot')).toMatchObject({ state: 'ok' });
  expect(await count()).toEqual(before);
}, 60_000);
