import { type Day, isDecimalText, parseDay } from '@scani/money';
import { CsvError, parse } from 'csv-parse/sync';
import { malformed } from '../call.js';
import type { DayRates } from '../euro-rates.js';
import { NAME } from './ecb.client.js';

type Row = Partial<Record<'CURRENCY' | 'CURRENCY_DENOM' | 'TIME_PERIOD' | 'OBS_VALUE', string>>;

/** Rows of series after series, put together by day, oldest first. A day without a value (`NaN`) is absent. */
export function ratesByDay(text: string): readonly DayRates[] {
  const days = new Map<Day, Map<string, string>>();
  for (const row of rowsOf(text)) {
    const { CURRENCY: code, TIME_PERIOD: period, OBS_VALUE: value } = row;
    if (row.CURRENCY_DENOM !== 'EUR') throw malformed(NAME, 'rates for the euro');
    const day = period === undefined ? undefined : parseDay(period);
    if (code === undefined || day === undefined) throw malformed(NAME, 'CURRENCY or TIME_PERIOD');
    if (value === undefined || !isDecimalText(value)) continue;
    const rates = days.get(day) ?? new Map<string, string>();
    days.set(day, rates.set(code, value));
  }
  return [...days].map(([day, perEuro]) => ({ day, perEuro })).sort((a, b) => (a.day < b.day ? -1 : 1));
}

function rowsOf(text: string): Row[] {
  if (text.trim() === '') return [];
  try {
    return parse(text, { columns: true, bom: true, skip_empty_lines: true });
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    throw malformed(NAME, 'table');
  }
}
