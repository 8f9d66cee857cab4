import { type Day, daysBetween, Decimal, ONE, ZERO } from '@scani/money';
import type { DayMoney } from './day-money.js';

/** The value of a scope at the end of a day; null: not known. */
export interface DayValue {
  day: Day;
  value: Decimal | null;
}

export type TimeWeighted =
  | { known: true; value: Decimal; annualised: Decimal | null; from: Day; to: Day }
  | { known: false; reason: 'never-invested' }
  /** A link of the chain is missing: that many days, the first of them `day`. */
  | { known: false; reason: 'value-unknown' | 'nothing-invested' | 'below-zero'; day: Day; days: number };

/** Shares of one are kept to this many decimals. */
export const RETURN_DECIMALS = 10;
const YEAR_DAYS = 365;

/**
 * The time-weighted return: the daily returns, chained. A day's return is (end − start − flow) ÷ capital, which is
 * Modified Dietz within the day: money that came in at a known price works from the start of the day (weight 1), all
 * other flows stand at the day's closing price and therefore at its end (weight 0). The chain runs from the first day
 * with capital to the last; a day within it that has no return breaks it, and is told.
 * `values`: consecutive days, ascending, the first being the day at whose end it begins. Annualised from a year on only
 * (GIPS 2020, 2.A.36: no annualising of less than a year).
 */
export function timeWeighted(values: readonly DayValue[], money: readonly DayMoney[]): TimeWeighted {
  const moved = new Map(money.map((one) => [one.day, one]));
  const links = values.slice(1).map((today, index) => linkOf(values[index] as DayValue, today, moved.get(today.day)));
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
  const grown = chain.reduce((product, link) => product.times(link.factor), ONE);
  const [from, to] = [(values[start] as DayValue).day, (values[end + 1] as DayValue).day];
  return { known: true, value: ratio(grown.minus(ONE)), annualised: perYear(grown, daysBetween(from, to)), from, to };
}

interface Link {
  kind: 'return' | 'value-unknown' | 'nothing-invested' | 'below-zero';
  day: Day;
  factor: Decimal;
}

function linkOf(before: DayValue, today: DayValue, money: DayMoney | undefined): Link {
  const { day } = today;
  if (before.value === null || today.value === null) return { kind: 'value-unknown', day, factor: ONE };
  const flow = money?.flow ?? ZERO;
  const atWork = Decimal.max(ZERO, Decimal.min(flow, money?.priced ?? ZERO));
  const capital = before.value.plus(atWork);
  if (capital.isNegative() && !capital.isZero()) return { kind: 'below-zero', day, factor: ONE };
  if (capital.isZero()) return { kind: 'nothing-invested', day, factor: ONE };
  return { kind: 'return', day, factor: today.value.minus(flow).plus(atWork).div(capital) };
}

function perYear(grown: Decimal, days: number): Decimal | null {
  if (days < YEAR_DAYS || grown.isNegative()) return null;
  return ratio(grown.pow(new Decimal(YEAR_DAYS).div(days)).minus(ONE));
}

const count = (links: readonly Link[], kind: Link['kind']): number => links.filter((link) => link.kind === kind).length;
const ratio = (value: Decimal): Decimal => value.toDecimalPlaces(RETURN_DECIMALS);
