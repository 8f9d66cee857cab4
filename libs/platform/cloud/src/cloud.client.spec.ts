import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { day } from '@scani/money';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { CLOUD_BATCH, CLOUD_LIMITS, CloudClient } from './cloud.client.js';
import type { CloudError } from './cloud.error.js';
import type { AssetRef } from './cloud.types.js';

interface Reply {
  status?: number;
  body?: unknown;
  headers?: Record<string, string>;
}

interface Asked {
  method: string | undefined;
  path: string | undefined;
  authorization: string | undefined;
  body: unknown;
}

/** A peer that follows a script; the last reply repeats. */
let replies: (Reply | 'hang')[] = [];
let asked: Asked[] = [];
let server: Server;
let client: CloudClient;

beforeAll(async () => {
  server = createServer((request, response) => {
    void bodyOf(request).then((body) => {
      const { method, url, headers } = request;
      asked.push({ method, path: url, authorization: headers.authorization, body });
      const reply = replies.length > 1 ? replies.shift() : replies[0];
      if (reply === 'hang' || reply === undefined) return;
      response.writeHead(reply.status ?? 200, { 'content-type': 'application/json', ...reply.headers });
      response.end(typeof reply.body === 'string' ? reply.body : JSON.stringify(reply.body ?? {}));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  client = new CloudClient(
    { url, apiKey: 'key-of-this-house' },
    { ...CLOUD_LIMITS, timeoutMs: 200, personTimeoutMs: 100, maxBytes: 100_000, firstDelayMs: 1, maxDelayMs: 1500 },
  );
});

beforeEach(() => {
  replies = [];
  asked = [];
});

afterAll(() => {
  server.closeAllConnections();
  server.close();
});

async function bodyOf(request: IncomingMessage): Promise<unknown> {
  let text = '';
  for await (const chunk of request) text += String(chunk);
  return text === '' ? undefined : JSON.parse(text);
}

const problem = (status: number, code: string, headers: Record<string, string> = {}): Reply => ({
  status,
  headers: { 'content-type': 'application/problem+json; charset=utf-8', ...headers },
  body: { code, detail: `About ${code}.` },
});

const quote = {
  id: '0',
  value: '93412.07123456789',
  currency: 'USD',
  at: '2026-01-01T12:00:00.000Z',
  granularity: 'intraday',
  source: 'coingecko',
};
const asset: AssetRef = { id: 'a', kind: 'crypto', symbol: 'BTC', identities: [] };
const failureOf = (call: Promise<unknown>): Promise<CloudError> =>
  call.then(
    () => expect.unreachable('the call should have failed'),
    (error: CloudError) => error,
  );

describe('calls', () => {
  test('prices and problems come back side by side', async () => {
    const trouble = { id: '1', reason: 'limited', detail: 'coingecko: busy', retryAfterSeconds: 7 };
    replies = [{ body: { prices: [quote], problems: [trouble] } }];
    const other = { ...asset, id: 'b', symbol: 'ETH' };
    expect(await client.currentPrices([asset, other])).toEqual({
      prices: [{ ...quote, id: 'a' }],
      problems: [{ ...trouble, id: 'b' }],
    });
    expect(asked[0]).toMatchObject({
      method: 'POST',
      path: '/v1/prices/current',
      authorization: 'Bearer key-of-this-house',
      body: {
        assets: [
          { ...asset, id: '0' },
          { ...other, id: '1' },
        ],
      },
    });
  });

  test('what comes back for an asset that was not asked about is not taken', async () => {
    replies = [{ body: { prices: [quote, { ...quote, id: '7' }, { ...quote, id: 'x' }], problems: [] } }];
    expect((await client.currentPrices([asset])).prices.map(({ id }) => id)).toEqual(['a']);
  });

  test('a long list is cut up, none is nothing', async () => {
    replies = [{ body: { prices: [quote], problems: [] } }];
    const many = Array.from({ length: CLOUD_BATCH + 1 }, (_, i) => ({ ...asset, id: String(i) }));
    expect((await client.currentPrices(many)).prices).toHaveLength(2);
    expect(asked).toHaveLength(2);
    expect(await client.currentPrices([])).toEqual({ prices: [], problems: [] });
    expect(asked).toHaveLength(2);
  });

  test('history, search, capabilities, mail and link previews have their routes', async () => {
    const match = { provider: 'yahoo', externalId: 'A', symbol: 'A', name: 'A', kind: 'stock', marketSegment: 'NYSE' };
    const preview = {
      url: 'https://a.example/',
      title: 'A',
      description: null,
      siteName: null,
      imageUrl: null,
      iconUrl: null,
    };
    replies = [
      { body: { prices: [{ ...quote, granularity: 'daily' }], problems: [] } },
      { body: { matches: [match] } },
      { body: { version: '1.2.3', mail: true, prices: ['yahoo'], more: 1 } },
      { status: 204, body: '' },
      { body: preview },
      { body: { ...preview, title: 7 } },
    ];
    expect(await client.priceHistory(asset, day('2025-12-30'), day('2025-12-31'))).toHaveLength(1);
    expect(await client.searchAssets('a & b')).toEqual([match]);
    expect(await client.capabilities()).toEqual({
      version: '1.2.3',
      levels: [1],
      mail: true,
      prices: ['yahoo'],
      linkPreviews: false,
      chains: [],
      ai: [],
      key: null,
    });
    const data = { link: 'https://x.example/#token=t', code: '123456', linkMinutes: 15, codeMinutes: 5 };
    await client.sendMail({ template: 'sign-in', to: 'ann@example.org', data });
    expect(await client.previewLink('https://a.example')).toEqual(preview);
    await expect(client.previewLink('https://a.example')).rejects.toMatchObject({ code: 'failed' });
    expect(asked.map((each) => each.path)).toEqual([
      '/v1/prices/history',
      '/v1/assets/search?query=a%20%26%20b',
      '/v1/capabilities',
      '/v1/mail',
      '/v1/link-previews',
      '/v1/link-previews',
    ]);
  });
});

describe('failures', () => {
  test.each<[Reply, string, string | undefined]>([
    [problem(401, 'key-unknown'), 'unauthorized', 'key-unknown'],
    [problem(401, 'key-missing'), 'unauthorized', 'key-missing'],
    [problem(401, 'key-revoked'), 'unauthorized', 'key-revoked'],
    [problem(403, 'key-expired'), 'unauthorized', 'key-expired'],
    [problem(403, 'key-scope'), 'forbidden', 'key-scope'],
    [problem(429, 'over-hourly-quota', { 'retry-after': '1800' }), 'limited', 'over-hourly-quota'],
    [problem(429, 'over-monthly-quota', { 'retry-after': '2600000' }), 'limited', 'over-monthly-quota'],
    [problem(402, 'over-cost-ceiling', { 'retry-after': '2600000' }), 'limited', 'over-cost-ceiling'],
    [problem(422, 'bad-input'), 'refused', 'bad-input'],
    [{ status: 404, body: 'nginx' }, 'refused', undefined],
    [problem(503, 'mail-not-configured'), 'failed', 'mail-not-configured'],
    [{ status: 302, headers: { location: 'http://elsewhere.example/' } }, 'failed', undefined],
    [{ body: '<html>' }, 'failed', undefined],
    [{ body: { prices: 'none' } }, 'failed', undefined],
  ])('%j is %s', async (reply, code, word) => {
    replies = [reply];
    const error = await failureOf(client.currentPrices([asset]));
    expect(error).toMatchObject({ name: 'CloudError', code, problem: word });
  });

  test.each([
    ['a number for a price', { value: 93412.07 }],
    ['a price of zero', { value: '0.00' }],
    ['an exponent', { value: '9e4' }],
    ['no instant', { at: 'yesterday' }],
    ['another granularity', { granularity: 'weekly' }],
  ])('%s is not taken', async (_what, wrong) => {
    replies = [{ body: { prices: [{ ...quote, ...wrong }], problems: [] } }];
    expect((await failureOf(client.currentPrices([asset]))).code).toBe('failed');
  });

  test('the limit says when to come back, and a long wait is left to the caller', async () => {
    replies = [problem(429, 'over-quota', { 'retry-after': '3600' })];
    const error = await failureOf(client.currentPrices([asset]));
    expect(error).toMatchObject({ code: 'limited', retryAfterSeconds: 3600, message: 'About over-quota.' });
    expect(asked).toHaveLength(1);
  });

  test.each([
    ['2600000', 2_600_000],
    ['Sun, 06 Nov 1994 08:49:37 GMT', 0],
    ['soon', undefined],
  ])('Retry-After %s means %s s', async (header, seconds) => {
    replies = [problem(429, 'over-monthly-quota', { 'retry-after': header })];
    expect((await failureOf(client.capabilities())).retryAfterSeconds).toBe(seconds);
  });

  test('Retry-After may be a date', async () => {
    const at = new Date(Math.ceil(Date.now() / 1_000) * 1_000 + 7_200_000);
    replies = [problem(429, 'over-hourly-quota', { 'retry-after': at.toUTCString() })];
    const { retryAfterSeconds } = await failureOf(client.capabilities());
    expect(Date.now() + (retryAfterSeconds ?? 0) * 1_000).toBeGreaterThanOrEqual(at.getTime());
    expect(retryAfterSeconds).toBeLessThanOrEqual(7_201);
  });

  test('a short limit and a stumble are waited out', async () => {
    replies = [
      problem(429, 'over-quota', { 'retry-after': '1' }),
      { status: 502 },
      { body: { prices: [], problems: [] } },
    ];
    const began = performance.now();
    expect(await client.currentPrices([asset])).toEqual({ prices: [], problems: [] });
    expect(performance.now() - began).toBeGreaterThan(990);
    expect(asked).toHaveLength(3);
  });

  test('what is refused is not asked again', async () => {
    replies = [problem(422, 'bad-input')];
    await failureOf(client.currentPrices([asset]));
    expect(asked).toHaveLength(1);
  });

  test('silence and too much text end', async () => {
    replies = ['hang'];
    expect((await failureOf(client.currentPrices([asset]))).code).toBe('unreachable');
    expect(asked).toHaveLength(CLOUD_LIMITS.attempts);
    replies = [{ body: 'x'.repeat(200_000) }];
    expect((await failureOf(client.capabilities())).code).toBe('unreachable');
  });

  test('a person does not wait for a second try', async () => {
    replies = ['hang'];
    await failureOf(client.searchAssets('bitcoin'));
    await failureOf(client.capabilities());
    expect(asked).toHaveLength(2);
  });

  test('mail is tried once', async () => {
    replies = [{ status: 500 }];
    const data = { link: 'https://x.example/', code: '123456', linkMinutes: 15, codeMinutes: 5 };
    await failureOf(client.sendMail({ template: 'sign-in', to: 'ann@example.org', data }));
    expect(asked).toHaveLength(1);
  });

  test('nobody there is unreachable, and says where', async () => {
    const away = new CloudClient({ url: 'http://127.0.0.1:9', apiKey: 'key' }, { ...CLOUD_LIMITS, attempts: 1 });
    const error = await failureOf(away.capabilities());
    expect(error).toMatchObject({ code: 'unreachable' });
    expect(error.message).toContain('127.0.0.1:9');
  });

  test('the caller can give up, and then nothing is tried again', async () => {
    replies = ['hang'];
    const giveUp = new AbortController();
    const onceAsked = setInterval(() => asked.length > 0 && giveUp.abort(), 5);
    await failureOf(client.currentPrices([asset], giveUp.signal));
    clearInterval(onceAsked);
    expect(asked).toHaveLength(1);
  });
});
