import { randomUUIDv7 } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Person, testApi, type TestApi } from './harness.js';

/*
 * Two people, and every route of the OpenAPI document. Ada has one of everything; Eve asks for it by Ada's ids on
 * every route there is. A new route fails this test until it is listed here.
 */

type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
interface Operation {
  method: Method;
  path: string;
  name: string;
}

let api: TestApi;
let admin: Person;
let ada: Person;
let eve: Person;
let operations: Operation[];
/** Ada's, by what a path calls them. */
let hers: Record<
  | 'session'
  | 'asset'
  | 'price'
  | 'account'
  | 'holding'
  | 'observation'
  | 'vault'
  | 'group'
  | 'job'
  | 'upload'
  | 'import'
  | 'picture'
  | 'institution'
  | 'transaction'
  | 'transfer'
  | 'transferRule'
  | 'user'
  | 'wallet',
  string
>;

const SECRET = 'Adas-own-secret-words';
const ADDRESS = '0xd8dA6BF26964aF9D7eEd9e03E53415D37aA96045';
const YIELD = { rate: '0.01', payoutsPerYear: 1, startsOn: '2026-01-01' };

beforeAll(async () => {
  api = await testApi({ CLOUD_MANAGEMENT_ENABLED: 'true' });
  admin = await api.signedIn();
  ada = await api.signedIn();
  eve = await api.signedIn();
  const { body } = await ada.get<{ paths: Record<string, Record<string, { operationId: string }>> }>(
    '/api/openapi.json',
  );
  operations = Object.entries(body.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, { operationId }]) => ({
      method: method.toUpperCase() as Method,
      path,
      name: operationId,
    })),
  );
  hers = await oneOfEverything();
});
afterAll(() => api.close());

async function oneOfEverything(): Promise<typeof hers> {
  const made = async (path: string, body: object): Promise<string> => {
    const answer = await ada.post<{ id: string }>(path, body);
    if (answer.status !== 201) throw new Error(`${path}: ${answer.text}`);
    return answer.body.id;
  };
  const institution = await made('/api/institutions', { name: SECRET, kind: 'bank' });
  const account = await made('/api/accounts', {
    name: SECRET,
    kind: 'asset',
    currency: 'EUR',
    institutionId: institution,
  });
  const asset = await made('/api/assets', { symbol: 'ADA-OWN', name: SECRET, kind: 'private' });
  const holding = await made('/api/holdings', { accountId: account, assetId: asset, balance: '5' });
  const price = await made(`/api/assets/${asset}/prices`, { value: '7', currency: 'EUR' });
  const transaction = await made(`/api/holdings/${holding}/transactions`, {
    kind: 'deposit',
    quantity: '1',
    occurredAt: '2026-01-01T00:00:00Z',
    description: SECRET,
  });
  const decided = await ada.post<{ items: { id: string }[] }>('/api/transfers', {
    verdict: 'internal',
    transactionIds: [transaction],
  });
  const transferRule = await made('/api/transfer-rules', {
    counterparty: SECRET,
    direction: 'in',
    verdict: 'untracked',
  });
  const vault = await made('/api/vaults', { name: SECRET, target: '10', currency: 'EUR' });
  await ada.ask('PUT', `/api/vaults/${vault}/slices`, { slices: [{ holdingId: holding, percent: '40' }] });
  await ada.ask('PUT', `/api/holdings/${holding}/yield`, YIELD);
  const seen = await ada.get<{ items: { id: string }[] }>(`/api/holdings/${holding}/observations`);
  const group = await made('/api/groups', { name: SECRET });
  const content = Buffer.from(`Date,Description,Amount\n2026-01-01,${SECRET},1.00\n`);
  const upload = await made('/api/uploads', {
    fileName: `${SECRET}.csv`,
    size: content.length,
    contentType: 'text/csv',
  });
  await ada.ask('PUT', `/api/uploads/${upload}/content`, content);
  const imported = await made('/api/imports', { accountId: account, uploadId: upload });
  const shot = await made('/api/uploads', { fileName: `${SECRET}.png`, size: 1, contentType: 'image/png' });
  await ada.ask('PUT', `/api/uploads/${shot}/content`, Buffer.from([1]));
  const picture = await made('/api/imports', { accountId: account, uploadId: shot });
  await api.db.source.query(`update import set state = 'to-review', format = 'screenshot' where id = $1`, [picture]);
  await api.db.source.query(
    `insert into import_position (import_id, ordinal, seen, asset_id, quantity) values ($1, 1, $2, $3, 1)`,
    [picture, JSON.stringify(SEEN), asset],
  );
  const sessions = await ada.get<{ items: { id: string }[] }>('/api/sessions');
  const me = await ada.get<{ id: string }>('/api/me');
  const job = randomUUIDv7();
  await api.db.source.query(
    `insert into job (id, name, title, user_id, state, finished_at, cancellable) values ($1, 'test', $2, $3, 'failed', now(), true)`,
    [job, SECRET, me.body.id],
  );
  const wallet = randomUUIDv7();
  await api.db.source.query(
    `insert into wallet (id, user_id, account_id, chain, chain_name, explorer, address)
     values ($1, $2, $3, 'ethereum', 'Ethereum', 'https://explorer.example', $4)`,
    [wallet, me.body.id, account, ADDRESS],
  );
  await api.db.source.query(
    `insert into egress (id, at, process, host, purpose, sent_bytes, received_bytes, ms, user_id)
     values ('1-0', now(), 'api', $1, 'prices', 1, 1, 1, $2)`,
    [SECRET, me.body.id],
  );
  return {
    wallet,
    institution,
    account,
    asset,
    holding,
    price,
    group,
    upload,
    job,
    import: imported,
    picture,
    transaction,
    observation: seen.body.items[0]?.id ?? '',
    vault,
    transferRule,
    transfer: decided.body.items[0]?.id ?? '',
    session: sessions.body.items[0]?.id ?? '',
    user: me.body.id,
  };
}

