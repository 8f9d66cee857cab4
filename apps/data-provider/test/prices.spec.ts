import type { AssetRef, CloudError } from '@scani/cloud';
import { addDays, type Day, day, dayOf } from '@scani/money';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { post, startStage, type Stage } from './harness.js';

/** Friday noon in New York. */
const NOW = Date.parse('2026-11-20T17:00:00Z');
const TODAY = dayOf(new Date(NOW));

let stage: Stage;
beforeAll(async () => {
  stage = await startStage({ timeoutMs: 300 }, {}, () => NOW);
});
afterEach(() => {
  stage.world.heal();
  stage.world.forgetRequests();
});
afterAll(() => stage.close());

const asset = (kind: AssetRef['kind'], symbol: string, coingecko?: string): AssetRef => ({
  id: `id of ${symbol}`,
  kind,
  symbol,
  identities: coingecko === undefined ? [] : [{ provider: 'coingecko', externalId: coingecko }],
});

describe('current prices', () => {
  test('each kind has its source, and one answer has them all', async () => {
    const assets = [
      asset('crypto', 'BTC'),
      asset('stock', 'AAPL'),
      asset('stock', 'SHEL.L'),
      asset('fiat', 'EUR'),
      asset('fiat', 'JPY'),
    ];
    const { prices, problems } = await stage.client.currentPrices(assets);
    expect(problems).toEqual([]);
    expect(prices.map((each) => [each.id, each.source, each.currency, each.granularity])).toEqual([
      ['id of BTC', 'coingecko', 'USD', 'intraday'],
      ['id of AAPL', 'yahoo', 'USD', 'intraday'],
      ['id of SHEL.L', 'yahoo', 'GBP', 'intraday'],
      ['id of EUR', 'frankfurter', 'USD', 'daily'],
      ['id of JPY', 'frankfurter', 'USD', 'daily'],
    ]);
    expect(stage.world.requests('coingecko')).toHaveLength(1);
    expect(stage.world.requests('frankfurter')).toHaveLength(1);
  });

  test('what has no price says why, beside those that have', async () => {
    const { prices, problems } = await stage.client.currentPrices([
      asset('crypto', 'ETH'),
      asset('crypto', 'ZERO', 'worthless-token'),
      asset('crypto', 'TMRW', 'tomorrow-token'),
      asset('crypto', 'HUSH', 'silent-token'),
      asset('crypto', 'NOPE', 'no-such-coin'),
      asset('crypto', 'MOON'),
      asset('stock', 'GONE'),
      asset('stock', 'QUIET'),
      asset('fiat', 'USD'),
      asset('fiat', 'XAU'),
      asset('private', 'HOUSE'),
    ]);
    expect(prices.map((each) => each.id)).toEqual(['id of ETH']);
    expect(Object.fromEntries(problems.map((each) => [each.id.slice(6), each.reason]))).toEqual({
      ZERO: 'zero-or-negative',
      TMRW: 'from-the-future',
      HUSH: 'no-price',
      NOPE: 'unknown-asset',
      MOON: 'no-source',
      GONE: 'unknown-asset',
      QUIET: 'no-price',
      USD: 'quote-currency',
      XAU: 'unknown-asset',
      HOUSE: 'no-source',
    });
  });

  test('asked again at once, nobody is asked', async () => {
    const coins = [asset('crypto', 'SOL'), asset('fiat', 'CHF')];
    const first = await stage.client.currentPrices(coins);
    stage.world.forgetRequests();
    expect(await stage.client.currentPrices(coins)).toEqual(first);
    expect(stage.world.requests('coingecko')).toEqual([]);
    expect(stage.world.requests('frankfurter')).toEqual([]);
  });

  test('300 coins are two requests', async () => {
    const many = Array.from({ length: 300 }, (_, i) => asset('crypto', `C${i}`, `coin-${i}`));
    expect((await stage.client.currentPrices(many)).problems).toHaveLength(300);
    expect(stage.world.requests('coingecko')).toHaveLength(2);
  });

  test('more than 500 in one request, or none, is refused', async () => {
    const one = asset('crypto', 'BTC');
    for (const assets of [Array.from({ length: 501 }, () => one), []]) {
      const response = await post(stage, '/v1/prices/current', { assets });
      expect(response.status).toBe(422);
      expect(await response.json()).toMatchObject({ errors: [{ pointer: '/assets' }] });
    }
  });

  test('bad fields are named by pointer', async () => {
    const response = await post(stage, '/v1/prices/current', {
      assets: [{ ...asset('crypto', 'BTC'), kind: 'coin', more: 1 }],
    });
    const { errors } = (await response.json()) as { errors: { pointer: string }[] };
    expect(errors.map((each) => each.pointer).sort()).toEqual(['/assets/0/kind', '/assets/0/more']);
  });
});

