import { addDays, dayOf } from '@scani/money';
import { refuse } from '../accept.js';
import { asksFor, currencyOf, dailyRates, inDollars } from '../euro-rates.js';
import type { PriceProvider } from '../provider.js';
import { ask, type EcbSettings, NAME } from './ecb.client.js';
import { ratesByDay } from './ecb.responses.js';

/** The longest time without a rate: the four days of Easter, and some more. */
const LOOK_BACK_DAYS = 10;
const UNKNOWN = refuse('unknown-asset', 'the ECB publishes no rate for this currency');

/** Currencies in US dollars from the European Central Bank itself. One request for any number of them. */
export function ecb(settings: EcbSettings): PriceProvider {
  return {
    name: NAME,
    batchSize: 200,
    historyDays: undefined,
    keyOf: currencyOf,

    async currentPrices(keys, lent) {
      const today = dayOf(lent.now());
      const text = await ask(settings, lent, asksFor(keys), addDays(today, -LOOK_BACK_DAYS), today);
      const newest = ratesByDay(text).at(-1);
      return new Map(keys.map((key) => [key, newest ? inDollars(newest, key, lent.now()) : UNKNOWN]));
    },

    async priceHistory(key, from, to, lent) {
      const text = await ask(settings, lent, asksFor([key]), from, to);
      const days = ratesByDay(text).filter(({ perEuro }) => key === 'EUR' || perEuro.has(key));
      if (days.length === 0) return { quotes: [], refused: [UNKNOWN.refused] };
      return dailyRates(days, key, from, to, lent.now());
    },
  };
}
