import { day } from '@scani/money';
import { describe, expect, test } from 'vitest';
import type { AssetRef } from '../provider.js';
import { fixture, lentReply } from '../testing/fixtures.js';
import { coingecko } from './coingecko.js';

const NOW = '2026-01-01T12:00:30.000Z';
const free = coingecko({ url: 'https://api.coingecko.com/api/v3' });
const read = (name: string) => fixture(import.meta.url, name);
const coin = (symbol: string, coingeckoId?: string): AssetRef => ({
  kind: 'crypto',
  symbol,
  identities: coingeckoId === undefined ? [] : [{ provider: 'coingecko', externalId: coingeckoId }],
});

describe('which coin is meant', () => {
  test.each([
    ['its own id', coin('PEPE', 'pepe-2-0'), 'pepe-2-0'],
    ['a ticker that everybody understands', coin('btc'), 'bitcoin'],
    ['any other ticker', coin('MOON'), undefined],
    ['an id that could leave the path', coin('X', '../coins/list'), undefined],
    ['a share', { ...coin('BTC'), kind: 'stock' as const }, undefined],
  ])('by %s', (_how, asset, key) => {
    expect(free.keyOf(asset)).toBe(key);
  });
});

describe('current prices', () => {
  const keys = [
    'bitcoin',
    'pepe',
    'worthless-token',
    'tomorrow-token',
    'silent-token',
    'undated-token',
    'null-token',
    'nope',
  ];

  test('each coin has its price or its reason', async () => {
    const { lent, asked } = lentReply({ text: read('simple-price') }, NOW);
    const outcomes = await free.currentPrices(keys, lent);
    expect(outcomes.get('bitcoin')).toEqual({
      quote: { value: '93412.07123456789', currency: 'USD', at: '2026-01-01T12:00:00.000Z', granularity: 'intraday' },
    });
    expect(outcomes.get('pepe')).toMatchObject({ quote: { value: '0.0000047101' } });
    const reasons = keys.slice(2).map((key) => {
      const outcome = outcomes.get(key);
      return outcome && 'refused' in outcome ? outcome.refused.reason : 'priced';
    });
    expect(reasons).toEqual([
      'zero-or-negative',
      'from-the-future',
      'no-price',
      'bad-answer',
      'no-price',
      'unknown-asset',
    ]);
    const url = new URL(asked[0]?.url ?? '');
    expect(url.pathname).toBe('/api/v3/simple/price');
    expect(url.searchParams.get('ids')).toBe(keys.join(','));
    expect(asked).toHaveLength(1);
  });

  test.each([
    ['https://api.coingecko.com/api/v3', 'x-cg-demo-api-key'],
    ['https://pro-api.coingecko.com/api/v3', 'x-cg-pro-api-key'],
  ])('a key for %s travels as %s', async (url, header) => {
    const { lent, asked } = lentReply({ text: '{}' }, NOW);
    await coingecko({ url, apiKey: 'k3y' }).currentPrices(['bitcoin'], lent);
    expect(asked[0]?.headers?.[header]).toBe('k3y');
  });

  test.each([
    [
      { status: 429, headers: { 'retry-after': '7' } },
      { code: 'limited', retryAfterSeconds: 7 },
    ],
    [
      { status: 429, headers: { 'retry-after': 'Thu, 01 Jan 2026 12:01:00 GMT' } },
      { code: 'limited', retryAfterSeconds: 30 },
    ],
    [{ status: 401, text: '{"status":{"error_code":10002}}' }, { code: 'unauthorized' }],
    [{ status: 503, text: '<html>' }, { code: 'failed' }],
    [{ status: 200, text: '{"bitcoin":' }, { code: 'malformed' }],
    [{ status: 200, text: '[]' }, { code: 'malformed' }],
  ])('%j fails the whole batch', async (reply, error) => {
    await expect(free.currentPrices(['bitcoin'], lentReply(reply, NOW).lent)).rejects.toMatchObject(error);
  });
});

describe('history', () => {
  test('a point at midnight closes the day before; the running day is left out', async () => {
    const { lent } = lentReply({ text: read('market-chart-range-daily') }, NOW);
    const history = await free.priceHistory('bitcoin', day('2025-12-29'), day('2026-01-01'), lent);
    expect(history.quotes.map((quote) => [quote.at, quote.value])).toEqual([
      ['2025-12-29T23:59:59.999Z', '88430.135'],
      ['2025-12-30T23:59:59.999Z', '87120.5'],
      ['2025-12-31T23:59:59.999Z', '87508.83049347'],
    ]);
  });

  test('from hourly points the last of the day closes it, and days around are not taken along', async () => {
    const { lent } = lentReply({ text: read('market-chart-range-hourly') }, NOW);
    const history = await free.priceHistory('bitcoin', day('2025-12-30'), day('2025-12-31'), lent);
    expect(history.quotes.map((quote) => [quote.at.slice(0, 10), quote.value])).toEqual([
      ['2025-12-30', '87100.2'],
      ['2025-12-31', '87400.4'],
    ]);
  });

  test('days beyond the free year are not covered', async () => {
    const { lent } = lentReply({ status: 401, text: read('error-range') }, NOW);
    const asking = free.priceHistory('bitcoin', day('2024-01-01'), day('2024-01-02'), lent);
    await expect(asking).rejects.toMatchObject({ code: 'not-covered' });
    expect(free.historyDays).toBe(364);
  });

  test('an unknown id is a reason, not an error', async () => {
    const { lent } = lentReply({ status: 404, text: '{"error":"coin not found"}' }, NOW);
    const history = await free.priceHistory('nope', day('2025-12-30'), day('2025-12-31'), lent);
    expect(history).toMatchObject({ quotes: [], refused: [{ reason: 'unknown-asset' }] });
  });
});

test('search: the coin that owns its ticker has the common segment, namesakes their own', async () => {
  const { lent } = lentReply({ text: read('search') }, NOW);
  expect(await free.searchAssets('pepe', lent)).toEqual([
    {
      provider: 'coingecko',
      externalId: 'pepe',
      symbol: 'PEPE',
      name: 'Pepe',
      kind: 'crypto',
      marketSegment: 'crypto',
    },
    {
      provider: 'coingecko',
      externalId: 'pepe-2-0',
      symbol: 'PEPE',
      name: 'Pepe 2.0',
      kind: 'crypto',
      marketSegment: 'pepe-2-0',
    },
  ]);
});
