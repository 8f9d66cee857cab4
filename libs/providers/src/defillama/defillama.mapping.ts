import { addDays, type Day, dayOf, endOf, startOf } from '@scani/money';
import { accept, refuse, sorted } from '../accept.js';
import type { History, Outcome } from '../provider.js';
import type { CoinPrice } from './defillama.responses.js';

const CURRENCY = 'USD';
/** How far from midnight a point may lie and still be the close of the day before. */
export const NEAR_SECONDS = 3_600;

export function currentOutcome(price: CoinPrice | undefined, now: Date): Outcome {
  if (!price) return refuse('unknown-asset', 'DeFiLlama does not know this coin');
  if (!price.sure) return refuse('no-price', 'DeFiLlama is not sure of its price');
  const at = price.atSeconds === undefined ? '' : new Date(price.atSeconds * 1_000).toISOString();
  return accept({ value: price.usd, currency: CURRENCY, at, granularity: 'intraday' }, now);
}

/** A point near a midnight is the close of the day that it ends; what lies elsewhere is nobody's close. */
export function dailyCloses(points: readonly CoinPrice[], from: Day, to: Day, now: Date): History {
  const closes = new Map<Day, CoinPrice>();
  for (const point of points) {
    const day = point.atSeconds === undefined ? undefined : dayClosedBy(point.atSeconds);
    if (day !== undefined && day >= from && day <= to && endOf(day) < now && !closes.has(day)) closes.set(day, point);
  }
  return sorted(
    [...closes]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([day, { usd }]) =>
        accept({ value: usd, currency: CURRENCY, at: endOf(day).toISOString(), granularity: 'daily' }, now),
      ),
  );
}

function dayClosedBy(atSeconds: number): Day | undefined {
  const following = dayOf(new Date((atSeconds + NEAR_SECONDS) * 1_000));
  const midnightSeconds = startOf(following).getTime() / 1_000;
  return Math.abs(atSeconds - midnightSeconds) <= NEAR_SECONDS ? addDays(following, -1) : undefined;
}
