import { refuse } from '../accept.js';
import { asksFor, currencyOf, dailyRates, inDollars } from '../euro-rates.js';
import type { PriceProvider } from '../provider.js';
import { ask, type FrankfurterSettings, NAME } from './frankfurter.client.js';
import { latestRates, seriesRates } from './frankfurter.responses.js';

const UNKNOWN = refuse('unknown-asset', 'the ECB publishes no rate for this currency');

/** Currencies in US dollars, from the European Central Bank's reference rates. One request for any number of them. */
export function frankfurter(settings: FrankfurterSettings): PriceProvider {
  return {
    name: NAME,
    batchSize: 200,
    historyDays: undefined,

    keyOf: currencyOf,

    async currentPrices(keys, lent) {
      const body = await ask(settings, lent, '/latest', asksFor(keys));
      if (body === undefined) return new Map(keys.map((key) => [key, UNKNOWN]));
      const rates = latestRates(body);
      return new Map(keys.map((key) => [key, inDollars(rates, key, lent.now())]));
    },

    async priceHistory(key, from, to, lent) {
      const body = await ask(settings, lent, `/${from}..${to}`, asksFor([key]));
      if (body === undefined) return { quotes: [], refused: [UNKNOWN.refused] };
      return dailyRates(seriesRates(body), key, from, to, lent.now());
    },
  };
}
