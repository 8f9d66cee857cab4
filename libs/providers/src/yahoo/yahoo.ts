import { addDays, startOf } from '@scani/money';
import { type AssetRef, type AssetSearch, type Outcome, type PriceProvider, ProviderError } from '../provider.js';
import { isWellKnown } from '../well-known-coins.js';
import { ask, NAME, type YahooSettings } from './yahoo.client.js';
import { dailyCloses, marketOutcome, matchesOf } from './yahoo.mapping.js';
import { chartOf, foundSymbols } from './yahoo.responses.js';

const SYMBOL = /^[A-Z0-9^][A-Z0-9.=^-]{0,31}$/;
const MOST_MATCHES = '12';

/** Shares and funds, and the second choice for well-known coins and currencies. One request for each symbol. */
export function yahoo(settings: YahooSettings): PriceProvider & AssetSearch {
  const chart = (symbol: string) => `/v8/finance/chart/${encodeURIComponent(symbol)}`;
  return {
    name: NAME,
    batchSize: 20,
    historyDays: undefined,
    keyOf: symbolOf,

    async currentPrices(keys, lent) {
      const outcomes = keys.map(async (key): Promise<[string, Outcome]> => {
        try {
          const body = await ask(settings, lent, chart(key), { interval: '1d', range: '1d' });
          return [key, marketOutcome(body === undefined ? undefined : chartOf(body), lent.now())];
        } catch (error) {
          if (!(error instanceof ProviderError)) throw error;
          return [key, { refused: error.asRefused() }];
        }
      });
      return new Map(await Promise.all(outcomes));
    },

    async priceHistory(key, from, to, lent) {
      const seconds = (at: Date) => String(Math.floor(at.getTime() / 1000));
      // Sydney opens on the UTC day before its own.
      const body = await ask(settings, lent, chart(key), {
        interval: '1d',
        period1: seconds(startOf(addDays(from, -1))),
        period2: seconds(startOf(addDays(to, 2))),
      });
      if (body === undefined) {
        return {
          quotes: [],
          refused: [{ reason: 'unknown-asset', detail: 'Yahoo Finance does not know this symbol' }],
        };
      }
      return dailyCloses(chartOf(body), from, to, lent.now());
    },

    async searchAssets(query, lent) {
      const body = await ask(settings, lent, '/v1/finance/search', {
        q: query,
        quotesCount: MOST_MATCHES,
        newsCount: '0',
      });
      return matchesOf(foundSymbols(body ?? { quotes: [] }));
    },
  };
}

/** `AAPL`, `BTC-USD`, `EURUSD=X`. */
function symbolOf(asset: AssetRef): string | undefined {
  const own = asset.identities.find((each) => each.provider === NAME)?.externalId;
  const symbol = own ?? guessed(asset);
  return symbol !== undefined && SYMBOL.test(symbol) ? symbol : undefined;
}

function guessed(asset: AssetRef): string | undefined {
  const symbol = asset.symbol.toUpperCase();
  if (asset.kind === 'stock') return symbol;
  if (asset.kind === 'crypto') return isWellKnown(asset) ? `${symbol}-USD` : undefined;
  return asset.kind === 'fiat' && symbol !== 'USD' && /^[A-Z]{3}$/.test(symbol) ? `${symbol}USD=X` : undefined;
}
