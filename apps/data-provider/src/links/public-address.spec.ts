import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { checkedUrl } from './link.rules.js';
import { isPublicAddress } from './public-address.js';

const INSIDE = [
  ['this network', '0.0.0.0'],
  ['this network', '0.1.2.3'],
  ['private', '10.0.0.1'],
  ['private', '172.16.0.1'],
  ['private', '172.31.255.255'],
  ['private', '192.168.1.1'],
  ['CGNAT', '100.64.0.1'],
  ['CGNAT', '100.127.255.255'],
  ['loopback', '127.0.0.1'],
  ['loopback', '127.255.255.254'],
  ['link-local, metadata of clouds', '169.254.169.254'],
  ['IETF', '192.0.0.1'],
  ['metadata of a cloud', '192.0.0.192'],
  ['documentation', '192.0.2.1'],
  ['documentation', '198.51.100.7'],
  ['documentation', '203.0.113.9'],
  ['6to4 relays', '192.88.99.1'],
  ['benchmarks', '198.18.0.1'],
  ['benchmarks', '198.19.255.255'],
  ['multicast', '224.0.0.1'],
  ['multicast', '239.255.255.250'],
  ['reserved', '240.0.0.1'],
  ['broadcast', '255.255.255.255'],
  ['unspecified', '::'],
  ['loopback', '::1'],
  ['mapped', '::ffff:127.0.0.1'],
  ['mapped', '::ffff:8.8.8.8'],
  ['mapped, in hex', '::ffff:a00:1'],
  ['translated', '::ffff:0:127.0.0.1'],
  ['compatible', '::127.0.0.1'],
  ['NAT64', '64:ff9b::7f00:1'],
  ['NAT64', '64:ff9b::8.8.8.8'],
  ['local NAT64', '64:ff9b:1::a00:1'],
  ['6to4', '2002:7f00:1::1'],
  ['6to4', '2002:a00:1::'],
  ['Teredo', '2001:0:4136:e378:8000:63bf:3fff:fdd2'],
  ['documentation', '2001:db8::1'],
  ['documentation', '3fff::1'],
  ['ORCHID', '2001:20::1'],
  ['benchmarks', '2001:2::1'],
  ['discard', '100::1'],
  ['unique local', 'fc00::1'],
  ['unique local, metadata', 'fd00:ec2::254'],
  ['link-local', 'fe80::1'],
  ['with a zone', 'fe80::1%eth0'],
  ['public with a zone', '2606:4700::1111%eth0'],
  ['site-local', 'fec0::1'],
  ['multicast', 'ff02::1'],
  ['of no use', '4000::1'],
] as const;

test.each(INSIDE)('%s: %s is not public', (_what, address) => {
  expect(isPublicAddress(address)).toBe(false);
});

test.each([
  '1.1.1.1',
  '8.8.8.8',
  '93.184.215.14',
  '100.63.255.255',
  '100.128.0.1',
  '172.15.0.1',
  '172.32.0.1',
  '2606:4700::1111',
  '2a00:1450:4001:81b::200e',
])('%s is', (address) => {
  expect(isPublicAddress(address)).toBe(true);
});

test.each(['', 'example.org', '1.1.1', '256.1.1.1', '[::1]', '1.1.1.1 ', 'localhost'])('%j is no address', (text) => {
  expect(isPublicAddress(text)).toBe(false);
});

describe('however it is written', () => {
  const written = [
    'http://127.1/',
    'http://0x7f.1/',
    'http://0x7f000001/',
    'http://2130706433/',
    'http://017700000001/',
    'http://0177.0.0.1/',
    'http://127.0.0.1./',
    'http://１２７.０.０.１/',
    'http://①②⑦.⓪.⓪.①/',
    'http://%31%32%37.0.0.1/',
    'http://0/',
    'http://[::1]/',
    'http://[::ffff:127.0.0.1]/',
    'http://[::ffff:7f00:1]/',
    'http://[64:ff9b::169.254.169.254]/',
    'http://2852039166/latest/meta-data/',
    'http://[fe80::1%25eth0]/',
    'http://[2606:4700::1111%25eth0]/',
    'https:127.0.0.1',
    'http:\\\\127.0.0.1\\',
    'http://169.254.169.254/latest/',
  ];
  test.each(written)('%s is refused', (url) => {
    expect(() => checkedUrl(url)).toThrow(expect.objectContaining({ code: 'link-refused' }) as Error);
  });

  test('no way of writing a private IPv4 address gets through', () => {
    const inside = fc.oneof(
      fc.integer({ min: 0x0a000000, max: 0x0affffff }),
      fc.integer({ min: 0x7f000000, max: 0x7fffffff }),
      fc.integer({ min: 0xac100000, max: 0xac1fffff }),
      fc.integer({ min: 0xc0a80000, max: 0xc0a8ffff }),
      fc.integer({ min: 0xa9fe0000, max: 0xa9feffff }),
      fc.integer({ min: 0x64400000, max: 0x647fffff }),
    );
    const radix = fc.constantFrom(
      (part: number) => String(part),
      (part: number) => `0x${part.toString(16)}`,
      (part: number) => `0${part.toString(8)}`,
    );
    fc.assert(
      fc.property(
        inside,
        fc.integer({ min: 1, max: 4 }),
        fc.array(radix, { minLength: 4, maxLength: 4 }),
        (ip, count, ways) => {
          const heads = Array.from({ length: count - 1 }, (_, at) => (ip >>> (24 - 8 * at)) & 255);
          const last = count === 1 ? ip : ip % 2 ** (32 - 8 * (count - 1));
          const host = [...heads, last].map((part, at) => ways[at]?.(part)).join('.');
          expect(() => checkedUrl(`http://${host}/`)).toThrow(
            expect.objectContaining({ code: 'link-refused' }) as Error,
          );
        },
      ),
      { numRuns: 2_000 },
    );
  });
});

test.each([
  'ftp://example.org/',
  'file:///etc/passwd',
  'gopher://example.org/',
  'data:text/html,x',
  'javascript:alert(1)',
  'blob:https://example.org/x',
  '//example.org/',
  '/etc/passwd',
  '',
  'http://',
  'http://example.org:22/',
  'http://example.org:443/',
  'https://example.org:80/',
  'http://example.org:8080/',
  'http://user@example.org/',
  'http://user:password@example.org/',
  'http://:password@example.org/',
  'http://a b/',
  `https://example.org/${'x'.repeat(2_000)}`,
])('%s is not fetched', (url) => {
  expect(() => checkedUrl(url)).toThrow(expect.objectContaining({ code: 'link-refused' }) as Error);
});

test.each(['http://example.org', 'https://example.org:443/a?b#c', 'HTTP://EXAMPLE.org:80/', 'https://bücher.example/'])(
  '%s is',
  (url) => {
    expect(checkedUrl(url).protocol).toMatch(/^https?:$/);
  },
);
