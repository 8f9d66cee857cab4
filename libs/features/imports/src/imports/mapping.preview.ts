import { readCsv } from '../formats/csv.js';
import { decode } from '../formats/decode.js';
import { AMBIGUOUS, type CsvMapping } from '../formats/mapping.js';
import { UnreadableFile } from '../formats/statement.js';
import { Invalid } from '@scani/runtime';
import type { ImportRecord } from './import.queries.js';
import type { MappingPreview, MappingProblem } from './imports.dto.js';
import { shownRow } from './imports.show.js';

/** So much of a file is looked at for a preview, in bytes. */
export const PREVIEW_BYTES = 256_000;
const SHOWN_ROWS = 20;

/** The first rows under a mapping, with what is wrong and what could be meant otherwise. */
export function previewOf(
  bytes: Buffer,
  mapping: CsvMapping,
  record: ImportRecord,
  currencies: ReadonlySet<string>,
): MappingPreview {
  try {
    const text = decode(bytes);
    // The last line may be cut, and half a row would be shown as a problem that is none.
    const whole = bytes.length < PREVIEW_BYTES ? text : text.slice(0, text.lastIndexOf('\n') + 1);
    const { rows, problems } = readCsv(whole, mapping, { currency: record.account_currency, currencies }, SHOWN_ROWS);
    return {
      rows: [
        ...rows.map((draft) => shownRow({ line: draft.line, state: 'new', draft, problem: null })),
        ...problems.map(({ line, detail }) => shownRow({ line, state: 'problem', draft: null, problem: detail })),
      ].sort((one, other) => one.line - other.line),
      problems: [...doubts(mapping, record), ...problems],
    };
  } catch (error) {
    if (error instanceof UnreadableFile) throw new Invalid(error.code, error.detail);
    throw error;
  }
}

/** Days and months that could change places in every row are read as chosen, and the person is told. */
function doubts(mapping: CsvMapping, { sample }: ImportRecord): MappingProblem[] {
  const other = AMBIGUOUS[mapping.dateFormat];
  const fitting = sample?.dateFormats[mapping.date] ?? [];
  if (!other || !fitting.includes(mapping.dateFormat) || !fitting.includes(other)) return [];
  const column = sample?.columns.find(({ index }) => index === mapping.date)?.name ?? null;
  const detail = `Every date in this file can be read as ${mapping.dateFormat} and as ${other}. It is read as ${mapping.dateFormat}; compare the days with your statement.`;
  return [{ line: mapping.headerLine ?? 1, column, detail }];
}
