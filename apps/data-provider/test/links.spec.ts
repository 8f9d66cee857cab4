import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { type AddressInfo, connect, createServer as createTcpServer } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { fetchPage, LINK_BOUNDS, LINK_WAYS, type LinkBounds, type LinkWays } from '../src/links/link.fetch.js';
import { type LinkPreview, previewOf } from '../src/links/link.page.js';
import { post, type Running, startDataProvider } from './harness.js';

const PUBLIC = '93.184.215.14';
const INSIDE = ['127.0.0.1', '10.0.0.5', '169.254.169.254', '::1', 'fd00::1', '::ffff:10.0.0.5', '100.64.0.1'];

let answer: (request: IncomingMessage, response: ServerResponse) => void;
let port: number;
/** Every address that a connection was made to, and how often a name was looked up. */
const dialled: string[] = [];
const looked: string[] = [];
const requests: IncomingMessage[] = [];
let names: Record<string, string[][]>;

/** A real server behind public addresses; the names lead where each test says, one answer after the other. */
const ways: LinkWays = {
  resolve: async (host) => {
    looked.push(host);
    const answers = names[host];
    if (!answers) throw new Error('ENOTFOUND');
    return answers.length > 1 ? (answers.shift() ?? []) : (answers[0] ?? []);
  },
  connect: (address, asked) => {
    dialled.push(`${address}:${asked}`);
    return connect({ host: '127.0.0.1', port });
  },
};

const server = createServer((request, response) => {
  requests.push(request);
  answer(request, response);
});
const html = (body: string | Buffer, headers: Record<string, string> = {}, status = 200) => {
  return (_request: IncomingMessage, response: ServerResponse): void => {
    response.writeHead(status, { 'content-type': 'text/html; charset=utf-8', ...headers }).end(body);
  };
};
const fetchIt = (url: string, bounds: Partial<LinkBounds> = {}) => fetchPage(url, ways, { ...LINK_BOUNDS, ...bounds });
const preview = async (url = 'http://page.example/'): Promise<LinkPreview> => previewOf(await fetchIt(url));
const refused = (code = 'link-refused') => expect.objectContaining({ code }) as Error;

beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  port = (server.address() as AddressInfo).port;
});
beforeEach(() => {
  names = { 'page.example': [[PUBLIC]], 'other.example': [['8.8.4.4']] };
  answer = html('<title>A page</title>');
});
afterEach(() => {
  for (const list of [dialled, looked, requests]) list.length = 0;
  server.closeAllConnections();
});
afterAll(() => new Promise((resolve) => server.close(resolve)));

