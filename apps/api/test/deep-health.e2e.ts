import { testDatabase, type TestDatabase } from '@scani/database/testing';
import { testRedisUrl } from '@scani/jobs/testing';
import { randomBytes } from 'node:crypto';
import { createServer } from 'node:net';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Processes } from './processes.js';

const PATIENCE_MS = 180_000;
const SMTP_PASSWORD = randomBytes(12).toString('hex');
const processes = new Processes({ LOG_LEVEL: 'warn', LOG_ID_PEPPER: 'a-pepper-for-the-tests' });
let db: TestDatabase;

/** A mail server that says nothing, and how often it was called. */
const connections: unknown[] = [];
const silent = createServer((socket) => {
  connections.push(socket);
  socket.on('error', () => undefined);
});

beforeAll(async () => {
  processes.build('apps/api', 'apps/worker', 'apps/data-provider');
  db = await testDatabase();
  silent.listen(0, '127.0.0.1');
  await once(silent, 'listening');
}, PATIENCE_MS);
afterAll(async () => {
  await processes.stop();
  silent.close();
  await db.drop();
});

interface Deep {
  status: string;
  details: Record<string, Record<string, unknown> & { state: string; detail?: string; ms: number }>;
}

async function deep(base: string): Promise<Deep & { http: number; text: string }> {
  const answer = await fetch(`${base}/healthz/deep`);
  const text = await answer.text();
  return { http: answer.status, text, ...(JSON.parse(text) as Deep) };
}

test(
  'people see everything that a process needs, within a bounded time, without secrets, and cannot make it work hard',
  async () => {
    const mail = `127.0.0.1:${(silent.address() as AddressInfo).port}`;
    const provider = await processes.start('data-provider', {
      DATA_PROVIDER_API_KEY: 'a-key-for-the-tests',
      SMTP_URL: `smtp://mailer:${SMTP_PASSWORD}@${mail}`,
      SMTP_FROM: 'scani@example.org',
    });
    const common = {
      DATABASE_URL: db.url,
      POSTGRES_POOL_MAX: '5',
      REDIS_URL: testRedisUrl(),
      ENCRYPTION_KEY: 'ab'.repeat(32),
      SCANI_CLOUD_URL: provider,
      SCANI_CLOUD_API_KEY: 'a-key-for-the-tests',
    };
    const api = await processes.start('api', {
      ...common,
      BETTER_AUTH_SECRET: 'a-secret-for-the-tests-of-32-chars',
      FRONTEND_URL: 'http://scani.test',
    });
    const worker = await processes.start('worker', common);

    const ofApi = await deep(api);
    expect(ofApi).toMatchObject({ http: 200, status: 'ok' });
    expect(Object.keys(ofApi.details).sort()).toEqual([
      'data-provider',
      'keys',
      'postgres',
      'redis',
      'schema',
      'storage',
      'tier',
    ]);
    expect(ofApi.details['data-provider']).toMatchObject({ state: 'ok', facts: { mail: true } });
    expect((await deep(worker)).details['queue']).toMatchObject({ facts: { waiting: 0, active: 0 } });

    const asked = await Promise.all(Array.from({ length: 20 }, () => deep(provider)));
    for (const one of asked) expect(one.details['mail server']).toMatchObject({ state: 'degraded' });
    expect(connections).toHaveLength(1);
    expect(asked[0]?.details['keys of providers']).toMatchObject({ facts: { coingecko: false } });

    const said = [ofApi, await deep(worker), ...asked].map(({ text }) => text).join('\n');
    const password = new URL(db.url).password;
    for (const secret of [SMTP_PASSWORD, `:${password}@`, 'a-key-for-the-tests', 'ab'.repeat(32)]) {
      expect(said).not.toContain(secret);
    }

    await db.source.query('update scani_schema_meta set current = current - 1');
    // The gate trusts a good answer for half a minute, so a fresh process is asked.
    const behind = await deep(
      await processes.start('api', {
        ...common,
        BETTER_AUTH_SECRET: 'a-secret-for-the-tests-of-32-chars',
        FRONTEND_URL: 'http://scani.test',
      }),
    );
    expect(behind).toMatchObject({ http: 503, status: 'error', details: { schema: { state: 'down' } } });
  },
  PATIENCE_MS,
);
