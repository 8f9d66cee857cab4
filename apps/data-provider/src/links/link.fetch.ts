import { Invalid, noteEgress, Unavailable } from '@scani/runtime';
import { AsyncResource } from 'node:async_hooks';
import { lookup } from 'node:dns/promises';
import http, { type ClientRequest, type IncomingMessage } from 'node:http';
import https from 'node:https';
import { connect, isIP, type Socket } from 'node:net';
import type { Readable } from 'node:stream';
import { connect as secured } from 'node:tls';
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib';
import { checkedUrl, hostOf, NOT_PUBLIC, refusedLink } from './link.rules.js';
import { isPublicAddress } from './public-address.js';

/** How names are looked up and connections are made; tests lead public addresses to servers of their own. */
export interface LinkWays {
  resolve(host: string): Promise<readonly string[]>;
  connect(address: string, port: number): Socket;
}

export interface LinkBounds {
  /** From the first lookup to the last byte, with all redirects. */
  readonly timeoutMs: number;
  /** Of the page, unpacked and packed; what is longer is cut there, since what is looked for stands at the top. */
  readonly maxBytes: number;
  readonly redirects: number;
}

export const LINK_WAYS: LinkWays = {
  resolve: async (host) => (await lookup(host, { all: true, verbatim: true })).map(({ address }) => address),
  connect: (host, port) => connect({ host, port }),
};

export const LINK_BOUNDS: LinkBounds = { timeoutMs: 5_000, maxBytes: 512 * 1_024, redirects: 5 };

export interface FetchedPage {
  /** Where the redirects ended. */
  readonly url: URL;
  readonly bytes: Buffer;
  readonly contentType: string;
}

const PORTS: Readonly<Record<string, number>> = { 'http:': 80, 'https:': 443 };
const PAGES = /^(?:text\/html|application\/xhtml\+xml)\s*(?:;|$)/i;
const MOVED = new Set([301, 302, 303, 307, 308]);
const HEADERS = {
  accept: 'text/html,application/xhtml+xml',
  'accept-encoding': 'gzip, deflate, br',
  'accept-language': 'en',
  'user-agent': 'Scani-LinkPreview',
};

/** Fetches a page of the open internet for somebody who must not reach anything else with it. */
export async function fetchPage(
  text: string,
  ways: LinkWays = LINK_WAYS,
  bounds: LinkBounds = LINK_BOUNDS,
): Promise<FetchedPage> {
  const signal = AbortSignal.timeout(bounds.timeoutMs);
  let url = checkedUrl(text);
  try {
    for (let moves = 0; ; moves += 1) {
      const response = await open(url, await addressOf(url, ways, signal), ways, signal);
      const location = MOVED.has(response.statusCode ?? 0) ? response.headers.location : undefined;
      if (location === undefined) return await pageOf(url, response, bounds);
      response.destroy();
      if (moves >= bounds.redirects) throw noPage('The page leads on and on.');
      url = checkedUrl(location, url);
    }
  } catch (error) {
    if (error instanceof Invalid) throw error;
    throw new Unavailable(
      'link-unreachable',
      signal.aborted ? 'The page took too long.' : 'The page could not be fetched.',
    );
  }
}

/** Looked up once: the very address that was checked is connected to, so that a second answer of its DNS changes nothing. */
async function addressOf(url: URL, ways: LinkWays, signal: AbortSignal): Promise<string> {
  const host = hostOf(url);
  if (isIP(host) !== 0) return host;
  const addresses = await Promise.race([ways.resolve(host).catch(() => []), aborted(signal)]);
  const [first] = addresses;
  // One private address among public ones is a name that plays games.
  if (first === undefined || !addresses.every(isPublicAddress)) throw refusedLink(NOT_PUBLIC);
  return first;
}

