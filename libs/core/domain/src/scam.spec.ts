import fc from 'fast-check';
import { expect, test } from 'vitest';
import { SCAM_LIMIT } from './constants.js';
import { scamProbability, shownName, shownSymbol, skeletonOf } from './scam.js';

const token = { symbol: 'ABC', name: 'A token', listed: false, priced: false, wanted: true };
const isLeftOut = (facts: Partial<typeof token>): boolean => scamProbability({ ...token, ...facts }).gte(SCAM_LIMIT);

test.each([
  ['a link in its name', { name: 'Visit https://claim.example to get it' }],
  ['a bare domain', { symbol: 'usd-gift.xyz' }],
  ['a domain with a dot of another script', { name: 'pool․com rewards' }],
  ['a domain with something invisible in it', { name: 'po\u200Bol.c\u200Dom' }],
  ['a channel', { name: 'join t.me/lucky' }],
  ['an invitation', { name: 'Reward for holders' }],
  ['an amount of money', { symbol: '$ 5000' }],
  ['the symbol of a well-known coin', { symbol: 'USDT' }],
  ['the same in Cyrillic', { symbol: 'UЅDТ' }],
  ['the same in Greek', { symbol: 'ΕΤΗ' }],
  ['the same with something invisible', { symbol: 'U\u200BSDC' }],
  ['the same in full width', { symbol: 'ＵＳＤＣ' }],
  ['the same with a zero', { symbol: 'T0N' }],
  ['having come unasked', { wanted: false }],
])('%s leaves a token out', (_, facts) => {
  expect(isLeftOut(facts)).toBe(true);
  expect(isLeftOut({ ...facts, listed: true })).toBe(false);
});

test.each(['The Graph', 'Compound Dai', 'Freeway Token', 'St. Petersburg 2.0', 'Giftedness', 'USD Base Coin'])(
  '%s is an ordinary name',
  (name) => expect(isLeftOut({ name })).toBe(false),
);

test.each([
  [{ symbol: 'USDC' }, false],
  [{ wanted: false }, false],
  [{ name: 'visit lure.xyz' }, true],
])('%j that somebody has a price for: left out is %s', (facts, left) =>
  expect(isLeftOut({ ...facts, priced: true })).toBe(left),
);

test('two spellings that look the same have one skeleton', () => {
  expect(skeletonOf('ꓴꓢꓓꓔ')).toBe('USDT');
  expect(skeletonOf('Ｅｔʜ')).toBe(skeletonOf('Ｅｔʜ'.normalize('NFKD')));
});

test('whatever a contract says, what is shown is one line without tricks, and short', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 400 }), (said) => {
      const name = shownName(said);
      expect([...name].length).toBeLessThanOrEqual(120);
      expect(name).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u);
      expect(shownName(name)).toBe(name);
      expect(shownSymbol(said)).not.toBe('');
    }),
  );
  expect(shownName('safe\u202Eevil\u0007\n token')).toBe('safeevil token');
});
