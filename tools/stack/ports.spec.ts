import { type Server, createServer } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { anyPort, freePort } from './ports.ts';

const open: Server[] = [];
const listen = (port: number, host: string) =>
  new Promise<void>((resolve) => open.push(createServer().listen(port, host, resolve)));

afterEach(async () => {
  await Promise.all(open.splice(0).map((server) => new Promise((resolve) => server.close(resolve))));
});

test.each(['127.0.0.1', '0.0.0.0'])('a port that is taken on %s is stepped over', async (host) => {
  const taken = await anyPort();
  await listen(taken, host);
  expect(await freePort(taken)).toBeGreaterThan(taken);
});

test('one port is never given twice', async () => {
  const first = await anyPort();
  expect(await freePort(first)).toBeGreaterThan(first);
});
