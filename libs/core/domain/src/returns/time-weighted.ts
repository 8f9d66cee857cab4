import { type Day, daysBetween, Decimal, divided, fixedDecimal, ONE, powerOfTen, ZERO } from '@scani/money';
import type { DayMoney } from './day-money.js';

/** The value of a scope at the end of a day, in units of 10^-VALUE_DECIMALS of the base; null: not known. */
export interface DayValue {
  day: Day;
  value: bigint | null;
}

export type TimeWeighted =
  | { known: true; value: Decimal; annualised: Decimal | null; from: Day; to: Day }
  | { known: false; reason: 'never-invested' }
  /** A link of the chain is missing: that many days, the first of them `day`. */
  | { known: false; reason: 'value-unknown' | 'nothing-invested' | 'below-zero'; day: Day; days: number };

/** Shares of one are kept to this many decimals. */
export const RETURN_DECIMALS = 10;
const YEAR_DAYS = 365;
/** Decimals of the product of daily returns: thousands of roundings stay far below those that are kept. */
export const CHAIN_DECIMALS = 40;
const CHAIN_ONE = powerOfTen(CHAIN_DECIMALS);

/**
 * The time-weighted return: the daily returns, chained. A day's return is (end − start − flow) ÷ capital, which is
 * Modified Dietz within the day: money that came in at a known price works from the start of the day (weight 1), all
 * other flows stand at the day's closing price and therefore at its end (weight 0). The chain runs from the first day
 * with capital to the last; a day within it that has no return breaks it, and is told.
 * `values`: consecutive days, ascending, the first being the day at whose end it begins. Annualised from a year on only
 * (GIPS 2020, 2.A.36: no annualising of less than a year).
 */
export function timeWeighted(values: readonly DayValue[], money: readonly DayMoney[]): TimeWeighted {
  const found = chainOf(values, money);
  if (!found.known) return found;
  const { chain, from, to } = found;
  const grown = fixedDecimal(chain.reduce(chained, CHAIN_ONE), CHAIN_DECIMALS);
  return { known: true, value: ratio(grown.minus(ONE)), annualised: perYear(grown, daysBetween(from, to)), from, to };
}

/** The time-weighted return up to the end of a day. */
export interface ChainedReturn {
  day: Day;
  /** As a ratio of one. */
  value: Decimal;
}

/**
 * How the time-weighted return came about, for charts: from nothing at its start to itself at its end, on at most that
 * many days (two or more) in equal steps. Empty where it is not known.
 */
export function chainedReturns(
  values: readonly DayValue[],
  money: readonly DayMoney[],
  most: number,
): readonly ChainedReturn[] {
  const found = chainOf(values, money);
  if (!found.known) return [];
  const { chain, from } = found;
  const steps = Math.min(chain.length, most - 1);
  const shown = new Set(Array.from({ length: steps }, (_, step) => Math.ceil(((step + 1) * chain.length) / steps) - 1));
  const points: ChainedReturn[] = [{ day: from, value: ZERO }];
  let product = CHAIN_ONE;
  for (const [index, link] of chain.entries()) {
    product = chained(product, link);
    if (shown.has(index))
      points.push({ day: link.day, value: ratio(fixedDecimal(product - CHAIN_ONE, CHAIN_DECIMALS)) });
  }
  return points;
}

type Chain = { known: true; chain: DayReturn[]; from: Day; to: Day } | (TimeWeighted & { known: false });

/** The links from the first day with capital to the last, or why they are no chain. */
function chainOf(values: readonly DayValue[], money: readonly DayMoney[]): Chain {
  const links = dayReturns(values, money);
  const first = links.findIndex((link) => link.kind === 'return' || link.kind === 'below-zero');
  if (first < 0) {
    const unknown = links.find((link) => link.kind === 'value-unknown');
    return unknown
      ? { known: false, reason: 'value-unknown', day: unknown.day, days: count(links, 'value-unknown') }
      : { known: false, reason: 'never-invested' };
  }
  // Nothing before the first money and nothing after the last is no gap; not knowing is one wherever it is.
  const start = links.findIndex((link, index) => index >= first || link.kind === 'value-unknown');
  const end = links.findLastIndex((link) => link.kind !== 'nothing-invested');
  const chain = links.slice(start, end + 1);
  const broken = chain.find((link) => link.kind !== 'return');
  if (broken && broken.kind !== 'return') {
    return { known: false, reason: broken.kind, day: broken.day, days: count(chain, broken.kind) };
  }
  return { known: true, chain, from: (values[start] as DayValue).day, to: (values[end + 1] as DayValue).day };
}

const chained = (grown: bigint, link: DayReturn): bigint => divided(grown * link.end, link.capital);

/** The return of one day: a link of the chain, or why there is none. */
export interface DayReturn {
  kind: 'return' | 'value-unknown' | 'nothing-invested' | 'below-zero';
  day: Day;
  /** What was at work, and what it had become; their ratio is the day's return and one. */
  capital: bigint;
  end: bigint;
}

/** The returns of the days after the first, each by itself. */
export function dayReturns(values: readonly DayValue[], money: readonly DayMoney[]): DayReturn[] {
  const moved = new Map(money.map((one) => [one.day, one]));
  return values.slice(1).map((today, index) => linkOf(values[index] as DayValue, today, moved.get(today.day)));
}

function linkOf(before: DayValue, today: DayValue, money: DayMoney | undefined): DayReturn {
  const { day } = today;
  const none = { day, capital: 1n, end: 1n };
  if (before.value === null || today.value === null) return { kind: 'value-unknown', ...none };
  const flow = money?.flow ?? 0n;
  const priced = money?.priced ?? 0n;
  const least = flow < priced ? flow : priced;
  const atWork = least > 0n ? least : 0n;
  const capital = before.value + atWork;
  if (capital < 0n) return { kind: 'below-zero', ...none };
  if (capital === 0n) return { kind: 'nothing-invested', ...none };
  return { kind: 'return', day, capital, end: today.value - flow + atWork };
}

function perYear(grown: Decimal, days: number): Decimal | null {
  if (days < YEAR_DAYS || grown.isNegative()) return null;
  return ratio(grown.pow(new Decimal(YEAR_DAYS).div(days)).minus(ONE));
}

const count = (links: readonly DayReturn[], kind: DayReturn['kind']): number =>
  links.filter((link) => link.kind === kind).length;
const ratio = (value: Decimal): Decimal => value.toDecimalPlaces(RETURN_DECIMALS);
