import { KeyRing } from '@scani/crypto';
import { rowOf, rowsOf } from '@scani/database';
import { testDatabase, type TestDatabase } from '@scani/database/testing';
import { testRedisUrl } from '@scani/jobs/testing';
import { type ChildProcess, execFile, execFileSync, spawn } from 'node:child_process';
import { randomBytes, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createRequire } from 'node:module';
import { createServer, type AddressInfo } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest';

// Each of them starts several whole processes.
vi.setConfig({ testTimeout: 180_000 });

const root = fileURLToPath(new URL('../../..', import.meta.url));
const [right, wrong] = [randomBytes(32).toString('hex'), randomBytes(32).toString('base64')];
const print = (key: string): string => new KeyRing(key).fingerprint;

interface Ready {
  status: number;
  details: Record<string, { state: string; detail?: string; stored?: string; own?: string }>;
}

let db: TestDatabase;
const running: ChildProcess[] = [];

beforeAll(() => {
  const tsc = createRequire(import.meta.url).resolve('typescript/bin/tsc');
  execFileSync(process.execPath, [tsc, '-b', 'apps/api', 'apps/worker', 'apps/cli'], { cwd: root, stdio: 'inherit' });
}, 300_000);
beforeEach(async () => {
  db = await testDatabase();
});
afterEach(async () => {
  await Promise.all(running.splice(0).map(stop));
  await db.drop();
});
afterAll(() => Promise.all(running.map(stop)));

const settings = (key: string, previous?: string): Record<string, string> => ({
  PATH: process.env['PATH'] ?? '',
  HOST: '127.0.0.1',
  DATABASE_URL: db.url,
  POSTGRES_POOL_MAX: '5',
  REDIS_URL: testRedisUrl(),
  SCANI_CLOUD_URL: 'http://127.0.0.1:9',
  SCANI_CLOUD_API_KEY: 'a-key-for-the-tests',
  BETTER_AUTH_SECRET: 'a-secret-for-the-tests-of-32-chars',
  FRONTEND_URL: 'http://scani.test',
  ENCRYPTION_KEY: key,
  LOG_ID_PEPPER: 'a-pepper-for-the-tests',
  ...(previous ? { ENCRYPTION_KEY_PREVIOUS: previous } : {}),
  METRICS_PORT: '0',
  LOG_LEVEL: 'fatal',
});

/** The process as it is deployed; answers what its /readyz says once it says something. */
async function start(app: 'api' | 'worker', env: Record<string, string>): Promise<() => Promise<Ready>> {
  const port = await freePort();
  const child = spawn(process.execPath, [`apps/${app}/dist/main.js`], {
    cwd: root,
    env: { ...env, PORT: String(port) },
    stdio: 'inherit',
  });
  running.push(child);
  return async () => {
    for (;;) {
      if (child.exitCode !== null) throw new Error(`${app} ended with ${child.exitCode}`);
      try {
        const answer = await fetch(`http://127.0.0.1:${port}/readyz`);
        return { ...((await answer.json()) as Ready), status: answer.status };
      } catch {
        await pause(50);
      }
    }
  };
}

async function until(ready: () => Promise<Ready>, holds: (ready: Ready) => boolean): Promise<Ready> {
  for (;;) {
    const now = await ready();
    if (holds(now)) return now;
    await pause(50);
  }
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, 'exit');
  child.kill('SIGKILL');
  await gone;
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

async function askForWork(): Promise<() => Promise<string | undefined>> {
  const id = randomUUID();
  await db.source.query(`insert into job (id, name, title) values ($1, 'clean-up', 'clean up')`, [id]);
  return async () => (await rowOf<{ state: string }>(db.source, 'select state from job where id = $1', [id]))?.state;
}

const canaries = () => rowsOf<{ fingerprint: string }>(db.source, 'select fingerprint, sealed from key_canary');

