/* eslint-disable @nx/enforce-module-boundaries -- the servers that are played locally live among the tools */
import { KeyRing } from '@scani/crypto';
import { rowsOf } from '@scani/database';
import { everyId, testDatabase, type TestDatabase } from '@scani/database/testing';
import { testRedisUrl } from '@scani/jobs/testing';
import { randomBytes, randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { type Collected, type Collector, startCollector } from '../../../tools/outside-world/otlp.ts';
import { type OutsideWorld, startOutsideWorld } from '../../../tools/outside-world/server.ts';
import { Person } from './harness.js';
import { Processes } from './processes.js';

const PATIENCE_MS = 180_000;
const KEY = randomBytes(32).toString('hex');
const CLOUD_KEY = `sk_${randomBytes(16).toString('hex')}`;
const COOKIE_SECRET = randomBytes(24).toString('hex');
const COLLECTOR_KEY = randomBytes(16).toString('hex');
/** Says which packages of OpenTelemetry a process asks for, but for the one that prom-client always does. */
const WATCH = `--import=data:text/javascript,${encodeURIComponent(
  `import { registerHooks } from 'node:module';
   registerHooks({ resolve(name, context, next) {
     if (name.startsWith('@opentelemetry/') && !context.parentURL?.includes('/prom-client/')) process.stderr.write('asks for ' + name + '\\n');
     return next(name, context);
   } });`,
)}`;

let db: TestDatabase;
let world: OutsideWorld;
let collector: Collector;
let processes: Processes;

beforeAll(async () => {
  processes = new Processes({ LOG_LEVEL: 'info', LOG_ID_PEPPER: 'a-pepper-for-the-tests', NODE_OPTIONS: WATCH });
  processes.build('apps/api', 'apps/worker', 'apps/data-provider');
  [db, world, collector] = await Promise.all([testDatabase(), startOutsideWorld(), startCollector()]);
}, PATIENCE_MS);
afterEach(() => processes.stop());
afterAll(async () => {
  await Promise.all([db.drop(), world.close(), collector.close()]);
});

async function start(traces: Record<string, string>): Promise<string> {
  const common = { DATABASE_URL: db.url, POSTGRES_POOL_MAX: '5', REDIS_URL: testRedisUrl(), ENCRYPTION_KEY: KEY };
  const provider = await processes.start('data-provider', {
    DATA_PROVIDER_API_KEY: CLOUD_KEY,
    ...world.urls,
    ...traces,
  });
  const cloud = { SCANI_CLOUD_URL: provider, SCANI_CLOUD_API_KEY: CLOUD_KEY };
  await processes.start('worker', { ...common, ...cloud, ...traces });
  return processes.start('api', {
    ...common,
    ...cloud,
    ...traces,
    BETTER_AUTH_SECRET: COOKIE_SECRET,
    FRONTEND_URL: 'http://scani.test',
  });
}

/** Signs in with the code that the outbox holds, before its mail is sent. */
async function signIn(person: Person): Promise<void> {
  const { body } = await person.post<{ challengeId: string }>('/api/sign-in/challenges', { email: person.email });
  const [row] = await rowsOf<{ sealed: string }>(
    db.source,
    `select payload ->> 'sealed' as sealed from job where name = 'send-sign-in-mail' order by created_at desc limit 1`,
  );
  const { code } = JSON.parse(new KeyRing(KEY).open('sign-in-mail', row?.sealed ?? '')) as { code: string };
  expect((await person.post('/api/sign-in/code', { challengeId: body.challengeId, code })).status).toBe(200);
}

async function buyCoins(person: Person): Promise<string[]> {
  const { body: account } = await person.post<{ id: string }>('/api/accounts', {
    name: 'Wallet',
    kind: 'asset',
    currency: 'EUR',
    institution: { name: 'Exchange', kind: 'exchange' },
  });
  const { body: asset } = await person.post<{ id: string }>('/api/assets', {
    symbol: 'BTC',
    name: 'Bitcoin',
    kind: 'crypto',
    decimals: 8,
    identity: { provider: 'coingecko', externalId: 'bitcoin' },
  });
  const holding = await person.post<{ id: string }>('/api/holdings', {
    accountId: account.id,
    assetId: asset.id,
    balance: '3.25',
    at: new Date(Date.now() - 3 * 864e5).toISOString(),
  });
  expect(holding.status).toBe(201);
  return [account.id, asset.id, holding.body.id];
}

/** The span under another one, or a failing expectation. */
function under(parent: Collected, wanted: Partial<Collected>): Collected {
  const found = collector.spans.find(
    (span) =>
      span.parentId === parent.spanId &&
      Object.entries(wanted).every(([name, value]) => span[name as keyof Collected] === value),
  );
  if (!found) throw new Error(`nothing like ${JSON.stringify(wanted)} under ${parent.name}`);
  expect(found.traceId).toBe(parent.traceId);
  return found;
}

test(
  'a request, the job that it asks for, the data-provider and the outside are one trace, and nobody is in it',
  async () => {
    const base = await start({
      OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
      OTEL_EXPORTER_OTLP_HEADERS: `x-key=${COLLECTOR_KEY}`,
    });
    const ada = new Person(base, `ada-${randomUUID()}@example.org`);
    await signIn(ada);
    const [account = '', , holding = ''] = await buyCoins(ada);
    await ada.get(`/api/holdings/${holding}?note=${ada.email}`);
    await ada.get(`/api/nothing/${ada.email}`);
    await ada.get('/readyz');
    const undone = async () =>
      (await rowsOf(db.source, `select id from job where name = 'backfill-prices' and state <> 'completed'`)).length;
    while ((await undone()) > 0) await pause(50);
    const ids = await everyId(db.source);
    // An error of Postgres quotes what it was given.
    await db.source.query('alter table account rename to account_away');
    expect((await ada.get('/api/accounts')).status).toBe(500);
    await db.source.query('alter table account_away rename to account');
    await processes.stop();

    const request = collector.spans.find(({ name }) => name === 'POST /api/holdings');
    if (!request) throw new Error('the request is not there');
    expect(request).toMatchObject({ service: 'scani-api', kind: 'server', parentId: '', failed: false });
    expect(request.attributes).toEqual({
      'http.request.method': 'POST',
      'http.route': '/api/holdings',
      'http.response.status_code': 201,
    });
    const work = under(request, { service: 'scani-worker', name: 'job backfill-prices', kind: 'consumer' });
    expect(work.attributes).toMatchObject({ 'scani.job.outcome': 'completed', 'scani.job.attempt': 1 });
    const asked = under(work, { service: 'scani-worker', name: 'POST /v1/prices/history', kind: 'client' });
    const answered = under(asked, { service: 'scani-data-provider', name: 'POST /v1/prices/history', kind: 'server' });
    const outside = under(answered, { service: 'scani-data-provider', name: 'GET', kind: 'client' });
    expect(outside.attributes).toMatchObject({ 'server.address': '127.0.0.1', 'http.response.status_code': 200 });
    const insert = collector.spans.find(
      ({ parentId, attributes }) =>
        parentId === request.spanId && String(attributes['db.query.text']).startsWith('insert into job'),
    );
    expect(insert).toMatchObject({ service: 'scani-api', kind: 'client', traceId: request.traceId });
    expect(under(work, { kind: 'client', service: 'scani-worker' })).toBeDefined();

    // What is looked at every few seconds is no trace, and neither are the rounds of the relay.
    expect(collector.spans.filter(({ name }) => /readyz|livez/.test(name))).toEqual([]);
    const roots = collector.spans.filter(({ parentId }) => parentId === '');
    expect(roots.filter(({ kind }) => kind !== 'server' && kind !== 'consumer')).toEqual([]);
    const failed = collector.spans.filter((span) => span.failed);
    expect(failed.some(({ attributes }) => attributes['error.type'] === '500')).toBe(true);
    expect(failed.some(({ attributes }) => /from account/.test(String(attributes['db.query.text'])))).toBe(true);

    const names = new Set(collector.spans.flatMap(({ attributes }) => Object.keys(attributes)));
    expect([...names].filter((name) => !/^(http|db|server|error|scani)\.(?!user|connection)/.test(name))).toEqual([]);
    const sent = Buffer.concat([...collector.received])
      .toString('latin1')
      .toLowerCase();
    expect(ids).toEqual(expect.arrayContaining([account, holding]));
    const secrets = [KEY, CLOUD_KEY, COOKIE_SECRET, COLLECTOR_KEY, db.url, ada.cookie.split('=')[1] ?? ''];
    for (const word of [...ids, ada.email, encodeURIComponent(ada.email), '3.25', 'bitcoin', ...secrets]) {
      expect(sent).not.toContain(word.toLowerCase());
    }
    expect(sent).toContain('/api/holdings/:id');
    expect(collector.headers.every((one) => one['x-key'] === COLLECTOR_KEY)).toBe(true);

    const lines = (name: string) =>
      (processes.said[name] ?? '').split('\n').filter((line) => line.includes(request.traceId));
    for (const name of ['api', 'data-provider'])
      expect(lines(name).join()).toContain(`"trace_id":"${request.traceId}"`);
    for (const name of ['api', 'worker', 'data-provider'])
      expect(processes.said[name]).toContain('asks for @opentelemetry/');
  },
  PATIENCE_MS,
);

test(
  'without an address for them there are no traces, and nothing of OpenTelemetry is loaded',
  async () => {
    for (const name of Object.keys(processes.said)) processes.said[name] = '';
    const before = collector.spans.length;
    const since = new Date();
    const base = await start({});
    await signIn(new Person(base));
    const asked = await rowsOf<{ traceparent: string | null }>(
      db.source,
      `select traceparent from job where name = 'send-sign-in-mail' and created_at > $1`,
      [since],
    );
    await processes.stop();
    expect(collector.spans).toHaveLength(before);
    expect(asked).toEqual([{ traceparent: null }]);
    const said = Object.values(processes.said).join('\n');
    expect(said).toContain('"name":"worker"');
    expect(said).not.toContain('@opentelemetry/');
    expect(said).not.toContain('trace_id');
  },
  PATIENCE_MS,
);
