import { parseDay } from '@scani/money';
import type { AiColumns, AiDocument, AiPosition, AiRow, AiScreenshot } from './ai.types.js';
import { type Fields, fieldsOf, listOf, textOf, textOrNullOf, unexpected, wordOf, wordsOf } from './answer.fields.js';

const MOST_TEXT = 300;
const KINDS = ['fiat', 'crypto', 'stock', 'private', 'other'] as const;

export function screenshotOf(body: unknown): AiScreenshot {
  return { positions: listOf(body, 'positions').map(positionOf), problems: problemsOf(body) };
}

function positionOf(fields: Fields): AiPosition {
  return {
    name: short(textOf(fields, 'name'), 'name'),
    symbol: shortOrNull(fields, 'symbol'),
    kind: fields['kind'] === null ? null : wordOf(fields, 'kind', KINDS),
    quantity: shortOrNull(fields, 'quantity'),
    price: shortOrNull(fields, 'price'),
    value: shortOrNull(fields, 'value'),
    currency: codeOrNull(fields, 'currency'),
    unreadable: wordsOf(fields, 'unreadable'),
    confidence: wordOf(fields, 'confidence', ['high', 'medium', 'low']),
  };
}

export function documentOf(body: unknown): AiDocument {
  const fields = fieldsOf(body, 'document');
  const closing = fields['closing'] === null ? null : fieldsOf(fields['closing'], 'closing');
  return {
    rows: listOf(body, 'rows').map(rowOf),
    closing: closing && { balance: short(textOf(closing, 'balance'), 'balance'), day: dayIn(closing, 'day') },
    currency: codeOrNull(fields, 'currency'),
    problems: problemsOf(body),
  };
}

function rowOf(fields: Fields): AiRow {
  return {
    page: countOf(fields, 'page', 1),
    day: fields['day'] === null ? null : dayIn(fields, 'day'),
    description: short(textOf(fields, 'description'), 'description'),
    amount: shortOrNull(fields, 'amount'),
    direction: fields['direction'] === null ? null : wordOf(fields, 'direction', ['in', 'out']),
    currency: codeOrNull(fields, 'currency'),
    balance: shortOrNull(fields, 'balance'),
    problem: shortOrNull(fields, 'problem'),
  };
}

/** Null where no date or no amount was found. `width` is the number of columns that were asked about. */
export function columnsOf(body: unknown, width: number): AiColumns | null {
  const answer = fieldsOf(body, 'columns')['columns'];
  if (answer === null) return null;
  const fields = fieldsOf(answer, 'columns');
  const column = (name: string): number => {
    const index = countOf(fields, name, 0);
    if (index >= width) throw unexpected(name);
    return index;
  };
  const columnOrNull = (name: string): number | null => (fields[name] === null ? null : column(name));
  const description = fields['description'];
  if (!Array.isArray(description) || !description.every((each) => isColumn(each, width))) {
    throw unexpected('description');
  }
  return {
    date: column('date'),
    dateFormat: textOrNullOf(fields, 'dateFormat'),
    amount: columnOrNull('amount'),
    debit: columnOrNull('debit'),
    credit: columnOrNull('credit'),
    decimalSeparator: textOrNullOf(fields, 'decimalSeparator'),
    description: description as number[],
    balance: columnOrNull('balance'),
    currency: columnOrNull('currency'),
    id: columnOrNull('id'),
  };
}

const isColumn = (value: unknown, width: number): boolean =>
  Number.isSafeInteger(value) && (value as number) >= 0 && (value as number) < width;

function countOf(fields: Fields, name: string, least: number): number {
  const value = fields[name];
  if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < least) throw unexpected(name);
  return value;
}

function short(text: string, name: string): string {
  if (text.length > MOST_TEXT) throw unexpected(name);
  return text;
}

function shortOrNull(fields: Fields, name: string): string | null {
  const text = textOrNullOf(fields, name);
  return text === null ? null : short(text, name);
}

function codeOrNull(fields: Fields, name: string): string | null {
  const code = textOrNullOf(fields, name);
  if (code !== null && !/^[A-Z]{3}$/.test(code)) throw unexpected(name);
  return code;
}

function dayIn(fields: Fields, name: string): string {
  const day = parseDay(textOf(fields, name));
  if (day === undefined) throw unexpected(name);
  return day;
}

const problemsOf = (body: unknown): string[] =>
  wordsOf(fieldsOf(body, 'problems'), 'problems').map((text) => short(text, 'problems'));
