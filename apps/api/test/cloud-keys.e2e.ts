import { handleOf, hasHash } from '@scani/cloud';
import { randomUUID, randomUUIDv7 } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Person, testApi, type TestApi } from './harness.js';

const KEYS = '/api/admin/cloud-keys';
const WANTED = { name: 'Home of Ada', scopes: ['prices', 'mail'], plan: 'personal' };

interface Key {
  id: string;
  name: string;
  begins: string;
  plan: string;
  state: string;
  hourlyQuota: number;
  monthlyQuota: number;
  costCeiling: string | null;
  revokedAt: string | null;
}
interface New {
  key: Key;
  secret: string;
}

let api: TestApi;
let admin: Person;
beforeAll(async () => {
  api = await testApi({ CLOUD_MANAGEMENT_ENABLED: 'true' });
  admin = await api.signedIn();
});
afterAll(() => api.close());

const issue = async (wanted: object = {}): Promise<New> => {
  const answer = await admin.post<New>(KEYS, { ...WANTED, ...wanted });
  if (answer.status !== 201) throw new Error(answer.text);
  return answer.body;
};

/** Every text of every table. */
async function wholeDatabase(): Promise<string> {
  const tables = (await api.db.source.query(
    `select relname as name from pg_class where relkind = 'r' and relnamespace = 'public'::regnamespace`,
  )) as { name: string }[];
  const rows = await Promise.all(tables.map(({ name }) => api.db.source.query(`select t::text from "${name}" t`)));
  return JSON.stringify(rows);
}

test('a key is shown once: it is in one answer, as a hash in the database, and nowhere else', async () => {
  const idempotencyKey = randomUUID();
  const asked = await admin.ask<New>('POST', KEYS, WANTED, { 'idempotency-key': idempotencyKey });
  const { key, secret } = asked.body;
  expect(secret).toMatch(/^scani_sk_[0-9a-f]{12}_[\w-]{43}$/);
  expect(key).toMatchObject({
    begins: `scani_sk_${handleOf(secret)}_…`,
    state: 'active',
    hourlyQuota: 5_000,
    monthlyQuota: 500_000,
    costCeiling: '10',
  });
  const [row] = (await api.db.source.query('select secret_hash from cloud_key where id = $1', [key.id])) as [
    { secret_hash: Buffer },
  ];
  expect(hasHash(secret, row.secret_hash)).toBe(true);
  expect(await wholeDatabase()).not.toContain(secret.slice(-43));
  const list = await admin.get(KEYS);
  expect(list.text).toContain(key.id);
  expect(list.text).not.toContain(secret.slice(-43));
  const again = await admin.ask('POST', KEYS, WANTED, { 'idempotency-key': idempotencyKey });
  expect(again).toMatchObject({ status: 409, body: { code: 'already-done' } });
  expect(again.text).not.toContain(secret.slice(-43));
});

test('a plan brings its quotas, what is said beside it counts more, and what is left out stays', async () => {
  const { key } = await issue({ plan: 'trial', monthlyQuota: 700, costCeiling: null });
  expect(key).toMatchObject({ hourlyQuota: 1_000, monthlyQuota: 700, costCeiling: null });
  const change = async (body: object): Promise<Key> => (await admin.ask<Key>('PATCH', `${KEYS}/${key.id}`, body)).body;
  expect(await change({ name: 'x', hourlyQuota: 600 })).toMatchObject({
    plan: 'trial',
    hourlyQuota: 600,
    monthlyQuota: 700,
  });
  expect(await change({ plan: 'team', costCeiling: '12.34' })).toMatchObject({
    plan: 'team',
    hourlyQuota: 25_000,
    monthlyQuota: 5_000_000,
    costCeiling: '12.34',
  });
  expect(await change({ costCeiling: null, name: null, scopes: null, plan: null })).toMatchObject({
    name: 'x',
    plan: 'team',
    costCeiling: null,
  });
});

test.each([
  ['an unknown plan', { plan: 'gold' }],
  ['an unknown scope', { scopes: ['prices', 'admin'] }],
  ['no scope', { scopes: [] }],
  ['an hour that holds no batch', { hourlyQuota: 499 }],
  ['a ceiling of nothing', { costCeiling: '0' }],
  ['a ceiling that is a number', { costCeiling: 5 }],
  ['an end that has passed', { expiresAt: '2020-01-01T00:00:00Z' }],
  ['no name', { name: '  ' }],
  ['a field of ours', { revokedAt: null }],
])('%s is refused', async (_what, wrong) => {
  expect((await admin.post(KEYS, { ...WANTED, ...wrong })).status).toBe(422);
});

test('revoked is for good, and says since when', async () => {
  const { key } = await issue();
  const revoked = (await admin.post<Key>(`${KEYS}/${key.id}/revocation`)).body;
  expect(revoked).toMatchObject({ state: 'revoked' });
  expect((await admin.post<Key>(`${KEYS}/${key.id}/revocation`)).body.revokedAt).toBe(revoked.revokedAt);
  expect((await admin.post(`${KEYS}/${randomUUIDv7()}/revocation`)).status).toBe(404);
});

test('what a key used is told per day and route, and summed for the month', async () => {
  const { key } = await issue();
  await api.db.source.query(
    `insert into cloud_usage (key_id, day, route, requests, units, errors, cost, last_at)
     select $1, (now() at time zone 'UTC')::date - back, route, 2, 10, 1, 0.0005, now()
     from (values (0, 'currentPrices'), (0, 'sendMail'), (40, 'sendMail')) as past (back, route)`,
    [key.id],
  );
  const usage = await admin.get<{ items: object[] }>(`${KEYS}/${key.id}/usage?days=31`);
  expect(usage.body.items).toMatchObject([
    { route: 'currentPrices', requests: 2, units: 10, errors: 1, cost: '0.0005' },
    { route: 'sendMail' },
  ]);
  const list = await admin.get<{ items: { id: string }[] }>(KEYS);
  expect(list.body.items.find((one) => one.id === key.id)).toMatchObject({
    month: { requests: 4, units: 20, errors: 2, cost: '0.001' },
  });
});

test('who is no admin can neither look nor choose, also for a plan of their own', async () => {
  const { key } = await issue();
  const owner = await api.signedIn();
  for (const answer of [
    await owner.get(KEYS),
    await owner.post(KEYS, WANTED),
    await owner.ask('PATCH', `${KEYS}/${key.id}`, { plan: 'unlimited' }),
    await owner.post(`${KEYS}/${key.id}/revocation`),
    await owner.get(`${KEYS}/${key.id}/usage`),
  ])
    expect(answer.status).toBe(403);
  expect((await admin.get<{ items: Key[] }>(KEYS)).body.items.find((one) => one.id === key.id)).toMatchObject({
    plan: 'personal',
    state: 'active',
  });
});

test('an installation that serves no others has none of it', async () => {
  const alone = await testApi();
  const its = await alone.signedIn();
  for (const answer of [
    await its.get(KEYS),
    await its.post(KEYS, WANTED),
    await its.ask('PATCH', `${KEYS}/${randomUUIDv7()}`, {}),
    await its.post(`${KEYS}/${randomUUIDv7()}/revocation`),
    await its.get(`${KEYS}/${randomUUIDv7()}/usage`),
  ])
    expect(answer).toMatchObject({ status: 404, body: { code: 'cloud-management-off' } });
  expect((await alone.person().get(KEYS)).status).toBe(401);
  expect((await its.get('/api/admin/health')).body).toMatchObject({ cloudManagement: false });
  await alone.close();
});