describe('nothing inside is reached', () => {
  test.each(INSIDE)('a name that leads to %s', async (address) => {
    names['inside.example'] = [[address]];
    await expect(fetchIt('http://inside.example/')).rejects.toEqual(refused());
    names['inside.example'] = [[PUBLIC, address]];
    await expect(fetchIt('http://inside.example/')).rejects.toEqual(refused());
    expect(dialled).toEqual([]);
  });

  test('a name that is public when it is asked for and private ever after is connected where it was looked up', async () => {
    names['rebinds.example'] = [[PUBLIC], ['169.254.169.254']];
    expect((await preview('http://rebinds.example/')).title).toBe('A page');
    expect([looked, dialled]).toEqual([['rebinds.example'], [`${PUBLIC}:80`]]);
  });

  test('and asked for again after a redirect to itself it is refused', async () => {
    names['rebinds.example'] = [[PUBLIC], ['127.0.0.1']];
    answer = html('', { location: '/again' }, 302);
    await expect(fetchIt('http://rebinds.example/')).rejects.toEqual(refused());
    expect(dialled).toEqual([`${PUBLIC}:80`]);
  });

  test.each([
    'http://169.254.169.254/latest/meta-data/',
    'http://[fd00:ec2::254]/latest/meta-data/',
    'http://[::ffff:169.254.169.254]/',
    'http://2852039166/',
    'http://0251.0376.0251.0376/',
    '//127.0.0.1/',
    'http://inside.example/',
    'http://page.example:6379/',
    'http://user:secret@page.example/',
    'file:///etc/passwd',
    'gopher://127.0.0.1:6379/_FLUSHALL',
    'http://[fe80::1%25eth0]/',
    'http://',
  ])('a redirect to %s', async (location) => {
    names['inside.example'] = [['192.168.0.1']];
    answer = html('', { location }, 302);
    await expect(fetchIt('http://page.example/')).rejects.toEqual(refused());
    expect(dialled).toEqual([`${PUBLIC}:80`]);
  });

  test('a name that leads nowhere sounds like one that leads inside: there is nothing to learn', async () => {
    names['inside.example'] = [['10.0.0.1']];
    const said = (url: string) => fetchIt(url).catch((error: unknown) => JSON.stringify(error));
    expect(await said('http://nowhere.example/')).toBe(await said('http://inside.example/'));
  });

  test('no connection is kept for another name', async () => {
    await preview();
    names['page.example'] = [['8.8.8.8']];
    await preview();
    expect(dialled).toEqual([`${PUBLIC}:80`, '8.8.8.8:80']);
  });

  test('the real thing, with the real DNS of this machine', async () => {
    const running: Running = await startDataProvider({});
    let touched = false;
    const trap = createTcpServer((socket) => {
      touched = true;
      socket.destroy();
    });
    await new Promise<void>((resolve) => trap.listen(0, '127.0.0.1', resolve));
    const hidden = (trap.address() as AddressInfo).port;
    try {
      for (const url of [
        'http://localhost/',
        `http://localhost:${hidden}/`,
        `http://127.0.0.1:${hidden}/`,
        'http://127.0.0.1/',
        'http://[::1]/',
        'http://0.0.0.0/',
        'http://2130706433/',
      ]) {
        const response = await post(running, '/v1/link-previews', { url });
        expect([url, response.status, await response.json()]).toMatchObject([url, 422, { code: 'link-refused' }]);
      }
      expect((await post(running, '/v1/link-previews', { url: ['http://a.example'] })).status).toBe(422);
      expect(touched).toBe(false);
      await expect(running.client.previewLink('http://127.0.0.1/')).rejects.toMatchObject({
        code: 'refused',
        problem: 'link-refused',
      });
      expect(await running.client.capabilities()).toMatchObject({ linkPreviews: true });
    } finally {
      await running.close();
      await new Promise((resolve) => trap.close(resolve));
    }
  });

  test('what production looks names up with knows this machine by its loopback address', async () => {
    expect((await LINK_WAYS.resolve('localhost')).every((address) => ['127.0.0.1', '::1'].includes(address))).toBe(
      true,
    );
  });
});

