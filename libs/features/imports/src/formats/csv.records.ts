import { CsvError, parse } from 'csv-parse/sync';
import type { Delimiter } from './mapping.js';
import { UnreadableFile } from './statement.js';

export interface CsvRecord {
  /** Where it begins, counted from 1. */
  line: number;
  fields: string[];
}

interface WithInfo {
  record: string[];
  info: { lines: number };
}

/**
 * The records of a CSV (RFC 4180, forgiving stray quotes and short lines); empty lines are none. `most` stops early.
 * Throws UnreadableFile where quotes do not end.
 */
export function recordsOf(text: string, delimiter: Delimiter, most?: number): CsvRecord[] {
  try {
    // One kind of line end, because the parser counts CR LF within quotes as two lines.
    const records = parse(text.replaceAll(/\r\n?/g, '\n'), {
      delimiter,
      bom: true,
      info: true,
      relax_column_count: true,
      relax_quotes: true,
      skip_empty_lines: true,
      ...(most === undefined ? {} : { to: most }),
    }) as unknown as WithInfo[];
    return records.flatMap(({ record, info }) => {
      if (record.every((field) => field.trim() === '')) return [];
      const within = record.reduce((count, field) => count + (field.split('\n').length - 1), 0);
      return [{ line: info.lines - within, fields: record }];
    });
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    const line = 'lines' in error ? ` near line ${String(error['lines'])}` : '';
    throw new UnreadableFile(
      'broken-csv',
      `The quotes in this CSV do not match${line}. Export it again, without opening it in a spreadsheet in between.`,
    );
  }
}
