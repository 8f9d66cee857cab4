import { CURRENCIES, EURO } from './catalog.ts';
import { DAY_MS, dayMs, dayText, digits, isWeekend, priceAt } from './series.ts';

/** Units of `code` for one euro at an instant; undefined for a currency that the ECB does not publish. */
export function perEuro(code: string, ms: number): number | undefined {
  if (code === EURO.code) return 1;
  const found = CURRENCIES.find((currency) => currency.code === code);
  if (!found) return undefined;
  return priceAt({ seed: `fx:${code}`, level: found.perEuro, yearlyDrift: 0, swing: found.swing }, ms);
}

/** US dollars for one unit of `code`. */
export function inDollars(code: string, ms: number): number | undefined {
  const rate = perEuro(code, ms);
  return rate === undefined ? undefined : (perEuro('USD', ms) ?? 1) / rate;
}

/** The ECB publishes about 16:00 CET on TARGET working days; five significant digits. */
export const PUBLISHED_HOUR_UTC = 15;

export function publishedRate(code: string, day: string): number | undefined {
  const rate = perEuro(code, dayMs(day) + PUBLISHED_HOUR_UTC * 3_600_000);
  return rate === undefined ? undefined : digits(rate, rate > 1000 ? 6 : 5);
}

export function isPublished(day: string, now: number): boolean {
  if (isWeekend(day) || TARGET_HOLIDAYS.has(day.slice(5)) || isEasterHoliday(day)) return false;
  return dayMs(day) + PUBLISHED_HOUR_UTC * 3_600_000 <= now;
}

/** The newest day with rates at or before `day`. */
export function newestPublished(day: string, now: number): string {
  let at = Math.min(dayMs(day), now);
  while (!isPublished(dayText(at), now)) at -= DAY_MS;
  return dayText(at);
}

const TARGET_HOLIDAYS = new Set(['01-01', '05-01', '12-25', '12-26']);

function isEasterHoliday(day: string): boolean {
  const easter = easterSunday(Number(day.slice(0, 4)));
  const distance = Math.round((dayMs(day) - easter) / DAY_MS);
  return distance === -2 || distance === 1;
}

/** Gauss's rule for the Gregorian calendar. */
function easterSunday(year: number): number {
  const a = year % 19;
  const century = Math.floor(year / 100);
  const h = (century - Math.floor(century / 4) - Math.floor((8 * century + 13) / 25) + 19 * a + 15) % 30;
  const i = h - Math.floor(h / 28) * (1 - Math.floor(29 / (h + 1)) * Math.floor((21 - a) / 11));
  const j = (year + Math.floor(year / 4) + i + 2 - century + Math.floor(century / 4)) % 7;
  const l = i - j;
  const month = 3 + Math.floor((l + 40) / 44);
  return Date.UTC(year, month - 1, l + 28 - 31 * Math.floor(month / 4));
}