describe('when a source is in trouble', () => {
  test.each([
    ['out of order', { kind: 'status', status: 500 } as const],
    ['nonsense', { kind: 'malformed' } as const],
    ['far too long', { kind: 'huge' } as const],
    ['silent', { kind: 'hang' } as const],
    ['cut off', { kind: 'reset' } as const],
  ])('%s: the next one is asked', async (what, fault) => {
    const fresh = await startStage({ timeoutMs: 300 }, {}, () => NOW);
    try {
      fresh.world.fail({ service: 'coingecko', ...fault });
      const { prices } = await fresh.client.currentPrices([asset('crypto', 'BTC')]);
      expect([what, prices[0]?.source]).toEqual([what, 'defillama']);
    } finally {
      await fresh.close();
    }
  });

  test('nobody answers: the reason and the wait come back, and nothing of it is kept', async () => {
    const fresh = await startStage({}, {}, () => NOW);
    try {
      fresh.world.fail({ service: 'coingecko', kind: 'status', status: 429, retryAfterSeconds: 1 });
      fresh.world.fail({ service: 'defillama', kind: 'status', status: 429, retryAfterSeconds: 40 });
      fresh.world.fail({ service: 'yahoo', kind: 'status', status: 429, retryAfterSeconds: 40 });
      const { prices, problems } = await fresh.client.currentPrices([asset('crypto', 'BTC')]);
      expect(prices).toEqual([]);
      expect(problems).toEqual([
        {
          id: 'id of BTC',
          reason: 'limited',
          detail: 'coingecko: answered 429; defillama: answered 429; yahoo: answered 429',
          retryAfterSeconds: 1,
        },
      ]);
      fresh.world.heal();
      fresh.world.forgetRequests();
      await fresh.client.currentPrices([asset('crypto', 'BTC')]);
      expect(fresh.world.requests('coingecko')).toEqual([]);
      await new Promise((resolve) => setTimeout(resolve, 1050));
      const later = await fresh.client.currentPrices([asset('crypto', 'BTC')]);
      expect(later.prices[0]?.source).toBe('coingecko');
    } finally {
      await fresh.close();
    }
  });

  test.each([
    ['a broken line', { kind: 'reset' }, 2, 'frankfurter'],
    ['a 500', { kind: 'status', status: 500 }, 2, 'frankfurter'],
    ['a silence', { kind: 'hang' }, 1, 'ecb'],
    ['a 500 that wants a pause', { kind: 'status', status: 503, retryAfterSeconds: 9 }, 1, 'ecb'],
    ['a refusal', { kind: 'status', status: 403 }, 1, 'ecb'],
  ] as const)('%s: how often it is asked then, and who answers', async (_name, fault, asked, source) => {
    const fresh = await startStage({ timeoutMs: 300 }, {}, () => NOW);
    try {
      fresh.world.fail({ service: 'frankfurter', times: 1, ...fault });
      const { prices } = await fresh.client.currentPrices([asset('fiat', 'GBP')]);
      expect(prices[0]?.source).toBe(source);
      expect(fresh.world.requests('frankfurter')).toHaveLength(asked);
    } finally {
      await fresh.close();
    }
  });

  test('after too many failures it is left alone for a while, then tried again', async () => {
    const fresh = await startStage({ policy: { failures: 3, restMs: 400, attempts: 1 } }, {}, () => NOW);
    try {
      fresh.world.fail({ service: 'frankfurter', kind: 'status', status: 500 });
      fresh.world.fail({ service: 'ecb', kind: 'status', status: 500 });
      fresh.world.fail({ service: 'yahoo', kind: 'status', status: 500 });
      for (let i = 0; i < 3; i++) await fresh.client.currentPrices([asset('fiat', 'GBP')]);
      fresh.world.heal();
      fresh.world.forgetRequests();
      const { problems } = await fresh.client.currentPrices([asset('fiat', 'GBP')]);
      expect(problems[0]).toMatchObject({ reason: 'unreachable', retryAfterSeconds: 1 });
      expect(fresh.world.requests('frankfurter')).toEqual([]);
      const ready = (await (await fetch(`${fresh.url}/readyz`)).json()) as { details: Record<string, unknown> };
      expect(ready.details['price sources']).toMatchObject({ state: 'degraded', sources: { frankfurter: 'resting' } });
      await new Promise((resolve) => setTimeout(resolve, 450));
      expect((await fresh.client.currentPrices([asset('fiat', 'GBP')])).prices).toHaveLength(1);
    } finally {
      await fresh.close();
    }
  });

  test('a spent budget is told as a limit instead of waiting for ever', async () => {
    const fresh = await startStage(
      { policy: { maxWaitMs: 50 } },
      { FRANKFURTER_PER_MINUTE: '1', YAHOO_PER_MINUTE: '1' },
      () => NOW,
    );
    try {
      fresh.world.fail({ service: 'ecb', kind: 'status', status: 429 });
      await fresh.client.priceHistory(asset('fiat', 'SEK'), day('2026-11-09'), day('2026-11-10'));
      await fresh.client.currentPrices([asset('stock', 'AAPL')]);
      const { problems } = await fresh.client.currentPrices([asset('fiat', 'SEK')]);
      expect(problems[0]).toMatchObject({ reason: 'limited', retryAfterSeconds: 60 });
    } finally {
      await fresh.close();
    }
  });
});

