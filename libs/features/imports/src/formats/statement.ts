import type { TransactionKind } from '@scani/domain';

export const STATEMENT_FORMATS = ['csv', 'revolut-csv', 'ofx', 'pdf'] as const;
export type StatementFormat = (typeof STATEMENT_FORMATS)[number];

/** A picture is no statement: it shows what is there, not what happened. */
export const IMPORT_FORMATS = [...STATEMENT_FORMATS, 'screenshot'] as const;
export type ImportFormat = (typeof IMPORT_FORMATS)[number];

/** Largest number of rows that one file may have. */
export const MOST_ROWS = 200_000;

/** One row of a statement as the file tells it. Amounts are exact decimals in plain notation. */
export interface StatementRow {
  /** Where it begins in the file, counted from 1. */
  line: number;
  /** ISO instant; noon UTC where the file has only a day. */
  occurredAt: string;
  dayOnly: boolean;
  kind: TransactionKind;
  /** Signed; all that the balance moves by, the fee included. */
  quantity: string;
  currency: string;
  description: string;
  /** The running balance after this row. */
  balance: string | null;
  /** The part of the quantity that is a fee, without sign. */
  fee: string | null;
  /** The source's own id. */
  id: string | null;
  /** A model wrote the description. */
  wordsVary?: true;
  /** What the file says, by the names of its columns. */
  raw: Record<string, string>;
}

/** A row that could not be taken, with the remedy. */
export interface RowProblem {
  line: number;
  /** The column's name, or null where the row as a whole is meant. */
  column: string | null;
  detail: string;
}

/** A balance that the statement or picture itself vouches for. */
export interface Closing {
  /** Its code; of a position in a picture the symbol of its asset. */
  currency: string;
  /** Of a position. */
  assetId?: string;
  balance: string;
  /** ISO instant. */
  at: string;
}

/** All that was found in a file: every one of its rows is either among `rows` or among `problems`. */
export interface Statement {
  rows: StatementRow[];
  problems: RowProblem[];
  closings: Closing[];
}

/** What a reader has to know beside the file. */
export interface StatementContext {
  /** Of the account; where the file names none. */
  currency: string;
  /** Codes that Scani knows. */
  currencies: ReadonlySet<string>;
}

/** The file as a whole cannot be read; `detail` says what to do. */
export class UnreadableFile extends Error {
  constructor(
    readonly code: string,
    readonly detail: string,
  ) {
    super(`${code}: ${detail}`);
    this.name = 'UnreadableFile';
  }
}
