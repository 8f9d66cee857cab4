import { decimal, decimalText, ZERO } from '@scani/money';
import { readAmount } from './amount.js';
import { closingsOf } from './closing.js';
import { type CsvRecord, recordsOf } from './csv.records.js';
import { readWhen } from './date.js';
import type { CsvMapping } from './mapping.js';
import {
  MOST_ROWS,
  type RowProblem,
  type Statement,
  type StatementContext,
  type StatementRow,
  UnreadableFile,
} from './statement.js';

/** A cell that cannot be read; becomes the problem of its row. */
class BadCell extends Error {
  constructor(
    readonly column: number | null,
    readonly detail: string,
  ) {
    super(detail);
  }
}

/**
 * Reads a CSV by its mapping. Every record below the header is either a row or a problem that names line, column and
 * remedy. `most` reads no more records than that. Throws UnreadableFile.
 */
export function readCsv(text: string, mapping: CsvMapping, context: StatementContext, most?: number): Statement {
  const header = mapping.headerLine ?? 0;
  const all = recordsOf(text, mapping.delimiter, most === undefined ? MOST_ROWS + header + 1 : most + header);
  const names = all.find(({ line }) => line === mapping.headerLine)?.fields ?? [];
  const records = all.filter(({ line }) => line > header).slice(0, most);
  refuseTooMany(records.length);
  if (records.length === 0) {
    throw new UnreadableFile('no-rows', `There are no rows below line ${header}. Choose another header line.`);
  }
  const nameOf = (column: number): string => names[column]?.trim() || `column ${column + 1}`;
  const rows: StatementRow[] = [];
  const problems: RowProblem[] = [];
  for (const record of records) {
    try {
      rows.push(rowOf(record, mapping, context, nameOf));
    } catch (error) {
      if (!(error instanceof BadCell)) throw error;
      const column = error.column === null ? null : nameOf(error.column);
      problems.push({ line: record.line, column, detail: error.detail });
    }
  }
  return { rows, problems, closings: closingsOf(rows) };
}

/** Throws UnreadableFile above the limit on rows. */
export function refuseTooMany(count: number): void {
  if (count <= MOST_ROWS) return;
  const most = MOST_ROWS.toLocaleString('en');
  throw new UnreadableFile(
    'too-many-rows',
    `A file may have at most ${most} rows. Export shorter periods and import them one after the other.`,
  );
}

function rowOf(
  { line, fields }: CsvRecord,
  mapping: CsvMapping,
  context: StatementContext,
  nameOf: (column: number) => string,
): StatementRow {
  const cell = (column: number | null): string => (column === null ? '' : (fields[column] ?? '').trim());
  const when = readWhen(cell(mapping.date), mapping.dateFormat);
  if (!when) {
    const seen = cell(mapping.date).slice(0, 40);
    throw new BadCell(
      mapping.date,
      seen === '' && cell(mapping.amount) === ''
        ? 'There is neither a date nor an amount here. If this is a heading or a total, it can be left out.'
        : `“${seen}” is not a date of the form ${mapping.dateFormat}. Choose another date format or correct the line.`,
    );
  }
  const quantity = quantityOf(cell, mapping);
  const balance =
    mapping.balance === null || cell(mapping.balance) === '' ? null : amountIn(cell, mapping.balance, mapping);
  const id = cell(mapping.id);
  return {
    line,
    occurredAt: when.at,
    dayOnly: when.dayOnly,
    kind: quantity.startsWith('-') ? 'withdraw' : 'deposit',
    quantity,
    currency: currencyOf(cell(mapping.currency), mapping, context),
    description: mapping.description.map(cell).filter(Boolean).join(' · '),
    balance,
    fee: null,
    id: id === '' ? null : id,
    raw: Object.fromEntries(fields.map((field, column) => [nameOf(column), field])),
  };
}

type Cell = (column: number | null) => string;

/** The signed amount: of one column, or money in minus money out, which banks write with or without a sign. */
function quantityOf(cell: Cell, mapping: CsvMapping): string {
  const { amount, debit, credit } = mapping;
  if (amount !== null) {
    if (cell(amount) === '')
      throw new BadCell(amount, 'The amount is missing. Choose another amount column or correct the line.');
    return amountIn(cell, amount, mapping);
  }
  const sizeOf = (column: number | null) =>
    cell(column) === '' || column === null ? ZERO : decimal(amountIn(cell, column, mapping)).abs();
  if (cell(debit) === '' && cell(credit) === '') {
    throw new BadCell(
      debit ?? credit,
      'There is neither money out nor money in here. Correct the line or leave it out.',
    );
  }
  return decimalText(sizeOf(credit).minus(sizeOf(debit)));
}

function amountIn(cell: Cell, column: number, { decimalSeparator }: CsvMapping): string {
  const read = readAmount(cell(column), decimalSeparator);
  if (read.ok) return read.value;
  throw new BadCell(column, `${read.why} Choose another column or decimal separator, or correct the line.`);
}

function currencyOf(written: string, mapping: CsvMapping, { currency, currencies }: StatementContext): string {
  const code = written.toUpperCase();
  if (code === '') return currency;
  if (currencies.has(code)) return code;
  throw new BadCell(
    mapping.currency,
    `“${written.slice(0, 20)}” is not a currency that Scani knows. Record it by hand.`,
  );
}
