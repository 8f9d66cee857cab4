export const DELIMITERS = [',', ';', '\t', '|'] as const;
export type Delimiter = (typeof DELIMITERS)[number];

export const DATE_FORMATS = [
  'YYYY-MM-DD',
  'DD.MM.YYYY',
  'DD/MM/YYYY',
  'MM/DD/YYYY',
  'YYYY/MM/DD',
  'DD-MM-YYYY',
  'YYYYMMDD',
] as const;
export type DateFormat = (typeof DATE_FORMATS)[number];

export const DECIMAL_SEPARATORS = ['.', ','] as const;
export type DecimalSeparator = (typeof DECIMAL_SEPARATORS)[number];

export const MOST_COLUMNS = 200;

/** Which column of a CSV says what. Columns are counted from 0, lines from 1. */
export interface CsvMapping {
  delimiter: Delimiter;
  /** The lines up to and including it are no rows; null: the rows begin at the first line. */
  headerLine: number | null;
  date: number;
  dateFormat: DateFormat;
  /** Signed; null where money out and money in have columns of their own. */
  amount: number | null;
  debit: number | null;
  credit: number | null;
  decimalSeparator: DecimalSeparator;
  /** Joined in this order. */
  description: number[];
  balance: number | null;
  currency: number | null;
  id: number | null;
}

/** Formats in which day and month can be taken for one another. */
export const AMBIGUOUS: Partial<Record<DateFormat, DateFormat>> = {
  'DD/MM/YYYY': 'MM/DD/YYYY',
  'MM/DD/YYYY': 'DD/MM/YYYY',
};
