import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { outbound, OutboundError, outboundLines, type OutboundRequest, retrying } from './outbound.js';

let server: Server;
let base: string;

beforeAll(async () => {
  server = createServer((request, response) => {
    if (request.url === '/hang') return;
    if (request.url === '/cut') return void request.socket.destroy();
    if (request.url === '/trickle') {
      response.write('slow');
      return;
    }
    if (request.url === '/lines') {
      response.write('one\ntw');
      setTimeout(() => response.end('o\n\nżółw'), 20);
      return;
    }
    if (request.url === '/half') return void response.write('one\ntwo\n', () => request.socket.destroy());
    if (request.url === '/who') return void response.end(request.headers.authorization ?? 'nobody');
    if (request.url === '/stops') return void response.write('one\n');
    if (request.url === '/large') return void response.end('x'.repeat(2000));
    if (request.url === '/away') return void response.writeHead(302, { location: 'http://elsewhere.example/' }).end();
    response.writeHead(418, { 'x-kind': 'pot' }).end(`${request.method} żółw ${request.headers['user-agent']}`);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});

afterAll(() => {
  server.closeAllConnections();
  server.close();
});

const http = outbound({ timeoutMs: 150, maxBytes: 1000, userAgent: 'Scani/test' });

test('any status is an answer, with its body and headers', async () => {
  const answer = await http({ url: `${base}/`, method: 'POST', body: '{}' });
  expect(answer.status).toBe(418);
  expect(answer.text).toBe('POST żółw Scani/test');
  expect(answer.header('X-Kind')).toBe('pot');
  expect(answer.header('x-none')).toBeUndefined();
});

test('a redirect is not followed', async () => {
  expect((await http({ url: `${base}/away` })).status).toBe(302);
});

test.each([
  ['/hang', 'timeout'],
  ['/trickle', 'timeout'],
  ['/cut', 'unreachable'],
  ['/large', 'too-large'],
])('%s fails as %s', async (path, code) => {
  await expect(http({ url: base + path })).rejects.toMatchObject({ name: 'OutboundError', code });
});

test('a name and a password in an address are sent as such, and a header of the request goes before them', async () => {
  const url = `${base.replace('//', '//us%20er:p%40ss@')}/who`;
  expect((await http({ url })).text).toBe(`Basic ${Buffer.from('us er:p@ss').toString('base64')}`);
  expect((await http({ url, headers: { authorization: 'Bearer x' } })).text).toBe('Bearer x');
});

test('what cannot be sent is not repeated: there is a key in it', async () => {
  const requests: OutboundRequest[] = [
    { url: `${base}/`, headers: { authorization: 'Bearer pasted\nsecret' } },
    { url: `${base}/`, headers: { 'x-api-key': 'secret\u200b' } },
    { url: 'https://user:%zzsecret@example.test/' },
    { url: 'not an address with a secret' },
  ];
  for (const request of requests) {
    const error: unknown = await http(request).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ name: 'OutboundError', code: 'unreachable' });
    expect((error as Error).message).not.toContain('secret');
  }
});

test('nobody listens: the reason is named', async () => {
  const gone = createServer();
  await new Promise<void>((resolve) => gone.listen(0, '127.0.0.1', resolve));
  const { port } = gone.address() as AddressInfo;
  await new Promise((resolve) => gone.close(resolve));
  await expect(http({ url: `http://127.0.0.1:${port}/` })).rejects.toThrow(/cannot be reached: ECONNREFUSED/);
});

test('the caller can give up', async () => {
  const giveUp = new AbortController();
  setTimeout(() => giveUp.abort(), 20);
  await expect(http({ url: `${base}/hang`, signal: giveUp.signal })).rejects.toMatchObject({ code: 'cancelled' });
});

const policy = { attempts: 3, firstDelayMs: 1, maxDelayMs: 20, worth: () => ({ afterMs: 0 }) };

test('tries again until it works', async () => {
  let calls = 0;
  const answer = await retrying(policy, () =>
    ++calls < 3 ? Promise.reject(new Error('busy')) : Promise.resolve('ok'),
  );
  expect([answer, calls]).toEqual(['ok', 3]);
});

test.each([
  ['the tries are used up', policy, 3],
  ['it is not worth it', { ...policy, worth: () => 'no' as const }, 1],
  ['the other side wants a longer pause', { ...policy, worth: () => ({ afterMs: 21 }) }, 1],
])('gives up when %s', async (_why, one, expected) => {
  let calls = 0;
  await expect(
    retrying(one, () => {
      calls++;
      return Promise.reject(new Error('busy'));
    }),
  ).rejects.toThrow('busy');
  expect(calls).toBe(expected);
});

test('waiting to try again ends with the signal', async () => {
  const giveUp = new AbortController();
  const waiting = retrying(
    { attempts: 2, firstDelayMs: 1, maxDelayMs: 60_000, signal: giveUp.signal, worth: () => ({ afterMs: 60_000 }) },
    () => Promise.reject(new Error('busy')),
  );
  giveUp.abort();
  await expect(waiting).rejects.toBeInstanceOf(OutboundError);
});

describe('line by line', () => {
  const lines = outboundLines({ timeoutMs: 5_000, maxBytes: 1_000, quietMs: 100 });
  const read = async (path: string): Promise<{ got: string[]; end: unknown }> => {
    const got: string[] = [];
    const take = (line: string): Promise<void> => Promise.resolve(void got.push(line));
    const end = await lines({ url: base + path }, take).catch((error: unknown) => error);
    return { got, end };
  };

  test('each line, wherever it was cut on its way, and the last without an end', async () => {
    expect(await read('/lines')).toMatchObject({ got: ['one', 'two', '', 'żółw'], end: { status: 200 } });
  });

  test.each([
    ['/half', ['one', 'two'], 'unreachable'],
    ['/stops', ['one'], 'timeout'],
    ['/large', [], 'too-large'],
  ])('%s: what came is kept, and then it fails', async (path, got, code) => {
    expect(await read(path)).toMatchObject({ got, end: { name: 'OutboundError', code } });
  });

  test('another status is an answer with a text', async () => {
    expect(await read('/')).toMatchObject({
      got: [],
      end: { status: 418, text: expect.stringContaining('GET') as string },
    });
  });

  test('what cannot be dealt with ends the call, as it is', async () => {
    const trouble = new Error('no room');
    await expect(lines({ url: `${base}/lines` }, () => Promise.reject(trouble))).rejects.toBe(trouble);
  });
});
