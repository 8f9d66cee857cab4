import { day, decimal } from '@scani/money';
import { expect, test } from 'vitest';
import type { AssetKind } from '../provider.js';
import { fixture, lentReply } from '../testing/fixtures.js';
import { frankfurter } from './frankfurter.js';

const NOW = '2026-01-01T12:00:00.000Z';
const rates = frankfurter({ url: 'https://api.frankfurter.dev/v1' });
const read = (name: string) => fixture(import.meta.url, name);

test.each<[AssetKind, string, string | undefined]>([
  ['fiat', 'EUR', 'EUR'],
  ['fiat', 'USD', undefined],
  ['fiat', 'euro', undefined],
  ['crypto', 'EUR', undefined],
])('the key of %s %s is %s', (kind, symbol, key) => {
  expect(rates.keyOf({ kind, symbol, identities: [] })).toBe(key);
});

test('one request prices any number of currencies in dollars', async () => {
  const { lent, asked } = lentReply({ text: read('latest') }, NOW);
  const outcomes = await rates.currentPrices(['EUR', 'GBP', 'JPY', 'XYZ'], lent);
  expect(asked.map((each) => each.url)).toEqual([
    'https://api.frankfurter.dev/v1/latest?symbols=GBP%2CJPY%2CXYZ%2CUSD',
  ]);
  const at = { currency: 'USD', at: '2025-12-31T14:00:00.000Z', granularity: 'daily' };
  expect(outcomes.get('EUR')).toEqual({ quote: { value: '1.175', ...at } });
  expect(outcomes.get('GBP')).toEqual({ quote: { value: '1.34655053862', ...at } });
  expect(outcomes.get('JPY')).toEqual({ quote: { value: '0.00638274756912', ...at } });
  expect(outcomes.get('XYZ')).toMatchObject({ refused: { reason: 'unknown-asset' } });
});

test('a cross rate turns back into the published one', async () => {
  const { lent } = lentReply({ text: read('latest') }, NOW);
  const outcome = (await rates.currentPrices(['JPY'], lent)).get('JPY');
  const value = outcome && 'quote' in outcome ? outcome.quote.value : '0';
  expect(decimal('1.175').div(decimal(value)).toSignificantDigits(5).toFixed()).toBe('184.09');
});

test('a series without the day before it, which nobody asked for', async () => {
  const { lent, asked } = lentReply({ text: read('series') }, NOW);
  const history = await rates.priceHistory('EUR', day('2025-12-27'), day('2025-12-30'), lent);
  expect(asked[0]?.url).toBe('https://api.frankfurter.dev/v1/2025-12-27..2025-12-30?symbols=USD');
  expect(history.quotes.map((quote) => [quote.at, quote.value])).toEqual([
    ['2025-12-29T14:00:00.000Z', '1.1766'],
    ['2025-12-30T14:00:00.000Z', '1.1757'],
  ]);
});

test('nothing known: every currency has its reason', async () => {
  const { lent } = lentReply({ status: 404, text: '{"message":"not found"}' }, NOW);
  expect((await rates.currentPrices(['XYZ'], lent)).get('XYZ')).toMatchObject({ refused: { reason: 'unknown-asset' } });
  expect(await rates.priceHistory('XYZ', day('2025-12-27'), day('2025-12-30'), lent)).toMatchObject({ quotes: [] });
});

test.each([
  ['another base', '{"amount":1,"base":"USD","date":"2025-12-31","rates":{"EUR":0.85}}'],
  ['no day', '{"amount":1,"base":"EUR","rates":{"USD":1.1}}'],
  ['no rates', '{"amount":1,"base":"EUR","date":"2025-12-31"}'],
])('an answer with %s is not used', async (_what, text) => {
  await expect(rates.currentPrices(['EUR'], lentReply({ text }, NOW).lent)).rejects.toMatchObject({
    code: 'malformed',
  });
});

test('a rate of zero is refused', async () => {
  const { lent } = lentReply({ text: read('latest').replace('184.09', '0') }, NOW);
  expect((await rates.currentPrices(['JPY'], lent)).get('JPY')).toMatchObject({
    refused: { reason: 'zero-or-negative' },
  });
});
