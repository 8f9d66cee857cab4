import { createServer, type RequestListener } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import { type AddressInfo, createServer as createNetServer, type Server } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { examineTier } from '../src/tier/tier-check.js';
import { Authority } from './certificates.js';
import { buildCli, scani } from './scani.js';

const KEY = 'scani-key-that-is-never-shown';
const euro = {
  // The first of those that were asked for.
  id: '0',
  value: '1.1',
  currency: 'USD',
  at: '2026-01-01T00:00:00Z',
  granularity: 'daily',
  source: 'f',
};
const match = { provider: 'p', externalId: 'b', symbol: 'BTC', name: 'Bitcoin', kind: 'crypto', marketSegment: '' };
const able = { version: '9.9.9', levels: [1], mail: true, prices: ['f'], linkPreviews: true, ai: [] as string[] };

interface Reply {
  status: number;
  body: unknown;
  headers?: Record<string, string>;
}
type Script = Record<string, Reply | 'silence' | undefined>;

const servers: Server[] = [];
let script: Script = {};
let url = '';
let authority: Authority;

/** A data-provider that follows a script, in its own wire format. */
const answer: RequestListener = (request, response) => {
  request.resume();
  const path = request.url?.split('?')[0] ?? '';
  const reply = script[path] ?? script['*'] ?? usual[path];
  if (reply === 'silence') return;
  const { status, body, headers } = reply ?? { status: 404, body: {} };
  response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));
};
const usual: Record<string, Reply> = {
  '/v1/capabilities': { status: 200, body: able },
  '/v1/prices/current': { status: 200, body: { prices: [euro], problems: [] } },
  '/v1/assets/search': { status: 200, body: { matches: [match] } },
};
const problem = (status: number, code: string, headers: Record<string, string> = {}): Reply => ({
  status,
  body: { code, detail: `About ${code}.` },
  headers: { 'content-type': 'application/problem+json', ...headers },
});

async function portOf(server: Server): Promise<number> {
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
}
const overTls = async (subject: string, days: number): Promise<string> => {
  const files = authority.certificate(`c${servers.length}`, subject, days);
  return `https://127.0.0.1:${await portOf(createSecureServer(files, answer))}`;
};

beforeAll(async () => {
  buildCli();
  authority = new Authority();
  url = `http://127.0.0.1:${await portOf(createServer(answer))}`;
}, 180_000);
beforeEach(() => {
  script = {};
});
afterAll(() => {
  for (const server of servers) {
    (server as { closeAllConnections?(): void }).closeAllConnections?.();
    server.close();
  }
});

async function looked(
  at = url,
  askMs = 2_000,
): Promise<Record<string, { state: string; cause: unknown; said: string }>> {
  const findings = await examineTier(at, KEY, askMs);
  return Object.fromEntries(
    findings.map(({ name, state, sentence, remedy, facts }) => [
      name,
      { state, cause: facts?.['cause'], said: `${sentence} ${remedy ?? ''}` },
    ]),
  );
}

