import { decimal } from '@scani/money';
import { malformed } from '../call.js';
import { decimalTextOf, integerOf, listOf, recordOf } from '../exact-json.js';
import { NAME } from './defillama.client.js';

export interface CoinPrice {
  readonly usd: string | undefined;
  readonly atSeconds: number | undefined;
  /** Whether the source is as sure as it must be: from 0 to 1 it says how sure it is. */
  readonly sure: boolean;
}

const LEAST_CONFIDENCE = '0.9';

/** `/prices/current/{keys}`: `{ coins: { key: { price, symbol, timestamp, confidence } } }`; unknown keys are absent. */
export function currentCoins(body: unknown): ReadonlyMap<string, CoinPrice> {
  return new Map([...coinsOf(body)].map(([key, coin]) => [key, { ...pointOf(coin), sure: isSure(coin) }]));
}

/** `/chart/{key}`: `{ coins: { key: { symbol, confidence, prices: [{ timestamp, price }] } } }`, oldest first. */
export function chartOf(body: unknown, key: string): readonly CoinPrice[] | undefined {
  const coin = coinsOf(body).get(key);
  if (!coin) return undefined;
  const prices = listOf(coin['prices']);
  if (!prices) throw malformed(NAME, 'prices');
  const sure = isSure(coin);
  return prices.map((price) => ({ ...pointOf(recordOf(price) ?? {}), sure }));
}

type Json = Readonly<Record<string, unknown>>;

function coinsOf(body: unknown): ReadonlyMap<string, Json> {
  const coins = recordOf(recordOf(body)?.['coins']);
  if (!coins) throw malformed(NAME, 'coins');
  return new Map(Object.entries(coins).map(([key, coin]) => [key, recordOf(coin) ?? {}]));
}

const pointOf = (coin: Json) => ({ usd: decimalTextOf(coin['price']), atSeconds: integerOf(coin['timestamp']) });

/** Without a word on it the source is believed, as for coins that it takes from CoinGecko. */
function isSure(coin: Json): boolean {
  const confidence = decimalTextOf(coin['confidence']);
  return confidence === undefined || decimal(confidence).greaterThanOrEqualTo(LEAST_CONFIDENCE);
}