describe('bounds', () => {
  test('five redirects are followed, six are not', async () => {
    let left = 5;
    answer = (request, response) =>
      left-- > 0
        ? html('', { location: `/${left}` }, 301)(request, response)
        : html('<title>there</title>')(request, response);
    expect(await preview()).toMatchObject({ title: 'there', url: 'http://page.example/0' });
    left = 6;
    await expect(fetchIt('http://page.example/')).rejects.toEqual(refused('link-no-page'));
  });

  test('a huge page is read as far as allowed, and what stands at its top is seen', async () => {
    let sent = 0;
    answer = async (_request, response) => {
      response.writeHead(200, { 'content-type': 'text/html' }).write('<title>Huge</title>');
      while (!response.destroyed && sent < 64_000_000) {
        sent += 65_536;
        if (!response.write('x'.repeat(65_536)))
          await Promise.race([new Promise((go) => response.once('drain', go)), pause(50)]);
      }
      response.end();
    };
    const page = await fetchIt('http://page.example/');
    expect(page.bytes.length).toBe(LINK_BOUNDS.maxBytes);
    expect(previewOf(page).title).toBe('Huge');
    expect(sent).toBeLessThan(32_000_000);
  });

  test.each([
    ['gzip', gzipSync(Buffer.concat([Buffer.from('<title>Bomb</title>'), Buffer.alloc(200_000_000)]))],
    ['br', brotliCompressSync(Buffer.concat([Buffer.from('<title>Bomb</title>'), Buffer.alloc(20_000_000)]))],
  ])('a bomb of %s is unpacked as far as allowed', async (encoding, body) => {
    answer = html(body, { 'content-encoding': encoding });
    const before = process.memoryUsage().arrayBuffers;
    const page = await fetchIt('http://page.example/');
    expect(page.bytes.length).toBe(LINK_BOUNDS.maxBytes);
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(50_000_000);
    expect(previewOf(page).title).toBe('Bomb');
  });

  test.each([
    ['gzip', gzipSync('<title>Packed</title>')],
    ['deflate', deflateSync('<title>Packed</title>')],
    ['BR', brotliCompressSync('<title>Packed</title>')],
  ])('%s is unpacked', async (encoding, body) => {
    answer = html(body, { 'content-encoding': encoding });
    expect((await preview()).title).toBe('Packed');
  });

  test.each(['gzip, gzip', 'compress', 'x'])('packed as %j it is no page', async (encoding) => {
    answer = html('x', { 'content-encoding': encoding });
    await expect(fetchIt('http://page.example/')).rejects.toEqual(refused('link-no-page'));
  });

  test('what is packed wrongly is no page that can be fetched', async () => {
    answer = html('not packed at all', { 'content-encoding': 'gzip' });
    await expect(fetchIt('http://page.example/')).rejects.toEqual(refused('link-unreachable'));
  });

  test.each<[string, () => void]>([
    ['never answers', () => (answer = () => undefined)],
    [
      'stops in the middle',
      () =>
        (answer = (_request, response) =>
          void response.writeHead(200, { 'content-type': 'text/html' }).write('<title>')),
    ],
    [
      'sends a letter now and then',
      () =>
        (answer = async (_request, response) => {
          response.writeHead(200, { 'content-type': 'text/html' });
          while (!response.destroyed) {
            response.write('x');
            await pause(20);
          }
        }),
    ],
    [
      'stops in the middle of what is packed',
      () =>
        (answer = (_request, response) =>
          void response
            .writeHead(200, { 'content-type': 'text/html', 'content-encoding': 'gzip' })
            .write(gzipSync('x').subarray(0, 8))),
    ],
    [
      'leads on slowly',
      () =>
        (answer = (request, response) =>
          void pause(60).then(() => html('', { location: '/' }, 302)(request, response))),
    ],
  ])('a server that %s is left', async (_what, play) => {
    play();
    await expect(fetchIt('http://page.example/', { timeoutMs: 200 })).rejects.toEqual(refused('link-unreachable'));
  });

  test('a DNS that does not answer is left', async () => {
    const silent: LinkWays = { ...ways, resolve: () => new Promise(() => undefined) };
    await expect(fetchPage('http://page.example/', silent, { ...LINK_BOUNDS, timeoutMs: 100 })).rejects.toEqual(
      refused('link-unreachable'),
    );
  });

  test.each([
    [{ 'content-type': 'application/json' }, 200],
    [{ 'content-type': 'image/svg+xml' }, 200],
    [{ 'content-type': 'text/htmlx' }, 200],
    [{ 'content-type': '' }, 200],
    [{}, 404],
    [{}, 500],
    [{}, 204],
    [{}, 206],
    [{}, 304],
  ])('%j with %i is no page', async (headers, status) => {
    answer = html(status === 204 || status === 304 ? '' : 'x', headers as Record<string, string>, status);
    await expect(fetchIt('http://page.example/')).rejects.toEqual(refused('link-no-page'));
  });

  test('nobody is told of anything: no cookies, no referrer, no credentials', async () => {
    answer = (request, response) =>
      request.url === '/'
        ? html(
            '',
            { location: 'http://other.example/next', 'set-cookie': 'a=b; Domain=example' },
            302,
          )(request, response)
        : html('<title>x</title>')(request, response);
    await preview();
    expect(requests.map(({ headers }) => headers.host)).toEqual(['page.example', 'other.example']);
    for (const { headers, method } of requests) {
      expect(method).toBe('GET');
      expect(Object.keys(headers).sort()).toEqual([
        'accept',
        'accept-encoding',
        'accept-language',
        'connection',
        'host',
        'user-agent',
      ]);
    }
  });

  test('https that cannot prove who it is is not read', async () => {
    await expect(fetchIt('https://page.example/')).rejects.toEqual(refused('link-unreachable'));
    expect([dialled, requests]).toEqual([[`${PUBLIC}:443`], []]);
  });
});

