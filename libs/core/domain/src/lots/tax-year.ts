import { day, type Day, dayOf, endOf, startOf } from '@scani/money';
import { londonDay, startOfLondonDay } from './london-day.js';
import type { CostBasisMethod } from './movement.js';

/** A year of gains: its days, and its first and last instant in ms. */
export interface TaxYear {
  from: Day;
  to: Day;
  fromAt: number;
  toAt: number;
}

/**
 * The year in which gains are counted together. By section 104 it is the UK tax year that begins in this year, from
 * 6 April to 5 April in London; otherwise the calendar year in UTC, as the days of the ledger are.
 */
export function taxYear(year: number, method: CostBasisMethod): TaxYear {
  const digits = (value: number): string => String(value).padStart(4, '0');
  if (method === 'section-104') {
    const [from, to, next] = [
      day(`${digits(year)}-04-06`),
      day(`${digits(year + 1)}-04-05`),
      day(`${digits(year + 1)}-04-06`),
    ];
    return { from, to, fromAt: startOfLondonDay(from), toAt: startOfLondonDay(next) - 1 };
  }
  const [from, to] = [day(`${digits(year)}-01-01`), day(`${digits(year)}-12-31`)];
  return { from, to, fromAt: startOf(from).getTime(), toAt: endOf(to).getTime() };
}

/** The year to which an instant (ms) belongs; see taxYear. */
export function taxYearOf(at: number, method: CostBasisMethod): number {
  if (method !== 'section-104') return Number(dayOf(new Date(at)).slice(0, 4));
  const onDay = londonDay(at);
  return Number(onDay.slice(0, 4)) - (onDay.slice(5) < '04-06' ? 1 : 0);
}
