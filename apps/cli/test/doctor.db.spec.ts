import { CreateBucketCommand, PutBucketCorsCommand, S3Client } from '@aws-sdk/client-s3';
import { KeyRing, meetCanary } from '@scani/crypto';
import { testDatabase, type TestDatabase } from '@scani/database/testing';
import { Redis } from 'ioredis';
import { type ChildProcess, execFile, execFileSync, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer as createHttpServer } from 'node:http';
import { createRequire } from 'node:module';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
// The doctor looks at a real data-provider.
// eslint-disable-next-line @nx/enforce-module-boundaries
import { createDataProvider } from '../../data-provider/src/data-provider.app.js';
// eslint-disable-next-line @nx/enforce-module-boundaries
import { readSettings } from '../../data-provider/src/env.js';
import { examineAll, printed } from '../src/doctor/doctor.js';
import { exitCodeOf, type Finding } from '../src/doctor/examination.js';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const CLOUD_KEY = 'the-cloud-key-of-this-house';
const REDIS_PASSWORD = 'pass/of:the-queue';
const KEY = 'cd'.repeat(32);
const FRONTEND = 'http://scani.test';
const s3 = {
  endpoint: process.env['TEST_S3_ENDPOINT'],
  id: process.env['TEST_S3_ACCESS_KEY_ID'] ?? '',
  secret: process.env['TEST_S3_SECRET_ACCESS_KEY'] ?? '',
};

let db: TestDatabase;
let redis: { port: number; process: ChildProcess };
let provider: Awaited<ReturnType<typeof startProvider>>;
const buckets = { whole: `doctor-${randomUUID()}`, closed: `doctor-${randomUUID()}` };
let good: Record<string, string>;

beforeAll(async () => {
  const tsc = createRequire(import.meta.url).resolve('typescript/bin/tsc');
  execFileSync(process.execPath, [tsc, '-b', 'apps/cli'], { cwd: root, stdio: 'inherit' });
  db = await testDatabase();
  redis = await startRedis();
  provider = await startProvider({ SMTP_URL: 'smtp://127.0.0.1:9', SMTP_FROM: 'Scani <scani@example.org>' });
  await makeBuckets();
  await meetCanary(db.source, new KeyRing(KEY));
  good = {
    DATABASE_URL: db.url,
    POSTGRES_POOL_MAX: '5',
    REDIS_URL: `redis://:${encodeURIComponent(REDIS_PASSWORD)}@127.0.0.1:${redis.port}`,
    SCANI_CLOUD_URL: provider.url,
    SCANI_CLOUD_API_KEY: CLOUD_KEY,
    ENCRYPTION_KEY: KEY,
    BETTER_AUTH_SECRET: 'a-secret-for-the-tests-of-32-chars',
    LOG_ID_PEPPER: 'a-pepper-for-the-tests',
    FRONTEND_URL: FRONTEND,
    ...(s3.endpoint
      ? {
          S3_ENDPOINT: s3.endpoint,
          S3_PUBLIC_ENDPOINT: s3.endpoint.replace('127.0.0.1', 'localhost'),
          S3_BUCKET: buckets.whole,
          S3_ACCESS_KEY_ID: s3.id,
          S3_SECRET_ACCESS_KEY: s3.secret,
        }
      : {}),
  };
}, 300_000);

afterAll(async () => {
  await provider.close();
  redis.process.kill('SIGKILL');
  await db.drop();
});

async function startRedis(): Promise<typeof redis> {
  const port = await freePort();
  const process = spawn(
    'redis-server',
    [
      '--port',
      `${port}`,
      '--bind',
      '127.0.0.1',
      '--dir',
      tmpdir(),
      '--save',
      '3600 1',
      '--requirepass',
      REDIS_PASSWORD,
    ],
    { stdio: 'ignore' },
  );
  const client = new Redis({ port, password: REDIS_PASSWORD });
  client.on('error', () => undefined);
  await client.ping();
  client.disconnect();
  return { port, process };
}

async function startProvider(settings: Record<string, string>) {
  const app = await createDataProvider(
    readSettings({
      DATA_PROVIDER_API_KEY: CLOUD_KEY,
      LOG_ID_PEPPER: 'a-pepper-for-the-tests',
      LOG_LEVEL: 'silent',
      ...settings,
    }),
  );
  await app.listen(0, '127.0.0.1');
  return { url: await app.getUrl(), close: () => app.close() };
}

