import { readAmount } from './amount.js';
import type { CsvRecord } from './csv.records.js';
import { readWhen } from './date.js';
import { AMBIGUOUS, DATE_FORMATS, type DateFormat, type DecimalSeparator } from './mapping.js';

/** What the cells of one column look like, all rows together. */
export interface Column {
  index: number;
  /** Formats that most cells fit, the likeliest first; none when these are no dates. */
  dates: DateFormat[];
  /** How many cells are amounts, where most filled ones are. */
  amounts: number;
  separator: DecimalSeparator;
  /** All filled cells are codes of three capitals. */
  codes: boolean;
  /** Every row has one, and no two are the same. */
  unique: boolean;
  filled: boolean;
  /** Letters in a cell, on average. */
  letters: number;
}

/** Totals and remarks below the rows are no reason to doubt a column. */
const MOST = 0.6;
const LOOKED_AT = 2_000;
const MONTH_FIRST = new Set(['USD']);

/** What each column holds. `currency` of the account decides where days and months can be taken for one another. */
export function columnsIn(data: readonly CsvRecord[], width: number, currency: string): Column[] {
  return Array.from({ length: width }, (_, index) => {
    const all = data.map(({ fields }) => (fields[index] ?? '').trim());
    // Only for days and months does a single value far down decide; and ids must not repeat anywhere.
    const cells = all.slice(0, LOOKED_AT);
    const filled = cells.filter((cell) => cell !== '');
    const separator = separatorOf(filled);
    const dates = filled.length > 0 ? datesIn(filled, all, currency) : [];
    const amounts = filled.filter((cell) => /\d/.test(cell) && readAmount(cell, separator).ok).length;
    const letters = filled.reduce((count, cell) => count + (cell.match(/\p{L}/gu)?.length ?? 0), 0);
    return {
      index,
      dates,
      amounts: dates.length === 0 && amounts > 0 && amounts >= filled.length * MOST ? amounts : 0,
      separator,
      codes: filled.length > 0 && filled.every((cell) => /^[A-Z]{3}$/.test(cell)),
      unique: filled.length === cells.length && new Set(all).size === all.length,
      filled: filled.length > 0,
      letters: filled.length === 0 ? 0 : letters / filled.length,
    };
  });
}

function datesIn(sample: readonly string[], all: readonly string[], currency: string): DateFormat[] {
  const candidates = DATE_FORMATS.filter((format) => fitting(sample, format) >= sample.length * MOST);
  if (candidates.length < 2) return candidates;
  const fits = new Map(candidates.map((format) => [format, fitting(all, format)]));
  const most = Math.max(...fits.values());
  return candidates
    .filter((format) => fits.get(format) === most)
    .sort((one, other) => likelihood(other, sample, currency) - likelihood(one, sample, currency));
}

const fitting = (cells: readonly string[], format: DateFormat): number =>
  cells.reduce((count, cell) => count + (readWhen(cell, format) === undefined ? 0 : 1), 0);

/** Of two readings the one in which the rows are in the order of time is right; else the account's country decides. */
function likelihood(format: DateFormat, cells: readonly string[], currency: string): number {
  if (AMBIGUOUS[format] === undefined) return 0;
  const monthFirst = format === 'MM/DD/YYYY';
  return (inOrder(cells, format) ? 2 : 0) + (MONTH_FIRST.has(currency) === monthFirst ? 1 : 0);
}

function inOrder(cells: readonly string[], format: DateFormat): boolean {
  const times = cells.map((cell) => readWhen(cell, format)?.at).filter((at) => at !== undefined);
  const rises = times.every((at, index) => index === 0 || (times[index - 1] ?? '') <= at);
  return rises || times.every((at, index) => index === 0 || (times[index - 1] ?? '') >= at);
}

/** The last mark in an amount with two kinds, or one that is not followed by exactly three digits, is the decimal one. */
export function separatorOf(cells: readonly string[]): DecimalSeparator {
  let comma = 0;
  let point = 0;
  for (const cell of cells) {
    const last = /([.,])(\d+)\D*$/.exec(cell);
    if (!last) continue;
    const both = cell.includes('.') && cell.includes(',');
    const repeated = cell.split(last[1] ?? '').length > 2;
    if (repeated || (!both && last[2]?.length === 3)) continue;
    if (last[1] === ',') comma += 1;
    else point += 1;
  }
  if (comma === point) return impliedSeparator(cells);
  return comma > point ? ',' : '.';
}

/** Only thousands were written, like 1.234 or 1,234: the decimal separator is the other mark. */
function impliedSeparator(cells: readonly string[]): DecimalSeparator {
  return cells.some((cell) => /\d\.\d{3}(?!\d)/.test(cell)) && !cells.some((cell) => cell.includes(',')) ? ',' : '.';
}
