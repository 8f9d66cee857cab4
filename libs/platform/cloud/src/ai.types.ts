import type { AssetKind } from './cloud.types.js';

/** A picture may have as many bytes, and a side as many pixels as the data-provider says. */
export const AI_LARGEST_PICTURE = 8_000_000;
/** Pages in one question at most, and characters of one page. */
export const AI_MOST_PAGES = 5;
export const AI_LONGEST_PAGE = 20_000;
/** Rows of a CSV that are enough to tell its columns, and characters of a cell. */
export const AI_SAMPLE_ROWS = 20;
export const AI_LONGEST_CELL = 200;

/** How sure the model is. */
export type AiConfidence = 'high' | 'medium' | 'low';

/** One position of a picture. Amounts are texts as they are written there, in whatever way of writing numbers. */
export interface AiPosition {
  readonly name: string;
  readonly symbol: string | null;
  readonly kind: AssetKind | null;
  readonly quantity: string | null;
  /** Of one. */
  readonly price: string | null;
  /** Of all, in money. */
  readonly value: string | null;
  /** Three letters. */
  readonly currency: string | null;
  /** What is there and could not be read: `quantity`, `price`, `value`. */
  readonly unreadable: readonly string[];
  readonly confidence: AiConfidence;
}

export interface AiScreenshot {
  readonly positions: readonly AiPosition[];
  /** What else there is to know, in sentences. */
  readonly problems: readonly string[];
}

/** One movement of a statement. Amounts are texts as they are written there. */
export interface AiRow {
  /** Counted from 1, among the pages of the question. */
  readonly page: number;
  /** `YYYY-MM-DD`. */
  readonly day: string | null;
  readonly description: string;
  readonly amount: string | null;
  readonly direction: 'in' | 'out' | null;
  readonly currency: string | null;
  readonly balance: string | null;
  /** Why this row cannot be taken. */
  readonly problem: string | null;
}

export interface AiDocument {
  readonly rows: readonly AiRow[];
  readonly closing: { readonly balance: string; readonly day: string } | null;
  readonly currency: string | null;
  readonly problems: readonly string[];
}

/** Which column of a CSV holds what, counted from 0. Either `amount`, or `debit` or `credit` or both. */
export interface AiColumns {
  readonly date: number;
  readonly dateFormat: string | null;
  readonly amount: number | null;
  readonly debit: number | null;
  readonly credit: number | null;
  readonly decimalSeparator: string | null;
  readonly description: readonly number[];
  readonly balance: number | null;
  readonly currency: number | null;
  readonly id: number | null;
}
