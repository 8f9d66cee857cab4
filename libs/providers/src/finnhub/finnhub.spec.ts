import { day } from '@scani/money';
import { expect, test } from 'vitest';
import type { AssetRef } from '../provider.js';
import { lentReply } from '../testing/fixtures.js';
import { finnhub } from './finnhub.js';

const NOW = '2026-01-03T12:00:00.000Z';
const shares = finnhub({ url: 'https://finnhub.io/api/v1', apiKey: 'a-key' });
const share = (provider: string, externalId: string): AssetRef => ({
  kind: 'stock',
  symbol: externalId,
  identities: [{ provider, externalId }],
});

test.each<[string, string, string | undefined]>([
  ['yahoo', 'AAPL', 'AAPL'],
  ['yahoo', 'BRK-B', 'BRK.B'],
  ['yahoo', 'SAP.DE', undefined],
  ['yahoo', '^GSPC', undefined],
  ['finnhub', 'MSFT', 'MSFT'],
])('the key of %s %s is %s', (provider, id, key) => {
  expect(shares.keyOf(share(provider, id))).toBe(key);
});

test('without a key nothing is asked', () => {
  expect(finnhub({ url: 'https://finnhub.io/api/v1' }).keyOf(share('yahoo', 'AAPL'))).toBeUndefined();
});

test('the last trade, with the key in a header and not in the address', async () => {
  const text = '{"c":261.740,"d":-1.2,"dp":-0.4,"h":263.3,"l":260.6,"o":261.0,"pc":259.4,"t":1767387600}';
  const { lent, asked } = lentReply({ text }, NOW);
  expect((await shares.currentPrices(['AAPL'], lent)).get('AAPL')).toEqual({
    quote: { value: '261.74', currency: 'USD', at: '2026-01-02T21:00:00.000Z', granularity: 'intraday' },
  });
  expect(asked[0]).toMatchObject({
    url: 'https://finnhub.io/api/v1/quote?symbol=AAPL',
    headers: { 'x-finnhub-token': 'a-key' },
  });
});

test('zeros mean that it does not know the symbol', async () => {
  const { lent } = lentReply({ text: '{"c":0,"d":null,"dp":null,"h":0,"l":0,"o":0,"pc":0,"t":0}' }, NOW);
  expect((await shares.currentPrices(['NOSUCH'], lent)).get('NOSUCH')).toMatchObject({
    refused: { reason: 'unknown-asset' },
  });
});

test('candles are closes of their days, the unfinished one is left out', async () => {
  const at = (text: string) => Date.parse(`${text}T00:00:00Z`) / 1_000;
  const text = `{"s":"ok","c":[259.40,261.74,262.01],"t":[${at('2026-01-01')},${at('2026-01-02')},${at('2026-01-03')}]}`;
  const { lent } = lentReply({ text }, NOW);
  const { quotes } = await shares.priceHistory('AAPL', day('2026-01-01'), day('2026-01-03'), lent);
  expect(quotes.map((quote) => [quote.at.slice(0, 10), quote.value])).toEqual([
    ['2026-01-01', '259.4'],
    ['2026-01-02', '261.74'],
  ]);
});

test.each([
  [403, 'not-covered'],
  [401, 'unauthorized'],
  [429, 'limited'],
  [500, 'failed'],
])('status %i is %s', async (status, code) => {
  const { lent } = lentReply({ status, text: '{"error":"no"}' }, NOW);
  await expect(shares.priceHistory('AAPL', day('2026-01-01'), day('2026-01-02'), lent)).rejects.toMatchObject({ code });
  expect((await shares.currentPrices(['AAPL'], lent)).get('AAPL')).toMatchObject({ refused: { reason: code } });
});

test.each(['{"s":"ok","c":[1],"t":[]}', '{"c":[1],"t":[1]}', '[]'])('candles like %s are not used', async (text) => {
  const asked = shares.priceHistory('AAPL', day('2026-01-01'), day('2026-01-02'), lentReply({ text }, NOW).lent);
  await expect(asked).rejects.toMatchObject({ code: 'malformed' });
});