/** What stands for `{id}` under each path; a body that would be good if the things in it were one's own. */
function attackOn({ method, path }: Operation): { path: string; body?: unknown } {
  const kinds: [RegExp, keyof typeof hers][] = [
    [/\/sessions\//, 'session'],
    [/\/assets\//, 'asset'],
    [/\/prices\//, 'price'],
    [/\/accounts\//, 'account'],
    [/\/holdings\//, 'holding'],
    [/\/observations\//, 'observation'],
    [/\/vaults\//, 'vault'],
    [/\/gains\//, 'transaction'],
    [/\/groups\//, 'group'],
    [/\/jobs\/|dead-jobs\//, 'job'],
    [/\/uploads\//, 'upload'],
    [/\/transactions\//, 'transaction'],
    [/\/transfer-reviews\//, 'transaction'],
    [/\/transfers\//, 'transfer'],
    [/\/transfer-rules\//, 'transferRule'],
    [/\/imports\/\{id\}\/(positions|seen-at|picture)/, 'picture'],
    [/\/imports\//, 'import'],
    [/\/wallets\//, 'wallet'],
    [/\/admin\/users\//, 'user'],
    [/\/admin\/invitations\//, 'institution'],
    [/\/admin\/cloud-keys\//, 'institution'],
  ];
  const kind = kinds.find(([pattern]) => pattern.test(path))?.[1];
  if (path.includes('{') && !kind)
    throw new Error(`${method} ${path} is not known to this test: say whose id it takes`);
  const target = path.replace('{id}', kind ? hers[kind] : '').replace('{ordinal}', '1');
  return method === 'POST' || method === 'PUT' || method === 'PATCH'
    ? { path: target, body: bodyFor(path) }
    : { path: `${target}${queryFor(path)}` };
}

function bodyFor(path: string): unknown {
  const { account, asset, holding, upload, institution } = hers;
  if (path.endsWith('/content')) return Buffer.from('Date,Amount\n2026-01-01,2\n');
  if (path.endsWith('/mapping') || path.endsWith('/mapping-preview')) return MAPPING;
  const bodies: Record<string, unknown> = {
    '/api/accounts': { name: 'x', kind: 'asset', currency: 'EUR', institutionId: institution },
    '/api/accounts/{id}': { name: 'stolen' },
    '/api/holdings': { accountId: account, assetId: asset, balance: '1' },
    '/api/holdings/{id}': { hidden: true },
    '/api/holdings/{id}/transactions': { kind: 'deposit', quantity: '1', occurredAt: '2026-01-01T00:00:00Z' },
    '/api/holdings/{id}/observations': { balance: '1' },
    '/api/assets/{id}/prices': { value: '1', currency: 'EUR' },
    '/api/holdings/{id}/yield': YIELD,
    '/api/transactions/{id}/correction': {
      kind: 'deposit',
      quantity: '1',
      occurredAt: '2026-01-01T00:00:00Z',
    },
    '/api/vaults': { name: 'x', target: '1', currency: 'EUR' },
    '/api/vaults/{id}': { name: 'stolen' },
    '/api/vaults/{id}/slices': { slices: [{ holdingId: holding, percent: '1' }] },
    '/api/groups/{id}': { name: 'stolen' },
    '/api/groups/{id}/members': { holdingIds: [holding], accountIds: [account] },
    '/api/wallets': { address: ADDRESS, chains: ['ethereum'] },
    '/api/wallets/{id}': { name: 'stolen' },
    '/api/imports/{id}/positions/{ordinal}': { assetId: null, quantity: '666', included: true },
    '/api/imports/{id}/seen-at': { at: '2026-01-01T00:00:00Z' },
    '/api/imports': { accountId: account, uploadId: upload },
    '/api/transfers': { verdict: 'left-my-control', transactionIds: [hers.transaction] },
    '/api/transfer-rules': { counterparty: 'x', direction: 'in', verdict: 'internal' },
    '/api/corporate-actions': splitOf(holding),
    '/api/corporate-action-previews': splitOf(holding),
    '/api/transactions/{id}/lots': { chosen: [] },
    '/api/admin/users/{id}': { role: 'admin' },
    '/api/admin/cloud-keys': { name: 'x', scopes: ['prices'], plan: 'unlimited' },
    '/api/admin/cloud-keys/{id}': { plan: 'unlimited' },
  };
  return bodies[path] ?? {};
}

const splitOf = (holdingId: string): object => ({
  holdingId,
  kind: 'split',
  occurredAt: '2026-01-02T00:00:00Z',
  newUnits: '2',
  oldUnits: '1',
});

const queryFor = (path: string): string =>
  ({
    '/api/holdings': `?accountId=${hers.account}`,
    '/api/portfolio/history': `?scope=holding&range=ALL&id=${hers.holding}`,
    '/api/portfolio/allocation': '?by=account',
    '/api/portfolio/performance': `?scope=holding&range=ALL&id=${hers.holding}`,
    '/api/portfolio/performance/explain': `?scope=holding&range=ALL&id=${hers.holding}`,
    '/api/portfolio/value/explain': `?scope=holding&id=${hers.holding}`,
    '/api/portfolio/gains': '?year=2026',
    '/api/portfolio/gains.csv': '?year=2026',
    '/api/corporate-actions': `?holdingId=${hers.holding}`,
    '/api/transfer-reviews': '?all=true',
    '/api/asset-search': '?query=ADA-OWN',
    '/api/wallets/address': `?text=${ADDRESS}`,
    '/api/assets': '?search=ADA-OWN',
  })[path] ?? '';

const SEEN = {
  name: SECRET,
  symbol: null,
  kind: null,
  quantity: '1',
  price: null,
  value: null,
  currency: null,
  confidence: 'high',
  read: { quantity: '1', price: null, value: null },
  doubts: [],
  candidates: [],
};

const MAPPING = {
  delimiter: ',',
  headerLine: 1,
  date: 0,
  dateFormat: 'YYYY-MM-DD',
  amount: 2,
  debit: null,
  credit: null,
  decimalSeparator: '.',
  description: [1],
  balance: null,
  currency: null,
  id: null,
};

const PUBLIC = ['getSignInOptions', 'createChallenge', 'signInWithCode', 'signInWithLink', 'getVersion'];
/** Ends Eve's own sessions, or never ends. */
const APART = ['signOut', 'revokeOtherSessions', 'streamEvents'];

/** Everything that Ada can read, and every row in which she appears. */
async function whatAdaHas(): Promise<string> {
  const pages = await Promise.all(
    operations
      .filter(({ method, path, name }) => method === 'GET' && !path.startsWith('/api/admin') && name !== 'streamEvents')
      .map((operation) => ada.get(attackOn(operation).path)),
  );
  const rows = await Promise.all(
    [
      'account',
      'holding',
      'corporate_action',
      'lot_choice',
      'transaction',
      'observation',
      'institution',
      'groups',
      'group_holding',
      'price',
      'upload',
      'import',
      'wallet',
      'job',
      'transfer_group',
      'transfer_rule',
      'transfer_review',
      'transfer_refusal',
      'vault',
      'vault_slice',
      'yield_config',
      'evidence_change',
      'ledger_digest',
      'egress',
    ].map((table) => api.db.source.query(`select t::text from ${table} t where user_id = $1 order by 1`, [hers.user])),
  );
  const steady = (text: string): string =>
    text.replaceAll(/"(asOf|lastSeenAt|expiresAt|at|since|instance)":"[^"]*"|"age":\d+/g, '');
  return JSON.stringify([pages.map((page) => [page.status, steady(page.text)]), rows]);
}

test('without a session every route that is not public answers 401', async () => {
  for (const operation of operations.filter(({ name }) => !PUBLIC.includes(name))) {
    const { path, body } = attackOn(operation);
    const answer = await api.person().ask(operation.method, path, body);
    expect([operation.name, answer.status]).toEqual([operation.name, 401]);
  }
});

test('on no route does one person reach the rows of another', async () => {
  const before = await whatAdaHas();
  const words = [SECRET, ada.email, ...Object.values(hers).filter((id) => id !== hers.price)];
  for (const operation of operations.filter(({ name }) => ![...PUBLIC, ...APART].includes(name))) {
    const { path, body } = attackOn(operation);
    const answer = await eve.ask(operation.method, path, body);
    const asked = `${operation.method} ${path}`;
    if (operation.path.includes('{id}'))
      expect([asked, answer.status]).toEqual([asked, operation.path.startsWith('/api/admin') ? 403 : 404]);
    for (const word of words) {
      const told = answer.text.replaceAll(path.split('?')[0] ?? '', '');
      expect(told.includes(word), `${asked} tells ${word}: ${answer.text.slice(0, 300)}`).toBe(false);
    }
  }
  expect(await whatAdaHas()).toBe(before);
});

test('the news of one person never reaches another', async () => {
  const heard: Record<string, string> = { ada: '', eve: '' };
  const stop = new AbortController();
  const listen = async (name: 'ada' | 'eve', person: Person): Promise<void> => {
    const answer = await fetch(`${api.base}/api/events`, { headers: { cookie: person.cookie }, signal: stop.signal });
    const reader = answer.body?.pipeThrough(new TextDecoderStream()).getReader();
    for (;;) {
      const part = await reader?.read().catch(() => undefined);
      if (!part || part.done) return;
      heard[name] += part.value;
    }
  };
  const listening = [listen('ada', ada), listen('eve', eve)];
  while (!heard['ada']?.includes('retry') || !heard['eve']?.includes('retry'))
    await new Promise((resolve) => setTimeout(resolve, 20));
  // A retry is told to its owner; it is asked for until the subscription is in place.
  while (!heard['ada']?.includes(hers.job)) {
    await api.db.source.query(`update job set state = 'failed' where id = $1`, [hers.job]);
    await ada.post(`/api/jobs/${hers.job}/retry`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  stop.abort();
  await Promise.allSettled(listening);
  expect(heard['eve']).not.toContain(hers.job);
});

test('an admin sees who is there, and nothing of what they have', async () => {
  for (const path of [
    '/api/admin/users',
    '/api/admin/health',
    '/api/admin/dead-jobs',
    '/api/accounts',
    '/api/holdings',
  ]) {
    const { text, status } = await admin.get(path);
    expect(status).toBe(200);
    for (const word of ['ADA-OWN', hers.account, hers.holding]) expect(text).not.toContain(word);
  }
});
