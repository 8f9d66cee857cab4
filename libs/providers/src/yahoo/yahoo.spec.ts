import { day } from '@scani/money';
import { describe, expect, test } from 'vitest';
import type { AssetRef } from '../provider.js';
import { fixture, lentReply } from '../testing/fixtures.js';
import { yahoo } from './yahoo.js';

const NOW = '2026-01-01T12:00:00.000Z';
const shares = yahoo({ url: 'https://query1.finance.yahoo.com' });
const read = (name: string) => fixture(import.meta.url, name);
const asset = (kind: AssetRef['kind'], symbol: string, ...identities: [string, string][]): AssetRef => ({
  kind,
  symbol,
  identities: identities.map(([provider, externalId]) => ({ provider, externalId })),
});

test.each<[AssetRef, string | undefined]>([
  [asset('stock', 'AAPL'), 'AAPL'],
  [asset('stock', 'VUSA', ['yahoo', 'VUSA.L']), 'VUSA.L'],
  [asset('crypto', 'BTC'), 'BTC-USD'],
  [asset('crypto', 'BTC', ['coingecko', 'bitcoin']), 'BTC-USD'],
  [asset('crypto', 'BTC', ['coingecko', 'batcat']), undefined],
  [asset('crypto', 'MOON'), undefined],
  [asset('fiat', 'EUR'), 'EURUSD=X'],
  [asset('fiat', 'USD'), undefined],
  [asset('stock', 'A/../B'), undefined],
  [asset('private', 'HOUSE'), undefined],
])('the symbol of %j is %s', (ref, symbol) => {
  expect(shares.keyOf(ref)).toBe(symbol);
});

describe('current prices', () => {
  test('pence become pounds, exactly', async () => {
    const { lent, asked } = lentReply({ text: read('chart-london-pence') }, NOW);
    expect((await shares.currentPrices(['OCDO.L'], lent)).get('OCDO.L')).toEqual({
      quote: { value: '2.346', currency: 'GBP', at: '2025-12-31T16:30:00.000Z', granularity: 'intraday' },
    });
    expect(new URL(asked[0]?.url ?? '').pathname).toBe('/v8/finance/chart/OCDO.L');
  });

  test.each([
    ['chart-without-market', 200, 'no-price'],
    ['chart-not-found', 404, 'unknown-asset'],
  ])('%s is a reason', async (name, status, reason) => {
    const { lent } = lentReply({ status, text: read(name) }, NOW);
    expect((await shares.currentPrices(['X'], lent)).get('X')).toMatchObject({ refused: { reason } });
  });

  test('the trouble of one symbol stays with it', async () => {
    const good = lentReply({ text: read('chart-london-pence') }, NOW);
    const busy = lentReply({ status: 429, text: 'Too Many Requests\r\n', headers: { 'retry-after': '9' } }, NOW);
    const http: typeof good.lent.http = (request) =>
      request.url.includes('BUSY') ? busy.lent.http(request) : good.lent.http(request);
    const outcomes = await shares.currentPrices(['OCDO.L', 'BUSY'], { ...good.lent, http });
    expect(outcomes.get('OCDO.L')).toHaveProperty('quote');
    expect(outcomes.get('BUSY')).toMatchObject({ refused: { reason: 'limited', retryAfterSeconds: 9 } });
  });

  test.each(['{}', '{"chart":{"result":[]}}', '{"chart":{"result":[{}]}}'])('%s is malformed', async (text) => {
    const outcome = (await shares.currentPrices(['X'], lentReply({ text }, NOW).lent)).get('X');
    expect(outcome).toMatchObject({ refused: { reason: 'malformed' } });
  });
});

describe('history', () => {
  test('Sydney opens on the UTC day before, and a day without close is absent', async () => {
    const { lent } = lentReply({ text: read('chart-sydney-with-gap') }, NOW);
    const history = await shares.priceHistory('BHP.AX', day('2025-12-29'), day('2025-12-31'), lent);
    expect(history.quotes.map((quote) => [quote.at, quote.value])).toEqual([
      ['2025-12-29T05:00:00.000Z', '45.11000061035156'],
      ['2025-12-31T05:00:00.000Z', '45.599998474121094'],
    ]);
  });

  test('a session that is still running has no close', async () => {
    const { lent } = lentReply({ text: read('chart-new-york-running') }, '2026-01-02T16:00:00.000Z');
    const history = await shares.priceHistory('AAPL', day('2025-12-30'), day('2026-01-02'), lent);
    expect(history.quotes.map((quote) => quote.at)).toEqual(['2025-12-30T21:00:00.000Z', '2025-12-31T21:00:00.000Z']);
  });

  test('closes in pence become pounds', async () => {
    const { lent } = lentReply({ text: read('chart-london-pence') }, NOW);
    const history = await shares.priceHistory('OCDO.L', day('2025-12-30'), day('2025-12-31'), lent);
    expect(history.quotes.map((quote) => [quote.value, quote.currency])).toEqual([
      ['2.333000030517578', 'GBP'],
      ['2.3460000610351562', 'GBP'],
    ]);
  });

  test('a symbol without a market has an empty one', async () => {
    const { lent } = lentReply({ text: read('chart-without-market') }, NOW);
    const history = await shares.priceHistory('QUIET', day('2025-12-30'), day('2025-12-31'), lent);
    expect(history).toEqual({ quotes: [], refused: [] });
  });
});

test('search: shares and funds; futures and companies without a symbol are left out', async () => {
  const { lent } = lentReply({ text: read('search') }, NOW);
  expect(await shares.searchAssets('apple', lent)).toEqual([
    {
      provider: 'yahoo',
      externalId: 'AAPL',
      symbol: 'AAPL',
      name: 'Apple Inc.',
      kind: 'stock',
      marketSegment: 'NASDAQ',
    },
    {
      provider: 'yahoo',
      externalId: 'APLE',
      symbol: 'APLE',
      name: 'Apple Hospitality Fund',
      kind: 'stock',
      marketSegment: 'PCX',
    },
  ]);
});