async function makeBuckets(): Promise<void> {
  if (!s3.endpoint) return;
  const credentials = { accessKeyId: s3.id, secretAccessKey: s3.secret };
  const client = new S3Client({ endpoint: s3.endpoint, region: 'us-east-1', forcePathStyle: true, credentials });
  for (const Bucket of Object.values(buckets)) await client.send(new CreateBucketCommand({ Bucket }));
  const rule = { AllowedOrigins: [FRONTEND], AllowedMethods: ['PUT', 'GET'], AllowedHeaders: ['*'] };
  await client.send(new PutBucketCorsCommand({ Bucket: buckets.whole, CORSConfiguration: { CORSRules: [rule] } }));
  client.destroy();
}

async function freePort(): Promise<number> {
  const server = createServer();
  const port = await listening(server);
  server.close();
  await once(server, 'close');
  return port;
}

async function listening(server: Pick<Server, 'listen' | 'address'> & NodeJS.EventEmitter): Promise<number> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

/** Findings by name, after making sure that no secret is in any of what would be printed. */
async function look(change: Record<string, string | undefined> = {}, limitMs?: number) {
  const env = { ...good, ...change };
  const findings = await examineAll(env, limitMs);
  // Before anything is hidden: that is for what nobody thought of.
  keepsSecrets(JSON.stringify(findings), env);
  for (const { state, remedy, name } of findings) {
    expect([name, Boolean(remedy)]).toEqual([name, state === 'warn' || state === 'fail']);
  }
  return { code: exitCodeOf(findings), of: Object.fromEntries(findings.map((one) => [one.name, one])) };
}

function keepsSecrets(output: string, env: Record<string, string | undefined>): void {
  const names = ['DATABASE_URL', 'REDIS_URL', 'SCANI_CLOUD_API_KEY', 'ENCRYPTION_KEY', 'ENCRYPTION_KEY_PREVIOUS'];
  const secrets = [...names, 'BETTER_AUTH_SECRET', 'S3_ACCESS_KEY_ID', 'S3_SECRET_ACCESS_KEY', 'MIGRATION_DATABASE_URL']
    .flatMap((name) => env[name] ?? [])
    // Such a short one is a word that stands in sentences.
    .filter((secret) => secret.length >= 8)
    .concat(REDIS_PASSWORD, encodeURIComponent(REDIS_PASSWORD), 'not-the-password');
  for (const secret of secrets) expect(output).not.toContain(secret);
}

const statesOf = (of: Record<string, Finding>, ...names: string[]) => names.map((name) => of[name]?.state);

test('all is well: every part is looked at and nothing is found', async () => {
  const { code, of } = await look();
  const bad = Object.values(of).filter(({ state }) => state === 'warn' || state === 'fail');
  // An unencrypted FRONTEND_URL is the one thing that the tests cannot do without.
  expect(bad.map(({ name }) => name)).toEqual(['frontend']);
  expect(code).toBe(2);
  expect((await look({ FRONTEND_URL: 'https://scani.test', S3_ENDPOINT: undefined, S3_BUCKET: undefined })).code).toBe(
    0,
  );
  expect(of['postgres']?.facts).toMatchObject({ version: expect.stringMatching(/^1[6-9]/) as string });
  expect(of['postgres-role']?.facts).toMatchObject({ superuser: false, creates: true });
  expect(of['keys']?.facts).toMatchObject({ state: 'own' });
  expect(of['redis-eviction']?.facts).toMatchObject({ policy: 'noeviction' });
  expect(of['mail']?.state).toBe('ok');
});

test('a secret that a foreign message quotes is hidden, whole or in parts, in words and in JSON', () => {
  const source = { ...good, BETTER_AUTH_SECRET: 'with "quotes" and \\ in it, long enough' };
  const sentence = `${source.BETTER_AUTH_SECRET} ${good['REDIS_URL']} ${REDIS_PASSWORD}`;
  const finding = { name: 'x', state: 'fail' as const, sentence, remedy: sentence, facts: { sentence }, ms: 1 };
  for (const json of [true, false]) {
    const output = printed([finding], source, json);
    keepsSecrets(output, source);
    expect(output).not.toContain('quotes');
    expect(output.match(/\[hidden\]/g)).toHaveLength(json ? 9 : 6);
  }
});

