import { type Day, DAY_MS, Decimal, divided, fixedDecimal, ONE, powerOfTen, startOf } from '@scani/money';
import { VALUE_DECIMALS } from '../constants.js';
import { RETURN_DECIMALS } from './time-weighted.js';

/** Money as its owner sees it: paid in is below zero, got back (the value at the end, too) above. */
export interface CashFlow {
  day: Day;
  /** Units of 10^-scale. */
  amount: bigint;
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
/** The first step away from zero when looking for the neighbourhood; each one doubles it. */
const FIRST_STEP = 0.05;
/** Each step doubles the digits that hold: from a float's fifteen to all that are kept. */
const POLISH_STEPS = 2;
const POLISH_BITS = 192;
const FLOAT_BITS = 52;
/** The rate is verified within 1e-10 × (1 + rate) on either side; as factors of the daily discount. */
const TOLERANCE_DECIMALS = 55;
const [BELOW, ABOVE] = [ONE.minus('1e-10'), ONE.plus('1e-10')].map((near) =>
  BigInt(near.pow(ONE.neg().div(YEAR_DAYS)).times(new Decimal(10).pow(TOLERANCE_DECIMALS)).toFixed(0)),
) as [bigint, bigint];

/**
 * The money-weighted return (XIRR): the yearly rate at which all flows, discounted by actual days / 365, add up to
 * nothing, rounded to ten decimals. Floats only find the neighbourhood; the rate is then polished in fixed point and
 * must show a change of sign within 1e-10 on either side (relative to 1 + rate), or it is not given.
 *
 * A rate at which the money that is still at work never changes its sign before the end is the only one (Soper, 1959):
 * any higher one leaves less at the end, any lower one more. So it is for most portfolios. Where it is not, the whole
 * range is searched, and several rates are said so; with q the discount of one day the sum is a polynomial in q.
 */
export function moneyWeighted(flows: readonly CashFlow[], scale: number = VALUE_DECIMALS): MoneyWeighted {
  const terms = termsOf(flows);
  if (terms.length === 0) return { state: 'undefined', reason: 'no-flows' };
  const span = (terms.at(-1) as Term).days;
  if (span === 0) return { state: 'undefined', reason: flows.length > 1 ? 'within-a-day' : 'no-sign-change' };
  if (terms.every((term) => term.amount < 0n) || terms.every((term) => term.amount > 0n))
    return { state: 'undefined', reason: 'no-sign-change' };
  const series = new Series(terms, scale);
  const found = series.onlyRate() ?? series.rates();
  if (typeof found === 'object' && found.length > 1) return { state: 'not-unique', rates: found.length };
  const log = typeof found === 'object' ? found[0] : found;
  const value = log === undefined ? undefined : polished(terms, log);
  return value === undefined ? { state: 'undefined', reason: 'no-rate' } : { state: 'known', value };
}

interface Term {
  days: number;
  amount: bigint;
}

/** One term per day, days counted from the first flow, nothing left that is nothing. */
function termsOf(flows: readonly CashFlow[]): Term[] {
  const byDay = new Map<number, bigint>();
  for (const { day, amount } of flows) {
    const days = startOf(day).getTime() / DAY_MS;
    byDay.set(days, (byDay.get(days) ?? 0n) + amount);
  }
  const kept = [...byDay].filter(([, amount]) => amount !== 0n).sort(([one], [other]) => one - other);
  return kept.map(([days, amount]) => ({ days: days - (kept[0] as [number, bigint])[0], amount }));
}

/** The flows as floats, to look for the neighbourhood of a rate; nothing of them is kept. Rates are ln(1 + rate). */
class Series {
  private readonly amounts: Float64Array;
  private readonly gaps: Float64Array;
  private readonly limit: number;

  constructor(terms: readonly Term[], scale: number) {
    const size = (amount: bigint): number => Number(amount < 0n ? -amount : amount);
    const most = terms.reduce((largest, { amount }) => Math.max(largest, size(amount)), 0);
    // Amounts beyond a float's range keep their proportions.
    const shift = Number.isFinite(most) ? 1n : powerOfTen(scale);
    const largest = Number.isFinite(most)
      ? most
      : terms.reduce((top, one) => Math.max(top, size(one.amount / shift)), 1);
    this.amounts = Float64Array.from(terms, ({ amount }) => Number(amount / shift) / largest);
    this.gaps = Float64Array.from(terms, ({ days }, index) => days - (terms[index - 1]?.days ?? 0));
    this.limit = Math.min(YEARLY_LIMIT, (EXPONENT_LIMIT * YEAR_DAYS) / (terms.at(-1)?.days ?? 1));
  }

