import { addDays, day, endOf, startOf } from '@scani/money';
import { expect, test } from 'vitest';
import type { AssetRef } from '../provider.js';
import { lentReply } from '../testing/fixtures.js';
import { defillama } from './defillama.js';

const NOW = '2026-01-03T12:00:00.000Z';
const coins = defillama({ url: 'https://coins.llama.fi' });
const coin = (symbol: string, ...identities: [provider: string, externalId: string][]): AssetRef => ({
  kind: 'crypto',
  symbol,
  identities: identities.map(([provider, externalId]) => ({ provider, externalId })),
});

test.each<[AssetRef, string | undefined]>([
  [coin('BTC'), 'coingecko:bitcoin'],
  [coin('XYZ', ['coingecko', 'some-coin']), 'coingecko:some-coin'],
  [
    coin('USDC', ['defillama', 'ethereum:0xA0b86991c6218b36c1d19D4a2e9Eb0cE3606eB48']),
    'ethereum:0xA0b86991c6218b36c1d19D4a2e9Eb0cE3606eB48',
  ],
  [coin('USDC', ['defillama', 'ethereum/../x']), undefined],
  [coin('NOBODYKNOWS'), undefined],
  [{ ...coin('BTC'), kind: 'stock' }, undefined],
])('the key of %j is %s', (asset, key) => {
  expect(coins.keyOf(asset)).toBe(key);
});

test('one request for many; absent, unsure and late ones have their reasons', async () => {
  const at = Date.parse(NOW) / 1_000 - 60;
  const text = JSON.stringify({
    coins: {
      'coingecko:bitcoin': { price: 1, symbol: 'BTC', timestamp: at, confidence: 0.99 },
      'coingecko:odd': { price: 2, symbol: 'ODD', timestamp: at, confidence: 0.4 },
      'coingecko:free': { price: 0, symbol: 'FREE', timestamp: at },
    },
  }).replace('"price":1,', '"price":87514.123456789012345678,');
  const { lent, asked } = lentReply({ text }, NOW);
  const keys = ['coingecko:bitcoin', 'coingecko:odd', 'coingecko:free', 'coingecko:gone'];
  const outcomes = await coins.currentPrices(keys, lent);
  expect(asked.map(({ url }) => url)).toEqual([
    'https://coins.llama.fi/prices/current/coingecko%3Abitcoin,coingecko%3Aodd,coingecko%3Afree,coingecko%3Agone?searchWidth=4h',
  ]);
  expect(outcomes.get('coingecko:bitcoin')).toMatchObject({ quote: { value: '87514.123456789012345678' } });
  expect(keys.slice(1).map((key) => outcomes.get(key))).toMatchObject([
    { refused: { reason: 'no-price' } },
    { refused: { reason: 'zero-or-negative' } },
    { refused: { reason: 'unknown-asset' } },
  ]);
});

test('points near midnights are closes of the days that they end', async () => {
  const midnight = (text: string) => startOf(day(text)).getTime() / 1_000;
  const prices = [
    { timestamp: midnight('2026-01-01') + 40, price: 10 },
    { timestamp: midnight('2026-01-02') - 90, price: 11 },
    { timestamp: midnight('2026-01-02') + 7_300, price: 99 },
    { timestamp: midnight('2026-01-03') + 5, price: 12 },
  ];
  const text = JSON.stringify({ coins: { 'coingecko:bitcoin': { symbol: 'BTC', confidence: 0.99, prices } } });
  const { lent, asked } = lentReply({ text }, NOW);
  const { quotes } = await coins.priceHistory('coingecko:bitcoin', day('2025-12-31'), day('2026-01-03'), lent);
  expect(quotes.map(({ at, value }) => [at, value])).toEqual([
    [endOf(day('2025-12-31')).toISOString(), '10'],
    [endOf(day('2026-01-01')).toISOString(), '11'],
    [endOf(day('2026-01-02')).toISOString(), '12'],
  ]);
  const query = new URL(asked[0]?.url ?? '').searchParams;
  expect([query.get('start'), query.get('span'), query.get('period')]).toEqual([
    String(midnight('2026-01-01')),
    '3',
    '1d',
  ]);
});

test('a long range is asked for in parts, none longer than the source gives', async () => {
  const { lent, asked } = lentReply({ text: '{"coins":{}}' }, NOW);
  const from = addDays(day('2026-01-02'), -1_200);
  const history = await coins.priceHistory('coingecko:bitcoin', from, day('2026-01-02'), lent);
  expect(asked.map(({ url }) => new URL(url).searchParams.get('span'))).toEqual(['500', '500', '201']);
  expect(history).toMatchObject({ quotes: [], refused: [{ reason: 'unknown-asset' }] });
});

test.each(['{}', '[]', '{"coins":{"coingecko:bitcoin":{}}}'])('%s is not used as a chart', async (text) => {
  const asked = coins.priceHistory(
    'coingecko:bitcoin',
    day('2026-01-01'),
    day('2026-01-02'),
    lentReply({ text }, NOW).lent,
  );
  await expect(asked).rejects.toMatchObject({ code: 'malformed' });
});
