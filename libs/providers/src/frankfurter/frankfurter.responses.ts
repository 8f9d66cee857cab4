import { parseDay } from '@scani/money';
import { malformed } from '../call.js';
import type { DayRates } from '../euro-rates.js';
import { decimalTextOf, recordOf } from '../exact-json.js';
import { NAME } from './frankfurter.client.js';

/** `/latest`: `{ amount, base, date, rates }`. */
export function latestRates(body: unknown): DayRates {
  const record = recordOf(body);
  const day = typeof record?.['date'] === 'string' ? parseDay(record['date']) : undefined;
  if (!day) throw malformed(NAME, 'date');
  return { day, perEuro: ratesOf(record) };
}

/** `/{from}..{to}`: `{ amount, base, start_date, end_date, rates: { day: rates } }`, oldest first. */
export function seriesRates(body: unknown): readonly DayRates[] {
  const record = recordOf(body);
  checkBase(record);
  const days = recordOf(record?.['rates']);
  if (!days) throw malformed(NAME, 'rates');
  return Object.entries(days)
    .map(([text, rates]) => {
      const day = parseDay(text);
      if (!day) throw malformed(NAME, `day in ${JSON.stringify(text)}`);
      return { day, perEuro: valuesOf(rates) };
    })
    .sort((a, b) => (a.day < b.day ? -1 : 1));
}

function ratesOf(record: Readonly<Record<string, unknown>> | undefined): ReadonlyMap<string, string> {
  checkBase(record);
  return valuesOf(record?.['rates']);
}

/** Rates per euro are asked for; a service that answers with another base would be off by a currency. */
function checkBase(record: Readonly<Record<string, unknown>> | undefined): void {
  if (record?.['base'] !== 'EUR') throw malformed(NAME, 'base EUR');
}

function valuesOf(rates: unknown): ReadonlyMap<string, string> {
  const record = recordOf(rates);
  if (!record) throw malformed(NAME, 'rates');
  const values = new Map<string, string>();
  for (const [code, rate] of Object.entries(record)) {
    const text = decimalTextOf(rate);
    if (text !== undefined) values.set(code, text);
  }
  return values;
}
