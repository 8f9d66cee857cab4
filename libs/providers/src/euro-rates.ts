import { type Day, decimal, decimalText } from '@scani/money';
import { accept, refuse, sorted } from './accept.js';
import type { AssetRef, History, Outcome } from './provider.js';

/** Units of each currency for one euro, as the European Central Bank published them for a working day. */
export interface DayRates {
  readonly day: Day;
  readonly perEuro: ReadonlyMap<string, string>;
}

export const EURO = 'EUR';
export const DOLLAR = 'USD';

const CODE = /^[A-Z]{3}$/;

/** Its code for a currency that can be priced in dollars. */
export const currencyOf = ({ kind, symbol }: AssetRef): string | undefined =>
  kind === 'fiat' && CODE.test(symbol) && symbol !== DOLLAR ? symbol : undefined;

/** What must be asked for to price these: the euro is asked for by nobody, the dollar by all. */
export const asksFor = (codes: readonly string[]): string[] => [...codes.filter((code) => code !== EURO), DOLLAR];

/** Published rates have five or six significant digits; twelve keep the quotient of two of them. */
const CROSS_RATE_DIGITS = 12;

/** The ECB fixes at 14:15 and publishes about 16:00 in Frankfurt: 14:00 UTC in summer, an hour later in winter. */
const PUBLISHED_UTC = 'T14:00:00.000Z';

/** US dollars for one unit of `code`; the euro exactly as published, any other as the quotient of two published rates. */
export function inDollars(rates: DayRates, code: string, now: Date): Outcome {
  const dollars = rates.perEuro.get(DOLLAR);
  const units = code === EURO ? '1' : rates.perEuro.get(code);
  if (dollars === undefined) return refuse('bad-answer', 'the answer has no US dollar');
  if (units === undefined) return refuse('unknown-asset', `the ECB publishes no rate for ${code}`);
  if (!decimal(units).greaterThan(0)) return refuse('zero-or-negative', `the source says ${units} ${code} for a euro`);
  const value =
    code === EURO ? dollars : decimalText(decimal(dollars).div(decimal(units)).toSignificantDigits(CROSS_RATE_DIGITS));
  return accept({ value, currency: DOLLAR, at: `${rates.day}${PUBLISHED_UTC}`, granularity: 'daily' }, now);
}

/** A range may begin with the working day before it, which was not asked for. */
export function dailyRates(days: readonly DayRates[], code: string, from: Day, to: Day, now: Date): History {
  return sorted(days.filter(({ day }) => day >= from && day <= to).map((rates) => inDollars(rates, code, now)));
}
