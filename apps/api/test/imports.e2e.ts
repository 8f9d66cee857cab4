import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Person, testApi, type TestApi } from './harness.js';
import { testWorker, type TestWorker } from './worker.js';

interface Import {
  id: string;
  state: string;
  counts: { rows: number; new: number; known: number; problems: number; recorded: number };
  sample: { suggestion: Record<string, unknown> } | null;
}

let api: TestApi;
let worker: TestWorker;
let me: Person;
let account: string;

beforeAll(async () => {
  api = await testApi();
  worker = await testWorker(api);
  me = await api.signedIn();
  const { body } = await me.post<{ id: string }>('/api/accounts', {
    name: 'Everyday',
    kind: 'asset',
    currency: 'EUR',
    institution: { name: 'Bank', kind: 'bank' },
  });
  account = body.id;
});
afterAll(async () => {
  await worker.close();
  await api.close();
});

async function send(text: string): Promise<Import> {
  const bytes = Buffer.from(text);
  const wanted = { fileName: 'statement.csv', size: bytes.length, contentType: 'text/csv' };
  const { body: upload } = await me.post<{ id: string; url: string; headers: Record<string, string> }>(
    '/api/uploads',
    wanted,
  );
  expect((await me.ask('PUT', upload.url, bytes, upload.headers)).status).toBe(204);
  const created = await me.post<Import>('/api/imports', { accountId: account, uploadId: upload.id });
  expect(created.status).toBe(201);
  return created.body;
}

async function until(id: string, ...states: string[]): Promise<Import> {
  for (;;) {
    const { body } = await me.get<Import>(`/api/imports/${id}`);
    if (states.includes(body.state)) return body;
    await pause(20);
  }
}

test('a CSV goes from raw bytes through mapping and review into the account', async () => {
  const { id } = await send('Datum;Text;Betrag\n05.01.2026;Gehalt;2.450,00\n07.01.2026;Strom;-78,40\n07.01.2026;;x\n');
  const { sample } = await until(id, 'needs-mapping');
  const preview = await me.post<{ rows: unknown[]; problems: unknown[] }>(
    `/api/imports/${id}/mapping-preview`,
    sample?.suggestion,
  );
  expect(preview).toMatchObject({ status: 200, body: { problems: [{ line: 4, column: 'Betrag' }] } });
  expect(preview.body.rows).toHaveLength(3);
  expect((await me.ask('PUT', `/api/imports/${id}/mapping`, sample?.suggestion)).status).toBe(202);
  expect((await until(id, 'to-review')).counts).toEqual({ rows: 3, new: 2, known: 0, problems: 1, recorded: 0 });
  const rows = await me.get<{ items: { line: number }[]; nextCursor: string }>(`/api/imports/${id}/rows?limit=2`);
  const rest = await me.get<{ items: { line: number }[] }>(`/api/imports/${id}/rows?cursor=${rows.body.nextCursor}`);
  expect([...rows.body.items, ...rest.body.items].map(({ line }) => line)).toEqual([2, 3, 4]);
  expect((await me.post(`/api/imports/${id}/confirmation`)).status).toBe(202);
  expect((await until(id, 'recorded')).counts.recorded).toBe(2);
  expect((await me.get<{ items: unknown[] }>('/api/holdings')).body.items).toMatchObject([{ balance: '2371.6' }]);
  expect((await me.ask('DELETE', `/api/imports/${id}`)).body).toMatchObject({ code: 'import-recorded' });
});

test('a file larger than announced, or than the limit, is refused by name', async () => {
  const wanted = { fileName: 'a.csv', size: 3, contentType: 'text/csv' };
  const { body: upload } = await me.post<{ url: string }>('/api/uploads', wanted);
  const longer = await me.ask('PUT', upload.url, Buffer.from('abcd'));
  expect(longer).toMatchObject({ status: 422, body: { code: 'wrong-size' } });
  const huge = await me.ask('PUT', upload.url, Buffer.alloc(10_000_001));
  expect(huge).toMatchObject({ status: 413, body: { code: 'file-too-large' } });
  expect(await me.post('/api/uploads', { ...wanted, size: 10_000_001 })).toMatchObject({
    status: 413,
    body: { code: 'file-too-large', largestBytes: 10_000_000 },
  });
});

test('raw bytes are taken by the one route for files and by no other', async () => {
  const answer = await me.ask('POST', '/api/imports', Buffer.from('x'), { 'content-type': 'text/csv' });
  expect(answer).toMatchObject({ status: 415, body: { code: 'not-json' } });
});

test('a mapping that cannot be is refused field by field', async () => {
  const { id } = await send('Date,Amount,Text\n2026-01-01,1.00,x\n');
  const { sample } = await until(id, 'needs-mapping');
  const wrong = await me.ask('PUT', `/api/imports/${id}/mapping`, { ...sample?.suggestion, date: -1 });
  expect(wrong).toMatchObject({ status: 422, body: { errors: [{ pointer: '/date' }] } });
  const both = await me.ask('PUT', `/api/imports/${id}/mapping`, { ...sample?.suggestion, debit: 1 });
  expect(both).toMatchObject({ status: 422, body: { code: 'one-amount' } });
  expect((await me.ask('DELETE', `/api/imports/${id}`)).status).toBe(204);
});

test('where no data-provider answers, nothing is read by AI, and that is said before anything is uploaded', async () => {
  const { body } = await me.get('/api/ai-reading');
  expect(body).toEqual({ offered: [], sentTo: '127.0.0.1:9', why: 'The data-provider does not answer at the moment.' });
});