describe('scani tier check', () => {
  test('all is well', async () => {
    const of = await looked();
    expect(Object.entries(of).map(([name, { state }]) => `${name} ${state}`)).toEqual([
      'address ok',
      'data-provider ok',
      'level ok',
      'mail ok',
      'prices ok',
      'asset-search ok',
      'ai skipped',
      'quota skipped',
    ]);
  });

  test.each<[string, Reply | 'silence', string]>([
    ['no key', problem(401, 'key-missing'), 'key-missing'],
    ['a key that is not known', problem(401, 'key-unknown'), 'key-unknown'],
    ['a revoked key', problem(401, 'key-revoked'), 'key-revoked'],
    ['an expired key', problem(401, 'key-expired'), 'key-expired'],
    ['a proxy that wants a password', { status: 401, body: 'who?' }, 'unauthorized'],
    ['a key without the scope', problem(403, 'key-scope'), 'key-scope'],
    ['a proxy that forbids', { status: 403, body: 'no' }, 'forbidden'],
    ['another server', { status: 404, body: 'nginx' }, 'not-a-data-provider'],
    ['the api of Scani', problem(404, 'not-found'), 'not-a-data-provider'],
    ['a page that is not of it', { status: 200, body: 'hello' }, 'not-understood'],
    ['a quota', problem(429, 'over-hourly-quota', { 'retry-after': '1200' }), 'over-hourly-quota'],
    ['any other limit', { status: 429, body: {} }, 'limited'],
    ['a ceiling', problem(402, 'over-cost-ceiling'), 'over-cost-ceiling'],
    ['a failing one', { status: 502, body: {} }, 'failing'],
    ['silence', 'silence', 'timeout'],
  ])('%s is told with its remedy, and the rest is skipped', async (_what, reply, cause) => {
    script = { '*': reply };
    const of = await looked(url, reply === 'silence' ? 300 : 2_000);
    expect(of['data-provider']).toMatchObject({ state: 'fail', cause });
    expect(of['mail']?.state).toBe('skipped');
  });

  test('a port where nobody listens, a name that does not exist, one that hangs up', async () => {
    const closed = createNetServer();
    const port = await portOf(closed);
    closed.close();
    const rude = await portOf(createNetServer((socket) => socket.destroy()));
    const causes = await Promise.all(
      [`http://127.0.0.1:${port}`, 'https://nobody.invalid', `http://127.0.0.1:${rude}`].map(
        async (at) => (await looked(at))['data-provider']?.cause,
      ),
    );
    expect(causes).toEqual(['connection-refused', 'dns', 'connection-lost']);
  });

  test('certificates: unknown authority, another name, an expired one, none at all', async () => {
    const good = await overTls('IP:127.0.0.1', 2);
    const cause = async (at: string, env: Record<string, string> = {}): Promise<unknown> => {
      const { out } = await scani({ ...env, SCANI_CLOUD_API_KEY: KEY }, 'tier', 'check', '--url', at, '--json');
      const { checks } = JSON.parse(out) as { checks: { name: string; state: string; facts?: { cause?: string } }[] };
      const found = checks.find(({ name }) => name === 'data-provider');
      return found?.facts?.cause ?? found?.state;
    };
    const known = { NODE_EXTRA_CA_CERTS: authority.ca };
    expect(await cause(good)).toBe('tls-authority');
    expect(await cause(good, known)).toBe('ok');
    expect(await cause(await overTls('DNS:data-provider.example.org', 2), known)).toBe('tls-name');
    expect(await cause(await overTls('IP:127.0.0.1', -1), known)).toBe('tls-expired');
    expect(await cause(url.replace('http:', 'https:'), known)).toBe('tls-other');
  });

  test.each([
    [[2, 3], 'Update this installation'],
    [[], 'The data-provider must be updated'],
  ])('levels %j are not ours', async (levels, remedy) => {
    script = { '/v1/capabilities': { status: 200, body: { ...able, levels } } };
    const of = await looked();
    expect(of['level']).toMatchObject({ state: 'fail', said: expect.stringContaining(remedy) as string });
  });

  test('what it lacks is told', async () => {
    script = { '/v1/capabilities': { status: 200, body: { version: '0.0.1', mail: false, prices: [] } } };
    const of = await looked();
    expect(of['mail']).toMatchObject({ state: 'warn', said: expect.stringContaining('cannot sign in') as string });
    expect(of['prices']?.state).toBe('fail');
    expect(of['level']?.state).toBe('ok');
    script = { '/v1/prices/current': problem(403, 'key-scope') };
    expect((await looked())['prices']).toMatchObject({ state: 'fail', cause: 'key-scope' });
  });

  test('exit codes are the doctor’s, and the key is in no output', async () => {
    const run = async (...more: string[]): Promise<[number, string]> => {
      const { code, out } = await scani({ SCANI_CLOUD_API_KEY: KEY }, 'tier', 'check', '--url', url, ...more);
      return [code, out];
    };
    const all: [number, string][] = [await run()];
    script = { '/v1/capabilities': { status: 200, body: { ...able, mail: false } } };
    all.push(await run('--json'));
    script = { '*': { ...problem(401, 'key-unknown'), body: { code: 'key-unknown', detail: `${KEY} is not known` } } };
    all.push(await run(), await run('--json'));
    expect(all.map(([code]) => code)).toEqual([0, 2, 1, 1]);
    expect(all.map(([, out]) => out).join('\n')).not.toContain(KEY);
    expect((await scani({}, 'tier', 'check', '--url', url)).code).toBe(1);
  });

  test.each(['nowhere', 'ftp://x.example', 'https://user:secret@x.example'])('%s is no address', async (bad) => {
    expect((await looked(bad))['address']?.state).toBe('fail');
  });
});