describe('as a command', () => {
  const run = (args: string[], env: Record<string, string>) =>
    new Promise<{ code: number; output: string }>((resolve) => {
      const child = execFile(
        process.execPath,
        ['apps/cli/dist/main.js', 'doctor', ...args],
        { cwd: root, env: { PATH: process.env['PATH'], ...env } },
        (_error, stdout, stderr) => {
          expect(stderr).toBe('');
          resolve({ code: child.exitCode ?? -1, output: stdout });
        },
      );
    });

  test('it ends with 0, 1 or 2, and prints one JSON document', async () => {
    const { S3_ENDPOINT: _e, S3_BUCKET: _b, ...without } = good;
    expect((await run([], { ...without, FRONTEND_URL: 'https://scani.test' })).code).toBe(0);
    const warned = await run(['--json'], good);
    expect(warned.code).toBe(2);
    expect(JSON.parse(warned.output)).toMatchObject({ fail: 0, warn: 1 });
    keepsSecrets(warned.output, good);
  });

  test('with everything wrong it tells all of it, and no secret', async () => {
    const wrong = {
      ...good,
      DATABASE_URL: db.url.replace(/:[^:@]+@/, ':not-the-password@'),
      REDIS_URL: `redis://:not-the-password@127.0.0.1:${redis.port}`,
      SCANI_CLOUD_API_KEY: 'not-the-key-of-this-house',
      S3_SECRET_ACCESS_KEY: 'not-the-secret-of-the-store',
    };
    const { code, output } = await run([], wrong);
    expect(code).toBe(1);
    keepsSecrets(output, wrong);
    for (const name of ['postgres', 'redis', 'data-provider', ...(s3.endpoint ? ['s3'] : [])]) {
      expect(output).toMatch(new RegExp(`FAIL {2}${name} `));
    }
  });
});

describe('Postgres', () => {
  test('a wrong password: named, and everything else is looked at', async () => {
    const { code, of } = await look({ DATABASE_URL: db.url.replace(/:[^:@]+@/, ':not-the-password@') });
    expect(code).toBe(1);
    expect(of['postgres']).toMatchObject({ state: 'fail', facts: { code: '28P01' } });
    expect(statesOf(of, 'postgres-role', 'schema', 'keys')).toEqual(['skipped', 'skipped', 'skipped']);
    expect(statesOf(of, 'redis', 'data-provider', 'clock')).toEqual(['ok', 'ok', 'ok']);
  });

  test('a database that is not there, a port where nobody listens, a server without TLS', async () => {
    const other = new URL(db.url);
    other.pathname = '/no_such_database';
    expect((await look({ DATABASE_URL: other.toString() })).of['postgres']?.facts).toEqual({ code: '3D000' });
    const nowhere = `postgres://a:b@127.0.0.1:${await freePort()}/x`;
    expect((await look({ DATABASE_URL: nowhere })).of['postgres']?.facts).toEqual({ code: 'ECONNREFUSED' });
    const tls = await look({ DATABASE_URL: `${db.url}?sslmode=require` });
    expect(tls.of['postgres']).toMatchObject({ state: 'fail', sentence: expect.stringMatching(/SSL/) as string });
  });

  test('a pooled URL wants a direct one for migrations, and a small pool', async () => {
    const pooled = { DATABASE_URL: `${db.url}?pgbouncer=true`, POSTGRES_POOL_MAX: '20' };
    expect((await look(pooled)).of['postgres-pooler']).toMatchObject({
      state: 'fail',
      remedy: expect.stringContaining('MIGRATION_DATABASE_URL') as string,
    });
    const direct = { ...pooled, MIGRATION_DATABASE_URL: db.url };
    expect((await look(direct)).of['postgres-pooler']).toMatchObject({
      state: 'warn',
      sentence: expect.stringContaining('POSTGRES_POOL_MAX=20') as string,
    });
    expect((await look({ ...direct, POSTGRES_POOL_MAX: '5' })).of['postgres-pooler']?.state).toBe('ok');
  });

  test('pools that are larger than the server', async () => {
    expect((await look({ POSTGRES_POOL_MAX: '500' })).of['postgres-connections']?.state).toBe('warn');
  });

  test('an empty database: the schema is missing, and no key is known', async () => {
    const empty = await testDatabase();
    await empty.source.query('drop schema public cascade');
    await empty.source.query('create schema public');
    const { of } = await look({ DATABASE_URL: empty.url });
    expect(of['schema']).toMatchObject({ state: 'fail', remedy: expect.stringContaining('migrate up') as string });
    expect(of['keys']?.state).toBe('skipped');
    await empty.drop();
  });
});

