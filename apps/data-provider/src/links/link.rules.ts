import { Invalid } from '@scani/runtime';
import { isIP } from 'node:net';
import { isPublicAddress } from './public-address.js';

export const LONGEST_URL = 2_000;

/** Nothing is told of what a name leads to, or whether it leads anywhere: that would be a map of our own network. */
export const refusedLink = (detail: string): Invalid =>
  new Invalid('link-refused', detail, [{ pointer: '/url', detail }]);

export const NOT_PUBLIC = 'The address does not lead to a public server.';

/**
 * What may be fetched, before any name is looked up. The parser is the one of browsers (WHATWG), so 0x7f.1, 2130706433 and
 * 0177.0.0.1 are 127.0.0.1 here, and zones of IPv6 are no address.
 */
export function checkedUrl(text: string, base?: URL): URL {
  if (text.length > LONGEST_URL || !URL.canParse(text, base?.href))
    throw refusedLink('This is not the address of a page.');
  const url = new URL(text, base?.href);
  if (url.protocol !== 'http:' && url.protocol !== 'https:') throw refusedLink('Only http and https are fetched.');
  if (url.username !== '' || url.password !== '')
    throw refusedLink('An address with a user or password is not fetched.');
  // The parser leaves out the port that belongs to the protocol.
  if (url.port !== '') throw refusedLink('Only the usual ports are fetched.');
  const host = hostOf(url);
  if (isIP(host) !== 0 && !isPublicAddress(host)) throw refusedLink(NOT_PUBLIC);
  return url;
}

/** Without the brackets of IPv6. */
export const hostOf = (url: URL): string => url.hostname.replace(/^\[(.*)\]$/, '$1');
