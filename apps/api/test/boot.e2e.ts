import { testDatabase, type TestDatabase } from '@scani/database/testing';
import { testRedisUrl } from '@scani/jobs/testing';
import { logHash } from '@scani/runtime';
import { spawn } from 'node:child_process';
import { randomBytes, randomUUID } from 'node:crypto';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { freePort, Processes } from './processes.js';

const PATIENCE_MS = 180_000;
const PEPPER = 'a-pepper-for-the-tests';
const CLOUD_KEY = `sk_${randomBytes(12).toString('hex')}`;
const SMTP_PASSWORD = randomBytes(12).toString('hex');
const KEY = randomBytes(32).toString('hex');
const root = fileURLToPath(new URL('../../..', import.meta.url));
const { version } = createRequire(import.meta.url)('../package.json') as { version: string };

const processes = new Processes({ LOG_ID_PEPPER: PEPPER });
let db: TestDatabase;

beforeAll(async () => {
  processes.build('apps/api', 'apps/worker', 'apps/data-provider', 'apps/cli');
  db = await testDatabase();
}, PATIENCE_MS);
afterAll(async () => {
  await processes.stop();
  await db.drop();
});

const settings = (): Record<string, string> => ({
  DATABASE_URL: db.url,
  REDIS_URL: testRedisUrl(),
  ENCRYPTION_KEY: KEY,
  BETTER_AUTH_SECRET: randomBytes(24).toString('hex'),
  SCANI_CLOUD_URL: 'http://127.0.0.1:9',
  SCANI_CLOUD_API_KEY: CLOUD_KEY,
  LOG_ID_PEPPER: PEPPER,
});

/** Runs a process that is expected to end by itself. */
async function ended(
  app: string,
  env: Record<string, string>,
  ...args: string[]
): Promise<{ code: number | null; out: string; err: string }> {
  const child = spawn(process.execPath, [`apps/${app}/dist/main.js`, ...args], {
    cwd: root,
    env: { PATH: process.env['PATH'], HOST: '127.0.0.1', PORT: '0', METRICS_PORT: '0', ...env },
  });
  const said = { out: '', err: '' };
  child.stdout.on('data', (data) => (said.out += String(data)));
  child.stderr.on('data', (data) => (said.err += String(data)));
  const { promise, resolve } = Promise.withResolvers<number | null>();
  child.on('close', resolve);
  return { code: await promise, ...said };
}

interface Line {
  level: number;
  msg: string;
  err?: { message: string; stack: string };
}
const linesOf = (text: string): Line[] =>
  text
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line) as Line);
const said = (app: string): string[] => linesOf(processes.said[app] ?? '').map(({ msg }) => msg);

describe('the first lines of each process', () => {
  test(
    'say its version, the tier, the pool behind a pooler, and which credentials there are, never what they are',
    async () => {
      const pooled = { ...settings(), DATABASE_URL: `${db.url}?pgbouncer=true` };
      const cloudUrl = 'https://data-provider.example.org';
      await processes.start('data-provider', {
        DATA_PROVIDER_API_KEY: CLOUD_KEY,
        SMTP_URL: `smtp://user:${SMTP_PASSWORD}@127.0.0.1:9`,
        SMTP_FROM: 'Scani <scani@example.org>',
      });
      const api = await processes.start('api', { ...pooled, SCANI_CLOUD_URL: cloudUrl });
      await processes.start('worker', { ...pooled, POSTGRES_POOL_MAX: '5', SCANI_TIER: 'tier3' });
      expect(said('api')).toContain(`version=${version} tier=tier2 cloudUrl=${cloudUrl}`);
      const ready = (await (await fetch(`${api}/readyz`)).json()) as { details: { tier: object } };
      expect(ready.details.tier).toMatchObject({ tier: 'tier2', cloudUrl });
      expect(said('api').join('\n')).toContain('POSTGRES_POOL_MAX=20 is more than it needs');
      expect(said('worker')).toContain(`version=${version} tier=tier3 cloudUrl=http://127.0.0.1:9`);
      expect(said('worker').join('\n')).not.toContain('POSTGRES_POOL_MAX');
      const absent =
        'COINGECKO_API_KEY, FINNHUB_API_KEY, GOOGLE_SERVICE_ACCOUNT_KEY, ETHERSCAN_API_KEY, ETHEREUM_RPC_URL, ' +
        'HELIUS_API_KEY, TRONGRID_API_KEY, TON_API_KEY, OPENAI_API_KEY, FASTMAIL_API_TOKEN';
      expect(said('data-provider')).toContain(`version=${version} credentials: SMTP_URL; not set: ${absent}`);
      await processes.stop();
      const all = Object.values(processes.said).join('\n');
      for (const secret of [CLOUD_KEY, SMTP_PASSWORD, KEY]) expect(all).not.toContain(secret);
    },
    PATIENCE_MS,
  );
});

