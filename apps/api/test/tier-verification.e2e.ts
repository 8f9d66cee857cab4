import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { testApi, type TestApi } from './harness.js';
import { testWorker, type TestWorker } from './worker.js';

let api: TestApi;
let worker: TestWorker | undefined;
beforeAll(async () => {
  api = await testApi();
});
afterAll(async () => {
  await worker?.close();
  await api.close();
});

interface Verification {
  state: string;
  tier: string;
  startedAt: string | null;
  steps: { name: string; state: string; sentence: string; remedy: string | null }[];
}
const AT = '/api/admin/tier-verification';

test('what needs the data-provider is said to be broken with its remedy, the rest is tried for real', async () => {
  const admin = await api.signedIn();
  await admin.post('/api/accounts', {
    name: 'Everyday',
    kind: 'asset',
    currency: 'EUR',
    institution: { name: 'Bank', kind: 'bank' },
  });
  worker = await testWorker(api);
  expect((await admin.get<Verification>(AT)).body).toMatchObject({ state: 'never', tier: 'tier1', startedAt: null });
  const begun = await admin.post<Verification>(AT);
  expect(begun).toMatchObject({ status: 202, body: { state: 'running' } });
  // Asked for twice it is one.
  expect((await admin.post<Verification>(AT)).body.startedAt).toBe(begun.body.startedAt);
  let seen = begun.body;
  while (seen.state === 'running') {
    await pause(50);
    seen = (await admin.get<Verification>(AT)).body;
  }
  expect(seen.state).toBe('failed');
  expect(seen.steps.map(({ name, state }) => `${name} ${state}`)).toEqual([
    'data-provider failed',
    'prices skipped',
    'import ok',
    'sync skipped',
    'screenshot skipped',
    'mail skipped',
  ]);
  expect(seen.steps[0]).toMatchObject({ sentence: expect.stringContaining('127.0.0.1') as string });
  expect(seen.steps[0]?.remedy).toMatch(/\.$/);
  const left = await api.db.source.query(
    'select (select count(*)::int from import) as imports, (select count(*)::int from upload) as uploads',
  );
  expect(left).toEqual([{ imports: 0, uploads: 0 }]);
});

test('nobody but an admin may', async () => {
  const owner = await api.signedIn();
  expect((await owner.get(AT)).status).toBe(403);
  expect((await owner.post(AT)).status).toBe(403);
});