describe('what a page says of itself', () => {
  test('The Open Graph protocol first', async () => {
    answer = html(`<!doctype html><html><head>
      <title>Plain title</title>
      <meta name="description" content="Plain description">
      <meta property="og:title" content="Tom &amp; Jerry&#x27;s">
      <meta property="og:description" content="  two
        lines ">
      <meta property="og:site_name" content="Cartoons">
      <meta property="og:image" content="/pictures/a.png?x=1&amp;y=2">
      <link rel="shortcut icon" href="icon.png">
      </head>`);
    expect(await preview('http://page.example/a/b')).toEqual({
      url: 'http://page.example/a/b',
      title: "Tom & Jerry's",
      description: 'two lines',
      siteName: 'Cartoons',
      imageUrl: 'http://page.example/pictures/a.png?x=1&y=2',
      iconUrl: 'http://page.example/a/icon.png',
    });
  });

  test('else what HTML has; a comment or a script says nothing', async () => {
    answer = html(`<!-- <title>no</title> --><script>"<title>no</title>"</script>
      <TITLE>Yes</TITLE><META NAME=Description CONTENT='short'><svg><title>no</title></svg>`);
    expect(await preview()).toMatchObject({ title: 'Yes', description: 'short', siteName: null, imageUrl: null });
  });

  test('nothing at all is no trouble', async () => {
    answer = html('');
    expect(await preview()).toEqual({
      url: 'http://page.example/',
      title: null,
      description: null,
      siteName: null,
      imageUrl: null,
      iconUrl: null,
    });
  });

  test.each([
    'javascript:alert(1)',
    'data:image/png;base64,x',
    'http://127.0.0.1/x.png',
    'http://[::1]/',
    'http://a:b@c.example/',
    'http://x.example:22/',
  ])('a picture at %s is not passed on', async (address) => {
    answer = html(`<meta property="og:image" content="${address}"><link rel=icon href="${address}">`);
    expect(await preview()).toMatchObject({ imageUrl: null, iconUrl: null });
  });

  test('texts are one line of a bounded length, without what turns the direction of writing', async () => {
    answer = html(`<title>${'ä🎉'.repeat(400)}</title><meta name=description content="a\u202eb\u0000c">`);
    const { title, description } = await preview();
    expect([...(title ?? '')]).toHaveLength(300);
    expect(title?.endsWith('…')).toBe(true);
    expect(description).toBe('a b c');
  });

  test.each([
    [
      'by its header',
      { 'content-type': 'text/html; charset=iso-8859-1' },
      Buffer.from('<title>Zürich</title>', 'latin1'),
    ],
    [
      'by its own word',
      { 'content-type': 'text/html' },
      Buffer.from('<meta charset=windows-1252><title>Zürich</title>', 'latin1'),
    ],
    ['by its first bytes', { 'content-type': 'text/html' }, Buffer.from('\ufeff<title>Zürich</title>', 'utf16le')],
    ['unsaid', { 'content-type': 'text/html' }, Buffer.from('<title>Zürich</title>')],
  ])('letters of other encodings, known %s', async (_how, headers, body) => {
    answer = html(body, headers);
    expect((await preview()).title).toBe('Zürich');
  });
});
