import { type DayMoney, type PriceGraph, RATE_DECIMALS, RETURN_DECIMALS, VALUE_DECIMALS } from '@scani/domain';
import { type Day, Decimal, divided, endOf, fixedDecimal, powerOfTen } from '@scani/money';

export interface Compared {
  /** What one unit of the benchmark gained, as a ratio of one; null: not known. */
  value: Decimal | null;
  /** What the same flows put into it would be worth at the end, in units of 10^-VALUE_DECIMALS; null: not known. */
  worth: bigint | null;
  /** The first day on which it has no price where it needs one. */
  missing: Day | null;
}

/** What is compared with, what it is told in, and the instant up to which prices are known. */
export interface Beside {
  asset: string;
  base: string;
  now: number;
}

/** Decimals of the units of a benchmark that flows would have bought. */
const UNIT_DECIMALS = 24;

/**
 * How another asset did over the same days: its own return between the ends of two days, and what it would be worth
 * had what was there at the start, and every flow since, gone into it at the day's close (the index comparison method of
 * Long and Nickels, 1996: its end value beside the real one is a comparison that flows do not distort).
 */
export function compared(
  prices: PriceGraph,
  beside: Beside,
  span: { from: Day; to: Day; start: bigint | null },
  money: readonly DayMoney[],
): Compared {
  const rateOn = ratesOf(prices, beside);
  const [first, last] = [rateOn(span.from), rateOn(span.to)];
  if (last === undefined) return { value: null, worth: null, missing: span.to };
  const value = first === undefined ? null : grown(first, last);
  const flows = [{ day: span.from, flow: span.start ?? 0n }, ...money].filter((one) => one.flow !== 0n);
  const scale = powerOfTen(RATE_DECIMALS + UNIT_DECIMALS - VALUE_DECIMALS);
  let units = 0n;
  const missing = first === undefined ? span.from : null;
  for (const { day, flow } of flows) {
    const rate = rateOn(day);
    if (rate === undefined) return { value, worth: null, missing: missing ?? day };
    units += divided(flow * scale, rate);
  }
  return { value, worth: span.start === null ? null : divided(units * last, scale), missing };
}

/** What it had gained by the end of each of these days since the first of them, as a ratio of one; null: not known. */
export function gainedBy(prices: PriceGraph, beside: Beside, days: readonly Day[]): (Decimal | null)[] {
  const rates = days.map(ratesOf(prices, beside));
  const first = rates[0];
  return rates.map((rate) => (rate === undefined || first === undefined ? null : grown(first, rate)));
}

const ratesOf =
  (prices: PriceGraph, { asset, base, now }: Beside) =>
  (day: Day): bigint | undefined =>
    prices.rate(asset, base, Math.min(endOf(day).getTime(), now), now)?.units;

const grown = (first: bigint, last: bigint): Decimal =>
  fixedDecimal(divided(last * powerOfTen(RATE_DECIMALS), first), RATE_DECIMALS)
    .minus(1)
    .toDecimalPlaces(RETURN_DECIMALS, Decimal.ROUND_HALF_EVEN);
