import { addDays, type Day, day, Decimal } from '@scani/money';
import { MOST_ACCRUED_DAYS, YIELD_DECIMALS } from './constants.js';

/** How often a year interest is paid: daily, on weekdays, weekly, monthly, yearly. */
export const PAYOUTS_PER_YEAR = [365, 260, 52, 12, 1] as const;
export type PayoutsPerYear = (typeof PAYOUTS_PER_YEAR)[number];

export interface YieldTerms {
  /** By the year: 0.05 is 5 %. */
  rate: Decimal;
  payoutsPerYear: PayoutsPerYear;
  /** The first day that earns; the first payout is due one period later. */
  startsOn: Day;
  /** The last day on which a payout may be due. */
  endsOn: Day | null;
}

const SATURDAY = 6;
const SUNDAY = 0;

const weekdayOf = (on: Day): number => new Date(`${on}T00:00:00Z`).getUTCDay();

/** The same day of a month or year later; the last one of the month where that has fewer days. */
function addMonths(on: Day, months: number): Day {
  const [year = 0, month = 0, date = 0] = on.split('-').map(Number);
  const first = new Date(Date.UTC(year, month - 1 + months, 1));
  const last = new Date(Date.UTC(first.getUTCFullYear(), first.getUTCMonth() + 1, 0)).getUTCDate();
  first.setUTCDate(Math.min(date, last));
  return day(first.toISOString().slice(0, 10));
}

/**
 * The days on which payouts are due, later than `after` (when given) and up to `today`, ascending; of those none that lies
 * more than 366 days back.
 */
export function payoutsDue({ payoutsPerYear, startsOn, endsOn }: YieldTerms, after: Day | null, today: Day): Day[] {
  const last = endsOn !== null && endsOn < today ? endsOn : today;
  const earliest = addDays(today, -MOST_ACCRUED_DAYS);
  const isOpen = (on: Day): boolean => on >= earliest && (after === null || on > after);
  const due: Day[] = [];
  if (payoutsPerYear === 12 || payoutsPerYear === 1) {
    const months = 12 / payoutsPerYear;
    for (
      let count = 1, on = addMonths(startsOn, months);
      on <= last;
      count += 1, on = addMonths(startsOn, count * months)
    )
      if (isOpen(on)) due.push(on);
    return due;
  }
  const weekday = weekdayOf(startsOn);
  const first = addDays(startsOn, 1);
  for (let on = first > earliest ? first : earliest; on <= last; on = addDays(on, 1)) {
    const isDue =
      payoutsPerYear === 365 ||
      (payoutsPerYear === 52 ? weekdayOf(on) === weekday : weekdayOf(on) !== SATURDAY && weekdayOf(on) !== SUNDAY);
    if (isDue && isOpen(on)) due.push(on);
  }
  return due;
}

/** Interest of one payout: balance × rate ÷ payouts per year, half to even at 8 decimals; below zero for what is owed. */
export function interestOf(balance: Decimal, { rate, payoutsPerYear }: YieldTerms): Decimal {
  return balance.times(rate).div(payoutsPerYear).toDecimalPlaces(YIELD_DECIMALS, Decimal.ROUND_HALF_EVEN);
}