describe('second choices', () => {
  test('the European Central Bank itself, where Frankfurter is out of order', async () => {
    const fresh = await startStage({}, {}, () => NOW);
    try {
      const pounds = [asset('fiat', 'GBP'), asset('fiat', 'EUR')];
      const before = await fresh.client.currentPrices(pounds);
      fresh.world.fail({ service: 'frankfurter', kind: 'status', status: 500 });
      const other = await startStage({}, { ...fresh.world.urls }, () => NOW);
      const after = await other.client.currentPrices(pounds);
      await other.close();
      expect(after.prices.map(({ source }) => source)).toEqual(['ecb', 'ecb']);
      expect(after.prices.map(({ id, value, at }) => [id, value, at])).toEqual(
        before.prices.map(({ id, value, at }) => [id, value, at]),
      );
    } finally {
      await fresh.close();
    }
  });

  test('Finnhub for shares, only with a key, and without the history that a free key lacks', async () => {
    for (const [key, sources] of [
      ['', []],
      ['a-free-key', ['finnhub']],
      ['paid-for-key', ['finnhub']],
    ] as const) {
      const fresh = await startStage({}, key ? { FINNHUB_API_KEY: key } : {}, () => NOW);
      try {
        fresh.world.fail({ service: 'yahoo', kind: 'status', status: 500 });
        const apple: AssetRef = { ...asset('stock', 'AAPL'), identities: [{ provider: 'yahoo', externalId: 'AAPL' }] };
        const { prices } = await fresh.client.currentPrices([apple]);
        expect(prices.map(({ source }) => source)).toEqual(sources);
        const history = fresh.client.priceHistory(apple, day('2026-11-16'), day('2026-11-18'));
        if (key === 'paid-for-key')
          expect((await history).map(({ source }) => source)).toEqual(Array(3).fill('finnhub'));
        else await expect(history).rejects.toMatchObject({ code: 'failed' });
      } finally {
        await fresh.close();
      }
    }
  });
});

