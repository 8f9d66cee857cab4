import { constant, type Live } from '@scani/runtime';
import { Redis } from 'ioredis';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { connectRedis } from './redis.js';

let server: ChildProcess;
let admin: Redis;
let port: number;

beforeAll(async () => {
  const free = createServer().listen(0, '127.0.0.1');
  await once(free, 'listening');
  port = (free.address() as AddressInfo).port;
  free.close();
  await once(free, 'close');
  server = spawn('redis-server', ['--port', String(port), '--bind', '127.0.0.1', '--save', ''], { stdio: 'ignore' });
  admin = new Redis(port, '127.0.0.1');
  admin.on('error', () => undefined);
  await admin.acl('SETUSER', 'app', 'on', '>p@ss:one', '~*', '&*', '+@all');
});
afterAll(() => {
  admin.disconnect();
  server.kill('SIGKILL');
});

const urlOf = (password: string): string => `redis://app:${encodeURIComponent(password)}@127.0.0.1:${port}`;

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
  const live = changeable(urlOf('p@ss:one'));
  const client = connectRedis(live, 'worker') as Redis;
  const copy = client.duplicate();
  copy.on('error', () => undefined);
  expect([await client.ping(), await copy.ping()]).toEqual(['PONG', 'PONG']);

  await admin.acl('SETUSER', 'app', 'resetpass', '>p@ss:two');
  live.set(urlOf('p@ss:two'));
  const ids = await Promise.all([client, copy].map((one) => one.client('ID')));
  await admin.call('CLIENT', 'KILL', 'USER', 'app');
  expect([await client.ping(), await copy.ping()]).toEqual(['PONG', 'PONG']);
  expect(await Promise.all([client, copy].map((one) => one.client('ID')))).not.toEqual(ids);

  // The other half of the claim: the password before it is of no use any more.
  const late = connectRedis(urlOf('p@ss:one'), 'request') as Redis;
  await pause(200);
  await expect(late.ping()).rejects.toThrow();
  for (const one of [client, copy, late]) one.disconnect();
});