describe('bad settings', () => {
  const database = { DATABASE_URL: 'mysql://user:of-the-database@x/y', POSTGRES_POOL_MAX: '0' };
  const shared = {
    ...database,
    REDIS_URL: 'http://x',
    SCANI_CLOUD_URL: 'ftp://x',
    SCANI_CLOUD_API_KEY: 'short',
    ENCRYPTION_KEY: 'x'.repeat(60),
    S3_ACCESS_KEY_ID: 'half-of-a-pair',
    LOG_LEVEL: 'loud',
    METRICS_PORT: 'many',
  };
  const pair = 'S3_SECRET_ACCESS_KEY';
  const common = [...Object.keys(shared).filter((name) => name !== 'S3_ACCESS_KEY_ID'), pair, 'LOG_ID_PEPPER'];

  test.each([
    ['api', [], { ...shared, PORT: 'x' }, [...common, 'PORT', 'BETTER_AUTH_SECRET']],
    ['worker', [], { ...shared, WORKER_CONCURRENCY: '0' }, [...common, 'WORKER_CONCURRENCY']],
    [
      'data-provider',
      [],
      { DATA_PROVIDER_API_KEY: 'short', YAHOO_URL: 'x', SMTP_FROM: 'Scani <scani@example.org>', LOG_LEVEL: 'loud' },
      ['DATA_PROVIDER_API_KEY', 'YAHOO_URL', 'SMTP_URL', 'LOG_LEVEL', 'LOG_ID_PEPPER'],
    ],
    [
      'cli',
      ['migrate', 'up'],
      { ...database, MIGRATION_DATABASE_URL: 'x' },
      [...Object.keys(database), 'MIGRATION_DATABASE_URL'],
    ],
    [
      'cli',
      ['ledger', 'verify'],
      { ...database, REDIS_URL: 'x' },
      [...Object.keys(database), 'REDIS_URL', 'SCANI_CLOUD_API_KEY'],
    ],
  ] as const)('of %s %j are listed all at once, and it ends with 1', async (app, args, env, names) => {
    const { code, out, err } = await ended(app, env, ...args);
    const listed = [...err.matchAll(/^ {2}- (\w+) /gm)].map(([, name]) => name);
    expect(listed.toSorted()).toEqual([...names].toSorted());
    expect({ code, out }).toEqual({ code: 1, out: '' });
    expect(err).not.toContain('of-the-database');
  });
});

describe('what nobody caught', () => {
  const id = randomUUID();
  const mail = 'ada@example.org';
  const words = `it broke for ${id} of ${mail} with ${KEY}`;

  function expectMasked({ code, out, err }: Awaited<ReturnType<typeof ended>>): void {
    expect({ code, err }).toEqual({ code: 1, err: '' });
    for (const secret of [id, mail, KEY]) expect(out).not.toContain(secret);
    const last = linesOf(out).at(-1);
    expect(last).toMatchObject({
      level: 60,
      err: { message: expect.stringContaining(`id:${logHash(PEPPER, id)}`) as string },
    });
    expect(last?.err?.stack).toContain(`mail:${logHash(PEPPER, mail)}`);
  }

  test('at the start is one masked line of the log', async () => {
    expectMasked(await ended('api', { ...settings(), CONSOLE_DIR: `/nowhere/${KEY}/${id}/of ${mail}` }));
  });

  test.each([
    ['an exception', `setTimeout(() => { throw new Error('${words}') }, 1500)`],
    ['a rejection', `setTimeout(() => Promise.reject(new Error('${words}')), 1500)`],
  ])('later, %s, as well', async (_what, code) => {
    const NODE_OPTIONS = `--import=data:text/javascript,${encodeURIComponent(code)}`;
    expectMasked(await ended('worker', { ...settings(), NODE_OPTIONS }));
  });

  test('a port that is taken ends the process, by name', async () => {
    const METRICS_PORT = String(await freePort());
    const provider = { DATA_PROVIDER_API_KEY: CLOUD_KEY, METRICS_PORT };
    await processes.start('data-provider', provider);
    const { code, out, err } = await ended('data-provider', { ...provider, LOG_ID_PEPPER: PEPPER });
    expect({ code, err }).toEqual({ code: 1, err: '' });
    expect(linesOf(out).at(-1)?.err?.message).toContain('EADDRINUSE');
    await processes.stop();
  });
});
