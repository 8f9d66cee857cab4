import { type Day, dayOf, endOf } from '@scani/money';
import { accept, refuse, sorted } from '../accept.js';
import type { AssetMatch, History, Outcome } from '../provider.js';
import { coinIdOf } from '../well-known-coins.js';
import { NAME } from './coingecko.client.js';
import type { ChartPoint, FoundCoin, SimplePrice } from './coingecko.responses.js';

const CURRENCY = 'USD';

export function currentOutcome(price: SimplePrice | undefined, now: Date): Outcome {
  if (!price) return refuse('unknown-asset', 'CoinGecko does not know this id');
  const seconds = price.lastUpdatedAtSeconds;
  const at = seconds === undefined ? '' : new Date(seconds * 1000).toISOString();
  return accept({ value: price.usd, currency: CURRENCY, at, granularity: 'intraday' }, now);
}

/**
 * The close of a UTC day is the last point up to the midnight that ends it. Daily points stand at exactly 00:00 of the
 * next day, hourly ones some seconds after the hour; a point at midnight therefore belongs to the day before.
 */
export function dailyCloses(points: readonly ChartPoint[], from: Day, to: Day, now: Date): History {
  const last = new Map<Day, ChartPoint>();
  for (const point of points) {
    const day = dayOf(new Date(point.atMs - 1));
    const known = last.get(day);
    if (day >= from && day <= to && (!known || point.atMs > known.atMs)) last.set(day, point);
  }
  const finished = [...last].filter(([day]) => endOf(day) < now).sort(([a], [b]) => (a < b ? -1 : 1));
  return sorted(
    finished.map(([day, point]) =>
      accept({ value: point.usd, currency: CURRENCY, at: endOf(day).toISOString(), granularity: 'daily' }, now),
    ),
  );
}

/** The coin that a ticker belongs to lives in the segment `crypto`; its namesakes in one of their own. */
export function matchOf(coin: FoundCoin): AssetMatch {
  return {
    provider: NAME,
    externalId: coin.id,
    symbol: coin.symbol,
    name: coin.name,
    kind: 'crypto',
    marketSegment: coinIdOf(coin.symbol) === coin.id ? 'crypto' : coin.id,
  };
}