test('a wrong key: the api is not ready and the worker takes nothing; the right one puts it right', async () => {
  expect(await (await start('api', settings(right)))()).toMatchObject({
    status: 200,
    details: { keys: { state: 'ok' } },
  });
  const before = await canaries();
  expect(before).toHaveLength(1);

  const told = { state: 'down', stored: print(right), own: print(wrong) };
  const api = await (await start('api', settings(wrong)))();
  expect(api).toMatchObject({ status: 503, details: { keys: told, postgres: { state: 'ok' } } });
  expect(api.details['keys']?.detail).toContain('ENCRYPTION_KEY');

  const work = await askForWork();
  const idle = await until(await start('worker', settings(wrong)), ({ details }) =>
    Boolean(details['work']?.detail?.includes('takes no jobs')),
  );
  expect(idle).toMatchObject({ status: 503, details: { keys: told } });
  // Several rounds of a relay that must not run.
  await pause(1_500);
  expect(await work()).toBe('waiting');
  expect(await canaries()).toEqual(before);

  await until(await start('worker', settings(right)), ({ status }) => status === 200);
  while ((await work()) !== 'completed') await pause(50);
});

test('during a change of keys both work; adopting the new one ends it, and a waiting worker begins by itself', async () => {
  await (
    await start('api', settings(right))
  )();
  const note = { state: 'degraded', stored: print(right), own: print(wrong) };
  const api = await start('api', settings(wrong, right));
  expect(await api()).toMatchObject({ status: 200, details: { keys: note } });
  const work = await askForWork();
  const worker = await until(await start('worker', settings(wrong, right)), ({ status }) => status === 200);
  expect(worker.details['keys']).toMatchObject(note);
  while ((await work()) !== 'completed') await pause(50);

  const waiting = await start('worker', settings(wrong));
  await until(waiting, ({ details }) => Boolean(details['work']?.detail?.includes('takes no jobs')));
  expect(await scani(['keys', 'adopt'], settings(wrong))).toMatchObject({ code: 1 });
  expect(await scani(['keys', 'adopt'], settings(wrong, right))).toMatchObject({ code: 0 });
  expect(await until(waiting, ({ status }) => status === 200)).toMatchObject({ details: { keys: { state: 'ok' } } });
  expect(await scani(['keys', 'show'], settings(right))).toMatchObject({ code: 1 });
});

test('the api says at boot that its key is wrong, without being asked', async () => {
  await (
    await start('api', settings(right))
  )();
  const port = await freePort();
  const child = spawn(process.execPath, ['apps/api/dist/main.js'], {
    cwd: root,
    env: { ...settings(wrong), LOG_LEVEL: 'error', PORT: String(port) },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  running.push(child);
  let said = '';
  for await (const data of child.stdout) {
    said += String(data);
    if (said.includes('wrong_key')) break;
  }
  expect(said).toContain(print(right));
  expect(said).toContain(print(wrong));
  expect(said).not.toContain(wrong);

  // Reached all the same, it leaves nothing that only its key opens.
  const answer = await fetch(`http://127.0.0.1:${port}/api/sign-in/challenges`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin: 'http://scani.test' },
    body: JSON.stringify({ email: 'somebody@example.org' }),
  });
  expect([answer.status, await answer.json()]).toMatchObject([503, { code: 'wrong-key' }]);
  expect(await rowsOf(db.source, 'select id from job')).toEqual([]);
});

test('the new key is not adopted while jobs wait with what the old one sealed', async () => {
  await (
    await start('api', settings(right))
  )();
  const sealed = new KeyRing(right).seal('sign-in-mail', 'a mail');
  await db.source.query(`insert into job (id, name, title, payload) values ($1, 'send-sign-in-mail', 'mail', $2)`, [
    randomUUID(),
    JSON.stringify({ sealed }),
  ]);
  const refused = await scani(['keys', 'adopt'], settings(wrong, right));
  expect(refused.code).toBe(1);
  expect(refused.output).toContain('1 jobs wait');
  expect(await canaries()).toHaveLength(1);
});

function scani(args: string[], env: Record<string, string>): Promise<{ code: number; output: string }> {
  return new Promise((resolve) => {
    execFile(process.execPath, ['apps/cli/dist/main.js', ...args], { cwd: root, env }, (error, stdout, stderr) =>
      resolve({ code: Number(error?.code ?? 0), output: stdout + stderr }),
    );
  });
}
