import { addDays, type Day, dayOf, startOf } from '@scani/money';
import { sorted } from '../accept.js';
import { type Outcome, type PriceProvider, type Quote, type Refused } from '../provider.js';
import { COINGECKO_ID, coinIdOf } from '../well-known-coins.js';
import { ask, type DefiLlamaSettings, NAME } from './defillama.client.js';
import { currentOutcome, dailyCloses, NEAR_SECONDS } from './defillama.mapping.js';
import { chartOf, currentCoins } from './defillama.responses.js';

/** `chain:contract`, in the words of the source. */
const CONTRACT = /^[a-z0-9_-]{2,32}:[A-Za-z0-9_-]{10,90}$/;
/** Points in one answer at most. */
const MOST_POINTS = 500;

/** Coins and tokens in US dollars, without a key and without an end of history. */
export function defillama(settings: DefiLlamaSettings): PriceProvider {
  return {
    name: NAME,
    batchSize: 100,
    historyDays: undefined,

    keyOf(asset) {
      if (asset.kind !== 'crypto') return undefined;
      const known = (provider: string) => asset.identities.find((each) => each.provider === provider)?.externalId;
      const contract = known(NAME);
      if (contract !== undefined) return CONTRACT.test(contract) ? contract : undefined;
      const id = known('coingecko') ?? coinIdOf(asset.symbol);
      return id !== undefined && COINGECKO_ID.test(id) ? `coingecko:${id}` : undefined;
    },

    async currentPrices(keys, lent) {
      const coins = currentCoins(await ask(settings, lent, '/prices/current', keys, { searchWidth: '4h' }));
      return new Map(keys.map((key): [string, Outcome] => [key, currentOutcome(coins.get(key), lent.now())]));
    },

    async priceHistory(key, from, to, lent) {
      const yesterday = addDays(dayOf(lent.now()), -1);
      const last = to < yesterday ? to : yesterday;
      const quotes: Quote[] = [];
      const refused: Refused[] = [];
      for (let first = from; first <= last; first = addDays(first, MOST_POINTS)) {
        const end = addDays(first, MOST_POINTS - 1);
        const points = chartOf(
          await ask(settings, lent, '/chart', [key], closesFrom(first, end < last ? end : last)),
          key,
        );
        if (!points) continue;
        const part = dailyCloses(points, first, last, lent.now());
        quotes.push(...part.quotes);
        refused.push(...part.refused);
      }
      if (quotes.length > 0 || refused.length > 0) return { quotes, refused };
      return sorted([{ refused: { reason: 'unknown-asset', detail: 'DeFiLlama has no prices of these days' } }]);
    },
  };
}

/** A point for each midnight that ends a day of the range. */
function closesFrom(first: Day, last: Day): Record<string, string> {
  const midnight = (day: Day) => startOf(day).getTime() / 1_000;
  const days = Math.round((midnight(last) - midnight(first)) / 86_400) + 1;
  return {
    start: String(midnight(addDays(first, 1))),
    span: String(days),
    period: '1d',
    searchWidth: String(NEAR_SECONDS),
  };
}