  /** The one rate, where it can be seen to be the only one. */
  onlyRate(): number | undefined {
    const now = this.sumAt(0);
    if (now === 0) return this.neverTurns(0) ? 0 : undefined;
    // Far above zero the first flow decides the sign, far below it the last one.
    const side = now < 0 !== (this.amounts[0] ?? 0) < 0 ? 1 : -1;
    let [low, high] = [0, side * FIRST_STEP];
    while (this.sumAt(high) < 0 === now < 0) {
      if (Math.abs(high) >= this.limit) return undefined;
      [low, high] = [high, side * Math.min(this.limit, Math.abs(high) * 2)];
    }
    const log = this.bisected(low, high);
    return this.neverTurns(log) ? log : undefined;
  }

  /** Every place where the sum changes its sign. */
  rates(): number[] {
    const pointAt = (step: number): number =>
      (this.limit * Math.sinh(SCAN_DENSITY * ((2 * step) / SCAN_STEPS - 1))) / Math.sinh(SCAN_DENSITY);
    const found: number[] = [];
    let low = pointAt(0);
    let atLow = this.sumAt(low);
    for (let step = 1; step <= SCAN_STEPS; step += 1) {
      // The middle of the range is a rate of zero, which is often the answer to the digit: it is stepped over.
      const high = pointAt(step === SCAN_STEPS / 2 ? step + 0.5 : step);
      const atHigh = this.sumAt(high);
      if (atLow < 0 !== atHigh < 0) found.push(this.bisected(low, high));
      low = high;
      atLow = atHigh;
    }
    return found;
  }

  private sumAt(log: number): number {
    const discount = Math.exp(-log / YEAR_DAYS);
    let value = 0;
    for (let index = this.amounts.length - 1; index >= 0; index -= 1) {
      const gap = this.gaps[index] ?? 0;
      value += this.amounts[index] ?? 0;
      if (gap === 1) value *= discount;
      else if (gap > 0) value *= Math.exp((-log * gap) / YEAR_DAYS);
    }
    return value;
  }

  private neverTurns(log: number): boolean {
    const sign = Math.sign(this.amounts[0] ?? 0);
    let atWork = 0;
    for (let index = 0; index < this.amounts.length - 1; index += 1) {
      atWork = atWork * Math.exp((log * (this.gaps[index] ?? 0)) / YEAR_DAYS) + (this.amounts[index] ?? 0);
      if (atWork * sign < 0) return false;
    }
    return true;
  }

  private bisected(from: number, to: number): number {
    let [low, high] = [from, to];
    const below = this.sumAt(low) < 0;
    for (let turn = 0; turn < BISECTIONS; turn += 1) {
      const middle = (low + high) / 2;
      if (this.sumAt(middle) < 0 === below) low = middle;
      else high = middle;
    }
    return (low + high) / 2;
  }
}

/** The rate from its neighbourhood, by Newton's steps on the daily discount, checked by a change of sign around it. */
function polished(terms: readonly Term[], log: number): Decimal | undefined {
  const years = (terms.at(-1)?.days ?? 0) / YEAR_DAYS;
  const bits = POLISH_BITS + Math.ceil(Math.abs(log) * years * Math.LOG2E);
  const unit = BigInt(bits);
  let discount = BigInt(Math.round(Math.exp(-log / YEAR_DAYS) * 2 ** FLOAT_BITS)) << BigInt(bits - FLOAT_BITS);
  for (let turn = 0; turn < POLISH_STEPS; turn += 1) {
    const { value, slope } = horner(terms, discount, unit);
    if (value === 0n || slope === 0n) break;
    discount -= divided(value << unit, slope);
    if (discount <= 0n) return undefined;
  }
  const scaled = powerOfTen(TOLERANCE_DECIMALS);
  const [below, above] = [BELOW, ABOVE].map((factor) => horner(terms, (discount * factor) / scaled, unit).value);
  if (below === undefined || above === undefined || (below > 0n && above > 0n) || (below < 0n && above < 0n))
    return undefined;
  const daily = fixedDecimal((discount * scaled) >> unit, TOLERANCE_DECIMALS);
  return daily.pow(-YEAR_DAYS).minus(ONE).toDecimalPlaces(RETURN_DECIMALS);
}

/** The discounted sum and its slope over the discount, in fixed point with `unit` binary digits. */
function horner(terms: readonly Term[], discount: bigint, unit: bigint): { value: bigint; slope: bigint } {
  const powers = new Map<number, bigint>();
  const powerOf = (exponent: number): bigint => {
    const known = powers.get(exponent);
    if (known !== undefined) return known;
    let [power, square] = [1n << unit, discount];
    for (let left = exponent; left > 0; left = Math.floor(left / 2)) {
      if (left % 2 === 1) power = (power * square) >> unit;
      square = (square * square) >> unit;
    }
    powers.set(exponent, power);
    return power;
  };
  let [value, slope] = [0n, 0n];
  for (let index = terms.length - 1; index >= 0; index -= 1) {
    const { days, amount } = terms[index] as Term;
    value += amount << unit;
    const gap = days - (terms[index - 1]?.days ?? 0);
    if (gap === 0) continue;
    slope = (slope * powerOf(gap) + value * BigInt(gap) * powerOf(gap - 1)) >> unit;
    value = (value * powerOf(gap)) >> unit;
  }
  return { value, slope };
}
