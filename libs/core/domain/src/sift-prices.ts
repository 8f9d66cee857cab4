import { decimal } from '@scani/money';

/** A price this many times its neighbour, or that part of it, is not believed at once. */
const JUMP = 10;
/** Prices within this factor of each other say the same. */
const AGREES = 2;
const HOUR_MS = 3_600_000;
/** A jump that a later price repeats after so long is a new level: a coin that was redenominated, a share that was split. */
const CONFIRMED_AFTER_MS = 6 * HOUR_MS;
/** A neighbour farther away says nothing. */
export const NEIGHBOUR_DAYS = 30;
const NEIGHBOUR_MS = NEIGHBOUR_DAYS * 24 * HOUR_MS;
const FIRST_ONES = 5;

export interface PricePoint {
  readonly at: Date;
  readonly value: string;
}

export interface Sifted<P extends PricePoint> {
  readonly believed: readonly P[];
  /** Off by a factor of ten and more, with what they stood beside. */
  readonly setAside: readonly { readonly price: P; readonly beside: PricePoint }[];
}

/**
 * Parts prices of one asset in one currency, oldest first, into those to believe and those to set aside until a later
 * price confirms them. `beside` is the nearest believed price, `waiting` the newest that was set aside before; a waiting
 * one that is confirmed comes first among the believed. Without a neighbour the first few prices are each other's.
 */
export function siftPrices<P extends PricePoint>(
  prices: readonly P[],
  beside: PricePoint | undefined,
  waiting: P | undefined,
): Sifted<P> {
  const believed: P[] = [];
  const setAside: { price: P; beside: PricePoint }[] = [];
  let level = beside ?? middleOf(prices.slice(0, FIRST_ONES));
  let held = waiting;
  for (const price of prices) {
    if (!level || far(price, level) || within(price, level, JUMP)) {
      believed.push(price);
      level = price;
    } else if (held && confirms(price, held)) {
      const since = setAside.findIndex((one) => one.price === held);
      if (since >= 0) setAside.splice(since, 1);
      believed.push(held, price);
      level = price;
      held = undefined;
    } else {
      setAside.push({ price, beside: level });
      // The first of several that agree stays the one to be confirmed.
      if (!held || far(price, held) || !within(price, held, AGREES)) held = price;
    }
  }
  return { believed, setAside };
}

const distance = (one: PricePoint, other: PricePoint): number => Math.abs(one.at.getTime() - other.at.getTime());

const far = (one: PricePoint, other: PricePoint): boolean => distance(one, other) > NEIGHBOUR_MS;

const confirms = (price: PricePoint, held: PricePoint): boolean =>
  !far(price, held) && distance(price, held) >= CONFIRMED_AFTER_MS && within(price, held, AGREES);

function within(price: PricePoint, other: PricePoint, factor: number): boolean {
  const [a, b] = [decimal(price.value), decimal(other.value)];
  return a.lessThan(b.times(factor)) && b.lessThan(a.times(factor));
}

function middleOf(prices: readonly PricePoint[]): PricePoint | undefined {
  const sorted = prices.toSorted((a, b) => decimal(a.value).comparedTo(decimal(b.value)));
  return sorted[Math.floor(sorted.length / 2)];
}
