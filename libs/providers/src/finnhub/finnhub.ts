import { addDays, dayOf, endOf, startOf } from '@scani/money';
import { accept, refuse, sorted } from '../accept.js';
import { type Outcome, type PriceProvider, ProviderError } from '../provider.js';
import { ask, type FinnhubSettings, NAME } from './finnhub.client.js';
import { candles, lastTrade } from './finnhub.responses.js';

/** Listed in the United States: nothing after a dot but the class of a share. */
const US_SYMBOL = /^[A-Z]{1,5}(\.[A-Z])?$/;
const CURRENCY = 'USD';
const UNKNOWN = refuse('unknown-asset', 'Finnhub does not know this symbol');

/** Shares listed in the United States, in US dollars; only with a key. One request for each symbol. */
export function finnhub(settings: FinnhubSettings): PriceProvider {
  return {
    name: NAME,
    batchSize: 20,
    historyDays: undefined,

    keyOf({ kind, identities }) {
      if (kind !== 'stock' || settings.apiKey === undefined) return undefined;
      const known = (provider: string) => identities.find((each) => each.provider === provider)?.externalId;
      // Yahoo writes the class of a share after a hyphen.
      const symbol = known(NAME) ?? known('yahoo')?.replace('-', '.');
      return symbol !== undefined && US_SYMBOL.test(symbol) ? symbol : undefined;
    },

    async currentPrices(keys, lent) {
      const outcomes = keys.map(async (symbol): Promise<[string, Outcome]> => {
        try {
          const trade = lastTrade(await ask(settings, lent, '/quote', { symbol }));
          if (!trade) return [symbol, UNKNOWN];
          const at = new Date(trade.atSeconds * 1_000).toISOString();
          return [symbol, accept({ value: trade.usd, currency: CURRENCY, at, granularity: 'intraday' }, lent.now())];
        } catch (error) {
          if (!(error instanceof ProviderError)) throw error;
          return [symbol, { refused: error.asRefused() }];
        }
      });
      return new Map(await Promise.all(outcomes));
    },

    async priceHistory(key, from, to, lent) {
      const seconds = (at: Date) => String(Math.floor(at.getTime() / 1_000));
      const range = { from: seconds(startOf(from)), to: seconds(startOf(addDays(to, 1))) };
      const days = candles(await ask(settings, lent, '/stock/candle', { symbol: key, resolution: 'D', ...range }));
      if (days.length === 0) return { quotes: [], refused: [UNKNOWN.refused] };
      return sorted(
        days
          .map(({ usd, atSeconds }) => ({ usd, day: dayOf(new Date(atSeconds * 1_000)) }))
          .filter(({ day }) => day >= from && day <= to && endOf(day) < lent.now())
          .map(({ usd, day }) =>
            accept({ value: usd, currency: CURRENCY, at: endOf(day).toISOString(), granularity: 'daily' }, lent.now()),
          ),
      );
    },
  };
}
