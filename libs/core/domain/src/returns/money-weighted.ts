import { type Day, daysBetween, Decimal, ONE, ZERO } from '@scani/money';
import { RETURN_DECIMALS } from './time-weighted.js';

/** Money as its owner sees it: paid in is below zero, got back (the value at the end, too) above. */
export interface CashFlow {
  day: Day;
  amount: Decimal;
}

export type MoneyWeighted =
  | { state: 'known'; value: Decimal }
  | { state: 'undefined'; reason: 'no-flows' | 'within-a-day' | 'no-sign-change' | 'no-rate' }
  | { state: 'not-unique'; rates: number };

const YEAR_DAYS = 365;
/** Yearly rates are looked for between e^-60 - 1 and e^60 - 1, closely around zero and in wide steps far from it. */
const YEARLY_LIMIT = 60;
/** What a float can hold as an exponent of e, with room to spare. */
const EXPONENT_LIMIT = 600;
const SCAN_STEPS = 1_200;
const SCAN_DENSITY = 8;
const BISECTIONS = 60;
/** Each step doubles the digits that hold: from a float's fifteen to all that are kept. */
const POLISH_STEPS = 3;
const TOLERANCE = new Decimal('1e-10');

/**
 * The money-weighted return (XIRR): the yearly rate at which all flows, discounted by actual days / 365, add up to
 * nothing, rounded to ten decimals. Floats only find the neighbourhood; the rate is then polished in decimals and must
 * show a change of sign within 1e-10 on either side (relative to 1 + rate), or it is not given.
 *
 * With q the discount of one day the sum is a polynomial in q, so by Descartes' rule one change of sign among the
 * flows means exactly one rate. With more of them the whole range is searched, and several rates are said so.
 */
export function moneyWeighted(flows: readonly CashFlow[]): MoneyWeighted {
  const terms = termsOf(flows);
  if (terms.length === 0) return { state: 'undefined', reason: 'no-flows' };
  const span = (terms.at(-1) as Term).days;
  if (span === 0) return { state: 'undefined', reason: flows.length > 1 ? 'within-a-day' : 'no-sign-change' };
  if (signChanges(terms) === 0) return { state: 'undefined', reason: 'no-sign-change' };
  const found = brackets(terms, span);
  if (found.length > 1) return { state: 'not-unique', rates: found.length };
  const value = found[0] === undefined ? undefined : polished(terms, found[0]);
  return value === undefined ? { state: 'undefined', reason: 'no-rate' } : { state: 'known', value };
}

interface Term {
  days: number;
  amount: Decimal;
}

/** One term per day, days counted from the first flow, nothing left that is nothing. */
function termsOf(flows: readonly CashFlow[]): Term[] {
  const byDay = new Map<Day, Decimal>();
  for (const { day, amount } of flows) byDay.set(day, (byDay.get(day) ?? ZERO).plus(amount));
  const kept = [...byDay].filter(([, amount]) => !amount.isZero()).sort(([one], [other]) => (one < other ? -1 : 1));
  return kept.map(([day, amount]) => ({ days: daysBetween((kept[0] as [Day, Decimal])[0], day), amount }));
}

function signChanges(terms: readonly Term[]): number {
  return terms.filter((term, index) => {
    const before = terms[index - 1];
    return before !== undefined && before.amount.isNegative() !== term.amount.isNegative();
  }).length;
}

/** Every place where the sum changes its sign, as ln(1 + rate); floats, since nothing of them is kept. */
function brackets(terms: readonly Term[], span: number): number[] {
  const scale = terms.reduce((most, { amount }) => Decimal.max(most, amount.abs()), ZERO);
  const points = terms.map(({ days, amount }) => ({ years: days / YEAR_DAYS, amount: amount.div(scale).toNumber() }));
  const years = span / YEAR_DAYS;
  // Discounted towards the end that dominates, so that no exponential overflows.
  const sumAt = (log: number): number => {
    const from = log < 0 ? years : 0;
    return points.reduce((total, { years: after, amount }) => total + amount * Math.exp(-log * (after - from)), 0);
  };
  const limit = Math.min(YEARLY_LIMIT, EXPONENT_LIMIT / years);
  const pointAt = (step: number): number =>
    (limit * Math.sinh(SCAN_DENSITY * ((2 * step) / SCAN_STEPS - 1))) / Math.sinh(SCAN_DENSITY);
  const found: number[] = [];
  let low = pointAt(0);
  let atLow = sumAt(low);
  for (let step = 1; step <= SCAN_STEPS; step += 1) {
    // The middle of the range is a rate of zero, which is often the answer to the digit: it is stepped over.
    const high = pointAt(step === SCAN_STEPS / 2 ? step + 0.5 : step);
    const atHigh = sumAt(high);
    if (atLow < 0 !== atHigh < 0) found.push(bisected(sumAt, low, high));
    low = high;
    atLow = atHigh;
  }
  return found;
}

function bisected(sumAt: (log: number) => number, from: number, to: number): number {
  let [low, high] = [from, to];
  const below = sumAt(low) < 0;
  for (let turn = 0; turn < BISECTIONS; turn += 1) {
    const middle = (low + high) / 2;
    if (sumAt(middle) < 0 === below) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

/** The rate from its neighbourhood, by Newton's steps on the daily discount, checked by a change of sign around it. */
function polished(terms: readonly Term[], log: number): Decimal | undefined {
  let discount = new Decimal(-log / YEAR_DAYS).exp();
  for (let turn = 0; turn < POLISH_STEPS; turn += 1) {
    const { value, slope } = horner(terms, discount);
    if (value.isZero() || slope.isZero()) break;
    discount = discount.minus(value.div(slope));
    if (!discount.isPositive() || discount.isZero()) return undefined;
  }
  const rate = discount.pow(-YEAR_DAYS).minus(ONE);
  const reach = TOLERANCE.times(rate.plus(ONE));
  const [below, above] = [rate.minus(reach), rate.plus(reach)].map((near) => horner(terms, discountOf(near)).value);
  const verified = below !== undefined && above !== undefined && below.times(above).lte(0);
  return verified ? rate.toDecimalPlaces(RETURN_DECIMALS) : undefined;
}

const discountOf = (rate: Decimal): Decimal => rate.plus(ONE).pow(new Decimal(-1).div(YEAR_DAYS));

function horner(terms: readonly Term[], discount: Decimal): { value: Decimal; slope: Decimal } {
  const powers = new Map<number, Decimal>();
  const powerOf = (exponent: number): Decimal => {
    const power = powers.get(exponent) ?? discount.pow(exponent);
    powers.set(exponent, power);
    return power;
  };
  let [value, slope] = [ZERO, ZERO];
  for (let index = terms.length - 1; index >= 0; index -= 1) {
    const { days, amount } = terms[index] as Term;
    value = value.plus(amount);
    const gap = days - (terms[index - 1]?.days ?? 0);
    if (gap === 0) continue;
    slope = slope.times(powerOf(gap)).plus(value.times(gap).times(powerOf(gap - 1)));
    value = value.times(powerOf(gap));
  }
  return { value, slope };
}
