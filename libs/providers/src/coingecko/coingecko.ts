import { addDays, startOf } from '@scani/money';
import type { AssetSearch, PriceProvider } from '../provider.js';
import { COINGECKO_ID, coinIdOf } from '../well-known-coins.js';
import { ask, type CoinGeckoSettings, isPaid, NAME } from './coingecko.client.js';
import { currentOutcome, dailyCloses, matchOf } from './coingecko.mapping.js';
import { chartPoints, foundCoins, simplePrices } from './coingecko.responses.js';

const FREE_HISTORY_DAYS = 364;
const MARGIN_SECONDS = 60;

/** Coins in US dollars. Free of charge it looks one year back. */
export function coingecko(settings: CoinGeckoSettings): PriceProvider & AssetSearch {
  return {
    name: NAME,
    batchSize: 250,
    historyDays: isPaid(settings) ? undefined : FREE_HISTORY_DAYS,

    keyOf(asset) {
      if (asset.kind !== 'crypto') return undefined;
      const own = asset.identities.find((each) => each.provider === NAME)?.externalId ?? coinIdOf(asset.symbol);
      return own !== undefined && COINGECKO_ID.test(own) ? own : undefined;
    },

    async currentPrices(keys, lent) {
      const body = await ask(settings, lent, '/simple/price', {
        ids: keys.join(','),
        vs_currencies: 'usd',
        include_last_updated_at: 'true',
        precision: 'full',
      });
      const prices = simplePrices(body ?? {});
      return new Map(keys.map((key) => [key, currentOutcome(prices.get(key), lent.now())]));
    },

    async priceHistory(key, from, to, lent) {
      const seconds = (at: Date) => Math.floor(at.getTime() / 1000);
      const body = await ask(settings, lent, `/coins/${encodeURIComponent(key)}/market_chart/range`, {
        vs_currency: 'usd',
        from: String(seconds(startOf(from))),
        to: String(seconds(startOf(addDays(to, 1))) + MARGIN_SECONDS),
        interval: 'daily',
        precision: 'full',
      });
      if (body === undefined) {
        return { quotes: [], refused: [{ reason: 'unknown-asset', detail: 'CoinGecko does not know this id' }] };
      }
      return dailyCloses(chartPoints(body), from, to, lent.now());
    },

    async searchAssets(query, lent) {
      return foundCoins((await ask(settings, lent, '/search', { query })) ?? { coins: [] }).map(matchOf);
    },
  };
}
