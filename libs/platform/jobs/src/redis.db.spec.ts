import { constant, type Live } from '@scani/runtime';
import { Redis } from 'ioredis';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, expect, test } from 'vitest';
import { connectRedis, redisTrouble } from './redis.js';

const servers: ChildProcess[] = [];
afterAll(() => {
  for (const server of servers) server.kill('SIGKILL');
});

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

/** A server of its own with a user whose password can be changed. */
async function start(...settings: string[]): Promise<{ port: number; admin: Redis }> {
  const port = await freePort();
  const place = [
    '--port',
    String(port),
    '--bind',
    '127.0.0.1',
    '--save',
    '',
    '--dir',
    mkdtempSync(join(tmpdir(), 'redis-')),
  ];
  servers.push(spawn('redis-server', [...place, ...settings], { stdio: 'ignore' }));
  const admin = new Redis(port, '127.0.0.1');
  admin.on('error', () => undefined);
  await admin.acl('SETUSER', 'app', 'on', '>p@ss:one', '~*', '&*', '+@all');
  return { port, admin };
}

const urlOf = (port: number, password: string): string =>
  `redis://app:${encodeURIComponent(password)}@127.0.0.1:${port}`;

function changeable(first: string): Live<string> & { set(value: string): void } {
  const listeners: ((value: string) => void)[] = [];
  const live = { ...constant(first), onChange: (listener: (value: string) => void) => void listeners.push(listener) };
  return {
    get current() {
      return live.current;
    },
    onChange: live.onChange,
    set: (value) => {
      Object.assign(live, { current: value });
      for (const listener of listeners) listener(value);
    },
  };
}

test('after a change of password new connections use the new one, those of BullMQ too', async () => {
  const { port, admin } = await start();
  const live = changeable(urlOf(port, 'p@ss:one'));
  const client = connectRedis(live, 'worker') as Redis;
  const copy = client.duplicate();
  copy.on('error', () => undefined);
  expect([await client.ping(), await copy.ping()]).toEqual(['PONG', 'PONG']);

  await admin.acl('SETUSER', 'app', 'resetpass', '>p@ss:two');
  live.set(urlOf(port, 'p@ss:two'));
  const ids = await Promise.all([client, copy].map((one) => one.client('ID')));
  await admin.call('CLIENT', 'KILL', 'USER', 'app');
  expect([await client.ping(), await copy.ping()]).toEqual(['PONG', 'PONG']);
  expect(await Promise.all([client, copy].map((one) => one.client('ID')))).not.toEqual(ids);

  // The other half of the claim: the password before it is of no use any more.
  const late = connectRedis(urlOf(port, 'p@ss:one'), 'request') as Redis;
  await pause(200);
  await expect(late.ping()).rejects.toThrow();
  for (const one of [client, copy, late, admin]) one.disconnect();
});

test('so do new connections to the nodes of a cluster', async () => {
  const { port, admin } = await start(
    '--cluster-enabled',
    'yes',
    '--cluster-announce-ip',
    '127.0.0.1',
    '--cluster-port',
    String(await freePort()),
  );
  await admin.call('CLUSTER', 'ADDSLOTSRANGE', '0', '16383');
  while (!String(await admin.call('CLUSTER', 'INFO')).includes('cluster_state:ok')) await pause(20);

  // One node that is listed twice is a cluster to the client.
  const twice = (password: string): string => `${urlOf(port, password)},${urlOf(port, password)}`;
  const live = changeable(twice('p@ss:one'));
  const client = connectRedis(live, 'worker');
  await client.set('{scani}:a', 'one');
  await admin.acl('SETUSER', 'app', 'resetpass', '>p@ss:two');
  live.set(twice('p@ss:two'));
  await admin.call('CLIENT', 'KILL', 'USER', 'app');
  expect(await client.get('{scani}:a')).toBe('one');
  client.disconnect();
  admin.disconnect();
});

test('a request fails at once on a cluster that is away, as on a single server, and the cause is known', async () => {
  const gone = await freePort();
  for (const url of [`redis://127.0.0.1:${gone}`, `redis://127.0.0.1:${gone},redis://127.0.0.1:${gone}`]) {
    const client = connectRedis(url, 'request');
    await expect(client.get('{scani}:a')).rejects.toThrow();
    while (!redisTrouble(client)?.includes('ECONNREFUSED')) await pause(20);
    client.disconnect();
  }
});