describe('keys', () => {
  const other = 'ef'.repeat(32);

  test('another one than the installation was sealed with', async () => {
    const { of } = await look({ ENCRYPTION_KEY: other });
    expect(of['keys']).toMatchObject({
      state: 'fail',
      facts: { stored: new KeyRing(KEY).fingerprint, own: new KeyRing(other).fingerprint },
    });
  });

  test('a change of keys that is under way', async () => {
    expect((await look({ ENCRYPTION_KEY: other, ENCRYPTION_KEY_PREVIOUS: KEY })).of['keys']?.state).toBe('warn');
  });

  test('one of the wrong length', async () => {
    const { of } = await look({ ENCRYPTION_KEY: 'x'.repeat(60) });
    expect(of['settings']).toMatchObject({ state: 'fail', sentence: expect.stringContaining('32 bytes') as string });
    expect(of['keys']?.state).toBe('skipped');
  });

  test('looking stores none', async () => {
    const fresh = await testDatabase();
    expect((await look({ DATABASE_URL: fresh.url })).of['keys']?.state).toBe('ok');
    expect(await fresh.source.query('select * from key_canary')).toEqual([]);
    await fresh.drop();
  });
});

describe('Redis', () => {
  test('one that forgets when it is full and keeps nothing', async () => {
    const client = new Redis({ port: redis.port, password: REDIS_PASSWORD });
    await client.config('SET', 'maxmemory-policy', 'allkeys-lru');
    await client.config('SET', 'save', '');
    const { code, of } = await look();
    expect(statesOf(of, 'redis', 'redis-eviction', 'redis-persistence')).toEqual(['ok', 'warn', 'warn']);
    expect(of['redis-eviction']?.sentence).toContain('allkeys-lru');
    expect(code).toBe(2);
    await client.config('SET', 'maxmemory-policy', 'noeviction');
    await client.config('SET', 'save', '3600 1');
    client.disconnect();
  });

  test('a wrong password and a port where nobody listens', async () => {
    const denied = await look({ REDIS_URL: `redis://:not-the-password@127.0.0.1:${redis.port}` });
    expect(denied.of['redis']).toMatchObject({ state: 'fail', sentence: expect.stringMatching(/WRONGPASS/) as string });
    expect(statesOf(denied.of, 'redis-eviction', 'postgres')).toEqual(['skipped', 'ok']);
    const nowhere = await look({ REDIS_URL: `redis://127.0.0.1:${await freePort()}` });
    expect(nowhere.of['redis']?.state).toBe('fail');
  });

  test('one that takes the connection and says nothing ends with the limit', async () => {
    const sockets: import('node:net').Socket[] = [];
    const silent = createServer((socket) => void sockets.push(socket));
    const { of } = await look({ REDIS_URL: `redis://127.0.0.1:${await listening(silent)}` }, 300);
    expect(of['redis']).toMatchObject({ state: 'fail', sentence: 'There was no answer within 0.3 s.' });
    expect(of['postgres-role']?.state).toBe('ok');
    for (const socket of sockets) socket.destroy();
    silent.close();
  });
});

