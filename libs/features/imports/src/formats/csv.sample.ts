import { type CsvRecord, recordsOf } from './csv.records.js';
import { columnsIn, type Column } from './csv.columns.js';
import { isHeading, roleOf, type Role } from './csv.words.js';
import { type CsvMapping, type DateFormat, type Delimiter, DELIMITERS } from './mapping.js';
import { UnreadableFile } from './statement.js';

/** What a person is shown of a CSV to say which column is what, and a first guess at it. */
export interface CsvSample {
  columns: { index: number; name: string }[];
  lines: string[][];
  suggestion: CsvMapping;
  /** By column: the formats that every date in it fits, the likeliest first. */
  dateFormats: Record<string, DateFormat[]>;
}

const LOOKED_AT = 60;
const SHOWN_LINES = 8;
const LONGEST_CELL = 200;
const DEFAULT_FORMAT: DateFormat = 'YYYY-MM-DD';

/** Looks at a CSV of any bank. `currency` (of the account) tips the scale between days and months. Throws UnreadableFile. */
export function sampleOf(text: string, currency: string): CsvSample {
  const delimiter = delimiterOf(text);
  const records = recordsOf(text, delimiter);
  const width = usualWidth(records.slice(0, LOOKED_AT));
  const headerAt = headerOf(records.slice(0, LOOKED_AT), width);
  const header = headerAt === undefined ? undefined : records[headerAt];
  const data = records.slice((headerAt ?? -1) + 1);
  if (data.length === 0) throw new UnreadableFile('no-rows', 'This CSV has a heading and no rows below it.');
  const columns = columnsIn(data, width, currency);
  const names = Array.from({ length: width }, (_, index) => header?.fields[index]?.trim() || `Column ${index + 1}`);
  return {
    columns: names.map((name, index) => ({ index, name: name.slice(0, LONGEST_CELL) })),
    lines: data.slice(0, SHOWN_LINES).map(({ fields }) => fields.map((field) => field.slice(0, LONGEST_CELL))),
    suggestion: suggestionOf(delimiter, header?.line ?? null, header ? names : [], columns),
    dateFormats: Object.fromEntries(columns.flatMap(({ index, dates }) => (dates.length > 0 ? [[index, dates]] : []))),
  };
}

/** The delimiter that cuts most lines into equally many cells. */
function delimiterOf(text: string): Delimiter {
  const start = text.slice(0, 64_000);
  const scored = DELIMITERS.map((delimiter) => {
    const records = tryRecords(start, delimiter);
    const width = usualWidth(records);
    const fitting = records.filter(({ fields }) => fields.length === width).length;
    return { delimiter, score: width < 2 ? 0 : (fitting / records.length) * fitting * Math.min(width, 8) };
  }).sort((one, other) => other.score - one.score);
  const best = scored[0];
  if (best && best.score > 0) return best.delimiter;
  throw new UnreadableFile(
    'not-a-table',
    'No columns can be found in this file. Export the statement as CSV (with commas, semicolons or tabs) or as OFX.',
  );
}

/** Cutting a file at a place of its own choosing, or at the wrong delimiter, may leave a quote open: that is no candidate. */
function tryRecords(text: string, delimiter: Delimiter): CsvRecord[] {
  try {
    return recordsOf(text, delimiter, LOOKED_AT);
  } catch (error) {
    if (error instanceof UnreadableFile) return [];
    throw error;
  }
}

function usualWidth(records: readonly CsvRecord[]): number {
  const counts = new Map<number, number>();
  for (const { fields } of records) counts.set(fields.length, (counts.get(fields.length) ?? 0) + 1);
  const [usual] = [...counts].sort((one, other) => other[1] - one[1] || other[0] - one[0]);
  return usual?.[0] ?? 0;
}

/** The last heading before the rows: as wide as they are, words and no values. Undefined when the rows begin at once. */
function headerOf(records: readonly CsvRecord[], width: number): number | undefined {
  const at = records.findIndex(({ fields }) => Math.abs(fields.length - width) <= 1 && isHeading(fields));
  return at === -1 ? undefined : at;
}

function suggestionOf(
  delimiter: Delimiter,
  headerLine: number | null,
  names: readonly string[],
  columns: readonly Column[],
): CsvMapping {
  const pick = (role: Role, fits: (column: Column) => boolean): number | null => {
    const candidates = columns
      .filter(fits)
      .map(({ index }) => ({ index, weight: roleOf(names[index] ?? '', role) }))
      .filter(({ weight }) => weight > 0)
      .sort((one, other) => other.weight - one.weight || one.index - other.index);
    return candidates[0]?.index ?? null;
  };
  const isDate = ({ dates }: Column): boolean => dates.length > 0;
  const isAmount = ({ amounts }: Column): boolean => amounts > 0;
  const date = pick('date', isDate) ?? columns.find(isDate)?.index ?? 0;
  const balance = pick('balance', isAmount);
  const debit = pick('debit', isAmount);
  const credit = pick('credit', (column) => isAmount(column) && column.index !== debit);
  const signed =
    pick('amount', (column) => isAmount(column) && column.index !== balance) ??
    (debit === null || credit === null
      ? (columns.find((column) => isAmount(column) && ![balance, date].includes(column.index))?.index ?? null)
      : null);
  const twoColumns =
    debit !== null && credit !== null && (signed === null || roleOf(names[signed] ?? '', 'amount') < 2);
  const amount = twoColumns ? null : signed;
  const used = new Set([date, balance, amount, ...(twoColumns ? [debit, credit] : [])]);
  const currency = pick('currency', ({ codes, index }) => codes && !used.has(index));
  const id = pick('id', ({ unique, index }) => unique && !used.has(index));
  const amountColumn = columns[amount ?? debit ?? balance ?? -1];
  return {
    delimiter,
    headerLine,
    date,
    dateFormat: columns[date]?.dates[0] ?? DEFAULT_FORMAT,
    amount,
    debit: twoColumns ? debit : null,
    credit: twoColumns ? credit : null,
    decimalSeparator: amountColumn?.separator ?? (delimiter === ';' ? ',' : '.'),
    description: descriptionsIn(names, columns, new Set([...used, currency, id])),
    balance,
    currency,
    id,
  };
}

/** Columns that are named like a description; without any, the wordiest one. */
function descriptionsIn(
  names: readonly string[],
  columns: readonly Column[],
  used: ReadonlySet<number | null>,
): number[] {
  const free = columns.filter(({ index, dates }) => !used.has(index) && dates.length === 0);
  const named = free.filter(({ index, filled }) => filled && roleOf(names[index] ?? '', 'description') > 0);
  if (named.length > 0) return named.map(({ index }) => index);
  const wordiest = free.filter(({ letters }) => letters > 0).sort((one, other) => other.letters - one.letters)[0];
  return wordiest ? [wordiest.index] : [];
}
