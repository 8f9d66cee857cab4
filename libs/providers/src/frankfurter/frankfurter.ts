import { refuse } from '../accept.js';
import type { PriceProvider } from '../provider.js';
import { ask, type FrankfurterSettings, NAME } from './frankfurter.client.js';
import { dailyRates, DOLLAR, EURO, inDollars } from './frankfurter.mapping.js';
import { latestRates, seriesRates } from './frankfurter.responses.js';

const CODE = /^[A-Z]{3}$/;
const symbolsFor = (codes: readonly string[]): string[] => [...codes.filter((code) => code !== EURO), DOLLAR];
const UNKNOWN = refuse('unknown-asset', 'the ECB publishes no rate for this currency');

/** Currencies in US dollars, from the European Central Bank's reference rates. One request for any number of them. */
export function frankfurter(settings: FrankfurterSettings): PriceProvider {
  return {
    name: NAME,
    batchSize: 200,
    historyDays: undefined,

    keyOf: ({ kind, symbol }) => (kind === 'fiat' && CODE.test(symbol) && symbol !== DOLLAR ? symbol : undefined),

    async currentPrices(keys, lent) {
      const body = await ask(settings, lent, '/latest', symbolsFor(keys));
      if (body === undefined) return new Map(keys.map((key) => [key, UNKNOWN]));
      const rates = latestRates(body);
      return new Map(keys.map((key) => [key, inDollars(rates, key, lent.now())]));
    },

    async priceHistory(key, from, to, lent) {
      const body = await ask(settings, lent, `/${from}..${to}`, symbolsFor([key]));
      if (body === undefined) return { quotes: [], refused: [UNKNOWN.refused] };
      return dailyRates(seriesRates(body), key, from, to, lent.now());
    },
  };
}