function open(url: URL, address: string, ways: LinkWays, signal: AbortSignal): Promise<IncomingMessage> {
  const host = hostOf(url);
  const dial = (): Socket => {
    const socket = ways.connect(address, PORTS[url.protocol] ?? 0);
    if (url.protocol === 'http:') return socket;
    return secured({ socket, host, ...(isIP(host) === 0 ? { servername: host } : {}), ALPNProtocols: ['http/1.1'] });
  };
  const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
  // With a connection of its own there is no agent, so none that was opened for another address is used again.
  const asked = (url.protocol === 'http:' ? http : https)
    .get(url, {
      createConnection: dial,
      defaultPort: PORTS[url.protocol],
      headers: HEADERS,
      signal,
      maxHeaderSize: 32_768,
    })
    .on('response', resolve)
    .on('error', reject);
  noteWhenOver(asked, url, promise);
  return promise;
}

function noteWhenOver(asked: ClientRequest, url: URL, answer: Promise<IncomingMessage>): void {
  const at = new Date();
  let status: number | null = null;
  answer.then(
    ({ statusCode }) => (status = statusCode ?? null),
    () => undefined,
  );
  const note = (): void => {
    const { bytesWritten = 0, bytesRead = 0 } = asked.socket ?? {};
    noteEgress({
      at,
      host: url.host,
      purpose: 'previews',
      status,
      sentBytes: bytesWritten,
      receivedBytes: bytesRead,
      ms: Date.now() - at.getTime(),
    });
  };
  // A socket ends in nobody's name.
  asked.on('close', AsyncResource.bind(note));
}

async function pageOf(url: URL, response: IncomingMessage, bounds: LinkBounds): Promise<FetchedPage> {
  try {
    const contentType = response.headers['content-type'] ?? '';
    if (response.statusCode !== 200) throw noPage(`The page answered with ${response.statusCode}.`);
    if (!PAGES.test(contentType)) throw noPage('This is not a page of HTML.');
    return { url, contentType, bytes: await firstBytes(response, bounds.maxBytes) };
  } finally {
    response.destroy();
  }
}

/** At most so many bytes, packed or not; the signal of the request ends the response too. */
async function firstBytes(response: IncomingMessage, most: number): Promise<Buffer> {
  const unpacked = unpackedOf(response);
  let packedBytes = 0;
  if (unpacked !== response) {
    response.on('data', (chunk: Buffer) => {
      packedBytes += chunk.length;
      if (packedBytes > most) unpacked.destroy(new TooMuch());
    });
    response.on('error', (error) => unpacked.destroy(error));
  }
  const chunks: Buffer[] = [];
  let bytes = 0;
  try {
    for await (const chunk of unpacked as AsyncIterable<Buffer>) {
      chunks.push(chunk);
      bytes += chunk.length;
      if (bytes >= most) break;
    }
  } catch (error) {
    // What was unpacked until then may be enough.
    if (!(error instanceof TooMuch)) throw error;
  } finally {
    unpacked.destroy();
  }
  return Buffer.concat(chunks).subarray(0, most);
}

class TooMuch extends Error {}

function unpackedOf(response: IncomingMessage): Readable {
  switch (response.headers['content-encoding']?.trim().toLowerCase() ?? 'identity') {
    case 'identity':
    case '':
      return response;
    case 'gzip':
    case 'x-gzip':
      return response.pipe(createGunzip());
    case 'deflate':
      return response.pipe(createInflate());
    case 'br':
      return response.pipe(createBrotliDecompress());
    default:
      throw noPage('The page is packed in a way that is not known here.');
  }
}

const noPage = (detail: string): Invalid => new Invalid('link-no-page', detail, [{ pointer: '/url', detail }]);

function aborted(signal: AbortSignal): Promise<never> {
  const { promise, reject } = Promise.withResolvers<never>();
  const stop = (): void => reject(new Error('too late'));
  if (signal.aborted) stop();
  else signal.addEventListener('abort', stop, { once: true });
  // Nobody may be listening by the time that it is over.
  promise.catch(() => undefined);
  return promise;
}
