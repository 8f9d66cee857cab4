import { decimal, decimalText } from '@scani/money';
import { readAmount } from './amount.js';
import { closingsOf } from './closing.js';
import { refuseTooMany } from './csv.js';
import { type CsvRecord, recordsOf } from './csv.records.js';
import { readWhen } from './date.js';
import type { RowProblem, Statement, StatementContext, StatementRow } from './statement.js';

/*
 * Revolut's "account statement" in Excel (CSV) form, English, as exported by app and web since 2021. Times are UTC.
 * The balance moves by amount minus fee when a row is completed.
 */
const COLUMNS = [
  'Type',
  'Product',
  'Started Date',
  'Completed Date',
  'Description',
  'Amount',
  'Fee',
  'Currency',
  'State',
  'Balance',
] as const;
type Column = (typeof COLUMNS)[number];

const NOT_BOOKED: Record<string, string> = {
  PENDING: 'It is still pending. Import a later export once it is completed.',
  REVERTED: 'It was reverted, so no money moved. Nothing is to be done.',
  DECLINED: 'It was declined, so no money moved. Nothing is to be done.',
  FAILED: 'It failed, so no money moved. Nothing is to be done.',
};

const KIND_IN: Record<string, StatementRow['kind']> = { INTEREST: 'interest', DIVIDEND: 'dividend' };
const KIND_OUT: Record<string, StatementRow['kind']> = { FEE: 'fee' };

/** Whether the first line is that of a Revolut account statement. */
export function isRevolut(text: string): boolean {
  const first = /^\uFEFF?([^\r\n]*)/.exec(text)?.[1] ?? '';
  return COLUMNS.every((name, index) => first.split(',')[index]?.trim() === name);
}

/** Reads a Revolut account statement. Throws UnreadableFile above the limit on rows or for broken quotes. */
export function readRevolut(text: string, context: StatementContext): Statement {
  const records = recordsOf(text, ',').slice(1);
  refuseTooMany(records.length);
  const rows: StatementRow[] = [];
  const problems: RowProblem[] = [];
  const products = new Map<StatementRow, string>();
  for (const record of records) {
    const read = rowOf(record, context);
    if ('detail' in read) {
      problems.push(read);
    } else {
      rows.push(read);
      products.set(read, read.raw['Product'] ?? '');
    }
  }
  return { rows, problems, closings: closingsOf(ofOneProduct(rows, products)) };
}

function rowOf({ line, fields }: CsvRecord, { currencies }: StatementContext): StatementRow | RowProblem {
  const cell = (name: Column): string => (fields[COLUMNS.indexOf(name)] ?? '').trim();
  const problem = (column: Column | null, detail: string): RowProblem => ({ line, column, detail });
  if (fields.length < COLUMNS.length) return problem(null, 'The line is cut off. Export the statement again.');
  const state = cell('State').toUpperCase();
  if (state !== 'COMPLETED') {
    return problem('State', NOT_BOOKED[state] ?? `“${cell('State')}” is not a state that is known. Record it by hand.`);
  }
  const when = readWhen(cell('Completed Date'), 'YYYY-MM-DD');
  if (!when) return problem('Completed Date', 'It is completed but has no date that can be read. Record it by hand.');
  const currency = cell('Currency').toUpperCase();
  if (!currencies.has(currency)) {
    return problem('Currency', `“${cell('Currency')}” is not a currency that Scani knows. Record it by hand.`);
  }
  const amount = readAmount(cell('Amount'), '.');
  if (!amount.ok) return problem('Amount', `${amount.why} Export the statement again.`);
  const fee = readAmount(cell('Fee') || '0', '.');
  if (!fee.ok) return problem('Fee', `${fee.why} Export the statement again.`);
  const balance = cell('Balance') === '' ? undefined : readAmount(cell('Balance'), '.');
  if (balance?.ok === false) return problem('Balance', `${balance.why} Export the statement again.`);
  const quantity = decimalText(decimal(amount.value).minus(decimal(fee.value)));
  const type = cell('Type').toUpperCase();
  const out = quantity.startsWith('-');
  return {
    line,
    occurredAt: when.at,
    dayOnly: when.dayOnly,
    kind: (out ? KIND_OUT[type] : KIND_IN[type]) ?? (out ? 'withdraw' : 'deposit'),
    quantity,
    currency,
    description: cell('Description'),
    balance: balance?.value ?? null,
    fee: decimal(fee.value).gt(0) ? fee.value : null,
    id: null,
    raw: Object.fromEntries(COLUMNS.map((name) => [name, cell(name)])),
  };
}

/** Current account and savings have balances of their own, and one currency of an account has one: only a lone product vouches for it. */
function ofOneProduct(rows: readonly StatementRow[], products: ReadonlyMap<StatementRow, string>): StatementRow[] {
  return [...Map.groupBy(rows, (row) => row.currency).values()].flatMap((all) =>
    new Set(all.map((row) => products.get(row))).size === 1 ? all : [],
  );
}
