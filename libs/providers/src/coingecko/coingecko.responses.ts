import { malformed } from '../call.js';
import { decimalTextOf, integerOf, listOf, recordOf, textOf } from '../exact-json.js';
import { NAME } from './coingecko.client.js';

export interface SimplePrice {
  readonly usd: string | undefined;
  readonly lastUpdatedAtSeconds: number | undefined;
}

/** `/simple/price`: ids that CoinGecko does not know are left out, coins without a market have an empty record. */
export function simplePrices(body: unknown): ReadonlyMap<string, SimplePrice> {
  const record = recordOf(body);
  if (!record) throw malformed(NAME, 'record of prices');
  return new Map(
    Object.entries(record).map(([id, value]) => [
      id,
      {
        usd: decimalTextOf(recordOf(value)?.['usd']),
        lastUpdatedAtSeconds: integerOf(recordOf(value)?.['last_updated_at']),
      },
    ]),
  );
}

export interface ChartPoint {
  readonly atMs: number;
  readonly usd: string | undefined;
}

/** `/coins/{id}/market_chart/range`: `prices` is a list of `[milliseconds, price]`. */
export function chartPoints(body: unknown): readonly ChartPoint[] {
  const prices = listOf(recordOf(body)?.['prices']);
  if (!prices) throw malformed(NAME, 'list of prices');
  return prices.map((point) => {
    const [at, price] = listOf(point) ?? [];
    const atMs = integerOf(at);
    if (atMs === undefined) throw malformed(NAME, 'time at a point');
    return { atMs, usd: decimalTextOf(price) };
  });
}

export interface FoundCoin {
  readonly id: string;
  readonly name: string;
  readonly symbol: string;
}

/** `/search`: by market capitalisation; entries without id, name or symbol are skipped. */
export function foundCoins(body: unknown): readonly FoundCoin[] {
  const coins = listOf(recordOf(body)?.['coins']);
  if (!coins) throw malformed(NAME, 'list of coins');
  return coins.flatMap((each) => {
    const record = recordOf(each);
    const id = textOf(record?.['id']);
    const name = textOf(record?.['name']);
    const symbol = textOf(record?.['symbol']);
    return id && name && symbol ? [{ id, name, symbol: symbol.toUpperCase() }] : [];
  });
}