describe('history', () => {
  const days = async (ref: AssetRef, from: Day, to: Day) => {
    const quotes = await stage.client.priceHistory(ref, from, to);
    return quotes.map((each) => [each.at.slice(0, 10), each.source]);
  };

  test('coins trade every day; the running day is not over', async () => {
    expect(await days(asset('crypto', 'BTC'), day('2026-11-14'), TODAY)).toEqual(
      ['14', '15', '16', '17', '18', '19'].map((number) => [`2026-11-${number}`, 'coingecko']),
    );
  });

  test('beyond the year of CoinGecko the next source is asked first', async () => {
    expect(await days(asset('crypto', 'BTC'), day('2023-03-11'), day('2023-03-12'))).toEqual([
      ['2023-03-11', 'defillama'],
      ['2023-03-12', 'defillama'],
    ]);
    expect(stage.world.requests('coingecko')).toEqual([]);
  });

  test('where only CoinGecko answers a coin comes with the year that it gives', async () => {
    stage.world.fail({ service: 'defillama', kind: 'status', status: 500 });
    const found = await days(asset('crypto', 'XMR2', 'monero'), day('2020-01-01'), TODAY);
    expect(found[0]?.[0]).toBe(addDays(TODAY, -364));
    expect(found.at(-1)?.[0]).toBe('2026-11-19');
    expect(found).toHaveLength(364);
  });

  test('shares and currencies rest at weekends, and today is not over in New York', async () => {
    const shares = await days(asset('stock', 'MSFT'), day('2026-11-12'), TODAY);
    expect(shares.map(([at]) => at)).toEqual([
      '2026-11-12',
      '2026-11-13',
      '2026-11-16',
      '2026-11-17',
      '2026-11-18',
      '2026-11-19',
    ]);
    const currency = await days(asset('fiat', 'GBP'), day('2026-11-12'), TODAY);
    expect(currency.map(([at]) => at)).toEqual([...shares.map(([at]) => at), '2026-11-20']);
  });

  test('Sydney, where the day begins before ours, has the same days', async () => {
    const found = await days(asset('stock', 'BHP.AX'), day('2026-11-12'), day('2026-11-18'));
    expect(found.map(([at]) => at)).toEqual(['2026-11-12', '2026-11-13', '2026-11-16', '2026-11-17', '2026-11-18']);
  });

  test('the second time nobody is asked', async () => {
    await days(asset('stock', 'KO'), day('2026-10-01'), day('2026-10-31'));
    stage.world.forgetRequests();
    expect(await days(asset('stock', 'KO'), day('2026-10-01'), day('2026-10-31'))).not.toEqual([]);
    expect(stage.world.requests('yahoo')).toEqual([]);
  });

  test('five years of a share are one request', async () => {
    expect(await days(asset('stock', 'SPY'), addDays(TODAY, -1826), TODAY)).not.toEqual([]);
    expect(stage.world.requests('yahoo')).toHaveLength(1);
  });

  test('nobody answers: that is trouble, not an empty history', async () => {
    stage.world.fail({ service: 'yahoo', kind: 'status', status: 429, retryAfterSeconds: 1, times: 1 });
    const error = await stage.client
      .priceHistory(asset('stock', 'JPM'), day('2026-10-01'), day('2026-10-02'))
      .catch((failure: CloudError) => failure);
    expect(error).toMatchObject({ code: 'failed', problem: 'prices-unavailable', retryAfterSeconds: 1 });
    await new Promise((resolve) => setTimeout(resolve, 1050));
  });

  test('an unknown symbol has an empty history, with the reason', async () => {
    const ask = { asset: asset('stock', 'GONE'), from: '2026-10-01', to: '2026-10-02' };
    const answer = await (await post(stage, '/v1/prices/history', ask)).json();
    expect(answer).toMatchObject({ prices: [], problems: [{ reason: 'unknown-asset' }] });
  });

  test.each([
    ['2026-10-02', '2026-10-01', '/to'],
    ['2030-01-01', '2030-01-02', '/from'],
    ['1980-01-01', '2026-01-01', '/from'],
    ['2026-02-30', '2026-03-01', '/from'],
  ])('from %s to %s is refused at %s', async (from, to, pointer) => {
    const response = await post(stage, '/v1/prices/history', { asset: asset('stock', 'AAPL'), from, to });
    expect(response.status).toBe(422);
    expect(await response.json()).toMatchObject({ errors: [{ pointer }] });
  });
});

describe('asset search', () => {
  test('a ticker or a whole name comes first, from every source', async () => {
    const apple = await stage.client.searchAssets('Apple');
    expect(apple[0]).toEqual({
      provider: 'yahoo',
      externalId: 'AAPL',
      symbol: 'AAPL',
      name: 'Apple Inc.',
      kind: 'stock',
      marketSegment: 'NASDAQ',
    });
    const sol = await stage.client.searchAssets('sol');
    expect(sol[0]).toMatchObject({ provider: 'coingecko', externalId: 'solana', symbol: 'SOL' });
  });

  test('what was found can be priced', async () => {
    const matches = [...(await stage.client.searchAssets('vanguard')), ...(await stage.client.searchAssets('coin'))];
    const refs = matches.map(({ provider, externalId, kind, symbol }, i) => ({
      id: String(i),
      kind,
      symbol,
      identities: [{ provider, externalId }],
    }));
    const { prices, problems } = await stage.client.currentPrices(refs);
    expect(refs.length).toBeGreaterThan(5);
    expect([prices.length, problems]).toEqual([refs.length, []]);
  });

  test('one silent source does not hide the other, two are trouble', async () => {
    stage.world.fail({ service: 'yahoo', kind: 'status', status: 500, path: 'search' });
    const matches = await stage.client.searchAssets('bit');
    expect(matches.map((each) => each.provider)).toEqual(['coingecko']);
    stage.world.fail({ service: 'coingecko', kind: 'status', status: 500, path: 'search' });
    await expect(stage.client.searchAssets('lite')).rejects.toMatchObject({
      code: 'failed',
      problem: 'search-unavailable',
    });
  });

  test('an empty query is refused', async () => {
    await expect(stage.client.searchAssets('  ')).rejects.toMatchObject({ code: 'refused', problem: 'bad-input' });
  });
});
