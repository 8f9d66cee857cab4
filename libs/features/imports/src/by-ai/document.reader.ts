import { Injectable } from '@nestjs/common';
import { AI_LONGEST_PAGE, AI_MOST_PAGES, type AiDocument, type AiRow, CloudClient } from '@scani/cloud';
import { decimal, decimalText } from '@scani/money';
import { readAmount } from '../formats/amount.js';
import { balancesFollow, closingsOf } from '../formats/closing.js';
import { separatorOf } from '../formats/csv.columns.js';
import type { DecimalSeparator } from '../formats/mapping.js';
import {
  type Closing,
  type RowProblem,
  type Statement,
  type StatementContext,
  type StatementRow,
  UnreadableFile,
} from '../formats/statement.js';
import { readByModel } from './model.trouble.js';
import { pdfPages } from './pdf.text.js';

export interface Document {
  readonly statement: Statement;
  readonly notes: readonly string[];
}

type Told = (pages: number, of: number) => Promise<void>;

/** From the bytes of a PDF to the rows of a statement. The document stays here; the text of its pages is sent. */
@Injectable()
export class DocumentReader {
  constructor(private readonly cloud: CloudClient) {}

  /** Throws UnreadableFile, Unrepeatable, or what a job waits for. */
  async read(bytes: Buffer, context: StatementContext, signal: AbortSignal, told: Told): Promise<Document> {
    const pages = await pdfPages(bytes);
    const long = pages.findIndex((page) => page.length > AI_LONGEST_PAGE);
    if (long >= 0) {
      throw new UnreadableFile('page-too-long', `Page ${long + 1} has more text than can be read at once.`);
    }
    const parts: AiDocument[] = [];
    for (let done = 0; done < pages.length; done += AI_MOST_PAGES) {
      await told(done, pages.length);
      const some = pages.slice(done, done + AI_MOST_PAGES);
      const part = await readByModel(() => this.cloud.readDocument(some, signal));
      parts.push({ ...part, rows: part.rows.map((row) => ({ ...row, page: row.page + done })) });
    }
    return documentOf(parts, context);
  }
}

/** The rows of all parts as those of one statement; what cannot be taken is a problem with its page. */
export function documentOf(parts: readonly AiDocument[], context: StatementContext): Document {
  const all = parts.flatMap(({ rows }) => rows);
  if (all.length === 0) {
    throw new UnreadableFile(
      'no-rows',
      'No movements were found in this document. Upload a statement that lists them.',
    );
  }
  const separator = separatorOf(all.flatMap(({ amount, balance }) => [amount ?? [], balance ?? []].flat()));
  const code = parts.map(({ currency }) => currency).find((one) => one !== null) ?? context.currency;
  const currency = context.currencies.has(code) ? code : context.currency;
  const rows: StatementRow[] = [];
  const problems: RowProblem[] = [];
  all.forEach((row, index) => {
    const read = rowOf(row, index + 1, separator, { ...context, currency });
    if (typeof read === 'string') problems.push({ line: index + 1, column: `page ${row.page}`, detail: read });
    else rows.push(read);
  });
  const notes = parts.flatMap((part) => part.problems);
  if (balancesFollow(rows) === false) {
    notes.push(
      'The running balances do not follow from the amounts: a row may be missing, or was read wrongly. Compare the rows with the document.',
    );
  }
  return { statement: { rows, problems, closings: closingsIn(parts, rows, separator, currency) }, notes };
}

function rowOf(
  row: AiRow,
  line: number,
  separator: DecimalSeparator,
  context: StatementContext,
): StatementRow | string {
  const { day, amount, direction, problem } = row;
  if (problem !== null || day === null || amount === null || direction === null) {
    return `${problem ?? 'This row is not complete.'} Add it by hand if it belongs to the account.`;
  }
  const read = readAmount(amount, separator);
  if (!read.ok) return `${read.why} Add it by hand.`;
  const currency = row.currency ?? context.currency;
  if (!context.currencies.has(currency)) return `${currency} is not a currency that Scani knows. Add it by hand.`;
  if (read.value.startsWith('-') && direction === 'in') {
    return `“${amount}” has a minus, but it was read as money that came in. Add it by hand.`;
  }
  const balance = row.balance === null ? null : readAmount(row.balance, separator);
  const size = decimal(read.value).abs();
  return {
    line,
    occurredAt: `${day}T12:00:00.000Z`,
    dayOnly: true,
    kind: direction === 'out' ? 'withdraw' : 'deposit',
    quantity: decimalText(direction === 'out' ? size.neg() : size),
    currency,
    description: row.description,
    balance: balance?.ok ? balance.value : null,
    fee: null,
    id: null,
    wordsVary: true,
    raw: { page: String(row.page), date: day, amount, balance: row.balance ?? '' },
  };
}

/** What the running balances vouch for, and the closing balance where the document says one outright. */
function closingsIn(
  parts: readonly AiDocument[],
  rows: readonly StatementRow[],
  separator: DecimalSeparator,
  currency: string,
): Closing[] {
  const said = parts.map(({ closing }) => closing).findLast((closing) => closing !== null);
  const balance = said ? readAmount(said.balance, separator) : undefined;
  if (!said || !balance?.ok || balancesFollow(rows) === false) return closingsOf(rows);
  return [
    ...closingsOf(rows).filter((closing) => closing.currency !== currency),
    { currency, balance: balance.value, at: `${said.day}T12:00:00.000Z` },
  ];
}
