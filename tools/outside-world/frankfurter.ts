/**
 * Frankfurter, as documented at frankfurter.dev/v1: /v1/latest, /v1/{day}, /v1/{day}..{day}, /v1/currencies.
 * ECB reference rates on working days; a weekend asks for the Friday before it.
 */
import { CURRENCIES, EURO } from './catalog.ts';
import { isPublished, newestPublished, publishedRate } from './rates.ts';
import { DAY_MS, dayMs, dayText } from './series.ts';
import { json, type Answer, type Asked } from './http.ts';

const FIRST_DAY = '1999-01-04';
const DAY = String.raw`\d{4}-\d{2}-\d{2}`;
const ON_DAY = new RegExp(`^/v1/(${DAY})$`);
const RANGE = new RegExp(String.raw`^/v1/(${DAY})\.\.(${DAY})?$`);

/** Two decimals above 80, three above 20, four above 1, five below; other bases than the euro are rounded so. */
function rounded(value: number): number {
  if (value > 5000) return Math.round(value);
  if (value > 80) return Number(value.toFixed(2));
  if (value > 20) return Number(value.toFixed(3));
  if (value > 1) return Number(value.toFixed(4));
  return Number(value.toFixed(value > 0.0001 ? 5 : 6));
}

function ratesOn(day: string, base: string, symbols: string[] | undefined): Record<string, number> {
  const baseRate = publishedRate(base, day) ?? 1;
  const rates: Record<string, number> = {};
  for (const { code } of [...CURRENCIES, EURO].sort((a, b) => (a.code < b.code ? -1 : 1))) {
    if (code === base || (symbols && !symbols.includes(code))) continue;
    const rate = publishedRate(code, day);
    if (rate !== undefined) rates[code] = base === EURO.code ? rate : rounded(rate / baseRate);
  }
  return rates;
}

function asking({ query, now }: Asked): { base: string; symbols: string[] | undefined } | Answer {
  const base = (query.get('base') ?? query.get('from') ?? EURO.code).toUpperCase();
  const symbols = (query.get('symbols') ?? query.get('to'))?.toUpperCase().split(',');
  const known = (code: string) => publishedRate(code, dayText(now)) !== undefined;
  if (!known(base) || (symbols && !symbols.some(known))) return json(404, { message: 'not found' });
  return { base, symbols };
}

export function frankfurter(asked: Asked): Answer {
  if (asked.path === '/v1/currencies') {
    const all = [...CURRENCIES, EURO].sort((a, b) => (a.code < b.code ? -1 : 1));
    return json(200, Object.fromEntries(all.map(({ code, name }) => [code, name])));
  }
  const today = dayText(asked.now);
  const single = asked.path === '/v1/latest' ? today : ON_DAY.exec(asked.path)?.[1];
  const range = RANGE.exec(asked.path);
  if (!single && !range) return json(404, { message: 'not found' });
  const wanted = asking(asked);
  if ('status' in wanted) return wanted;
  const { base, symbols } = wanted;
  if (single) {
    if (single > today || single < FIRST_DAY) return json(404, { message: 'not found' });
    const day = newestPublished(single, asked.now);
    return json(200, { amount: 1.0, base, date: day, rates: ratesOn(day, base, symbols) });
  }
  const from = range?.[1] ?? today;
  const to = range?.[2] ?? today;
  if (from > today || from > to) return json(404, { message: 'not found' });
  const rates: Record<string, Record<string, number>> = {};
  const first = newestPublished(from < FIRST_DAY ? FIRST_DAY : from, asked.now);
  for (let at = dayMs(first); at <= Math.min(dayMs(to), asked.now); at += DAY_MS) {
    const day = dayText(at);
    if (isPublished(day, asked.now)) rates[day] = ratesOn(day, base, symbols);
  }
  const days = Object.keys(rates);
  return json(200, { amount: 1.0, base, start_date: days[0], end_date: days.at(-1), rates });
}