describe('the data-provider', () => {
  test('nobody there, and a key that it does not know', async () => {
    const nobody = await look({ SCANI_CLOUD_URL: `http://127.0.0.1:${await freePort()}` });
    expect(nobody.of['data-provider']).toMatchObject({ state: 'fail', facts: { code: 'unreachable' } });
    expect(nobody.of['mail']?.state).toBe('skipped');
    const unknown = await look({ SCANI_CLOUD_API_KEY: 'not-the-key-of-this-house' });
    expect(unknown.of['data-provider']).toMatchObject({ state: 'fail', facts: { code: 'unauthorized' } });
  });

  test('one without mail', async () => {
    const silent = await startProvider({});
    expect((await look({ SCANI_CLOUD_URL: silent.url })).of['mail']).toMatchObject({ state: 'warn' });
    await silent.close();
  });

  test('one whose mail server has failed', async () => {
    const { url, close } = await startProvider({ SMTP_URL: 'smtp://127.0.0.1:9', SMTP_FROM: 'a@example.org' });
    const data = { link: 'https://scani.example/x', code: '123456', linkMinutes: 10, codeMinutes: 10 };
    const sent = await fetch(`${url}/v1/mail`, {
      method: 'POST',
      headers: { authorization: `Bearer ${CLOUD_KEY}`, 'content-type': 'application/json' },
      body: JSON.stringify({ template: 'sign-in', to: 'a@example.org', data }),
    });
    expect(sent.status).toBe(503);
    expect((await look({ SCANI_CLOUD_URL: url })).of['mail']).toMatchObject({ state: 'fail' });
    await close();
  });
});

test('without object storage it says what is lost', async () => {
  const { of } = await look({ S3_ENDPOINT: undefined, S3_BUCKET: undefined });
  expect(of['s3']).toMatchObject({ state: 'skipped', sentence: expect.stringContaining('not kept') as string });
  expect(of['s3-cors']).toBeUndefined();
});

/** `npm test` sets no endpoint where no S3 server can be had, and says so. */
describe.skipIf(!s3.endpoint)('object storage, on a real S3 server', () => {
  const NAMES = ['s3', 's3-objects', 's3-public', 's3-upload-size', 's3-cors'];

  test('all well', async () => {
    expect(statesOf((await look()).of, ...NAMES)).toEqual(['ok', 'ok', 'ok', 'ok', 'ok']);
  });

  test('a wrong bucket and a wrong secret', async () => {
    const lost = await look({ S3_BUCKET: 'no-such-bucket-anywhere' });
    expect(lost.of['s3']).toMatchObject({ state: 'fail', facts: { code: 'missing-bucket' } });
    expect(statesOf(lost.of, ...NAMES.slice(1))).toEqual(['skipped', 'skipped', 'skipped', 'skipped']);
    const denied = await look({ S3_SECRET_ACCESS_KEY: 'not-the-secret-of-the-store' });
    expect(denied.of['s3']).toMatchObject({ state: 'fail', facts: { code: 'denied' } });
  });

  test('a bucket that lets no page upload, or only another one', async () => {
    const closed = await look({ S3_BUCKET: buckets.closed });
    expect(closed.of['s3-cors']).toMatchObject({
      state: 'fail',
      remedy: expect.stringContaining(`"${FRONTEND}"`) as string,
    });
    expect((await look({ FRONTEND_URL: 'https://other.test' })).of['s3-cors']?.state).toBe('fail');
  });

  test('a public endpoint that takes everything and keeps it elsewhere', async () => {
    const server = createHttpServer((request, response) => {
      request.resume();
      response.end();
    });
    const { of } = await look({ S3_PUBLIC_ENDPOINT: `http://127.0.0.1:${await listening(server)}` });
    expect(statesOf(of, ...NAMES)).toEqual(['ok', 'ok', 'fail', 'fail', 'fail']);
    expect(of['s3-upload-size']?.sentence).toContain('more bytes');
    server.close();
  });
});

test('settings that are not usable are all named, and the rest is looked at', async () => {
  const { code, of } = await look({ DATABASE_URL: undefined, ENCRYPTION_KEY: 'short', S3_BUCKET: undefined });
  expect(code).toBe(1);
  for (const name of ['DATABASE_URL', 'ENCRYPTION_KEY']) expect(of['settings']?.sentence).toContain(name);
  expect(statesOf(of, 'postgres', 'keys', 'redis', 'data-provider')).toEqual(['skipped', 'skipped', 'ok', 'ok']);
});

test('an address with a path for people', async () => {
  expect((await look({ FRONTEND_URL: 'https://scani.test/app' })).of['frontend']?.state).toBe('fail');
});
