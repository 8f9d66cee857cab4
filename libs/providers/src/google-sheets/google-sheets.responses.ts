import { addDays, day, type Day, parseDay } from '@scani/money';
import { decimalTextOf, listOf, NumberText, recordOf, textOf } from '../exact-json.js';
import { type AssetKind, ProviderError } from '../provider.js';
import { NAME } from './google-sheets.client.js';

/** A line of the sheet that says what something costs. */
export interface SheetRow {
  readonly symbol: string;
  readonly name: string;
  readonly kind: AssetKind;
  /** Undefined where the cell holds no number, like an error of a formula. */
  readonly price: string | undefined;
  readonly currency: string;
  /** Without one the price holds now. */
  readonly day: Day | undefined;
}

const COLUMNS = ['symbol', 'name', 'kind', 'price', 'currency', 'date'] as const;
type Column = (typeof COLUMNS)[number];
const NEEDED: readonly Column[] = ['symbol', 'price', 'currency'];
const KINDS: ReadonlySet<string> = new Set<AssetKind>(['stock', 'crypto', 'other']);
const CURRENCY = /^[A-Z]{3}$/;
const LONGEST = 100;
/** Day 0 of a sheet. */
const EPOCH = day('1899-12-30');
const LAST_SERIAL = 100_000;

/**
 * `{ range, majorDimension, values: [[cell]] }`, the heading first; empty cells at the end of a row are left out, and so are
 * empty rows at the end. Rows without symbol or currency are not lines of prices. Throws ProviderError where the heading lacks a column.
 */
export function rowsOf(body: unknown): SheetRow[] {
  const [heading, ...lines] = listOf(recordOf(body)?.['values']) ?? [];
  const places = placesOf(listOf(heading) ?? []);
  return lines.flatMap((line) => {
    const cells = listOf(line) ?? [];
    const cell = (column: Column): unknown => cells[places.get(column) ?? -1];
    const symbol = wordOf(cell('symbol'));
    const currency = wordOf(cell('currency'))?.toUpperCase();
    if (symbol === undefined || currency === undefined || !CURRENCY.test(currency)) return [];
    const kind = wordOf(cell('kind'))?.toLowerCase() ?? '';
    const at = dayOfCell(cell('date'));
    if (at === 'unreadable') return [];
    return [
      {
        symbol,
        name: wordOf(cell('name')) ?? symbol,
        kind: KINDS.has(kind) ? (kind as AssetKind) : 'other',
        price: decimalTextOf(cell('price')),
        currency,
        day: at,
      },
    ];
  });
}

function placesOf(heading: readonly unknown[]): ReadonlyMap<Column, number> {
  const words = heading.map((cell) => textOf(cell)?.trim().toLowerCase());
  const places = new Map<Column, number>();
  for (const column of COLUMNS) {
    const place = words.indexOf(column);
    if (place >= 0) places.set(column, place);
  }
  const missing = NEEDED.filter((column) => !places.has(column));
  if (missing.length > 0)
    throw new ProviderError(NAME, 'malformed', `the first row of the sheet has no ${missing.join(', no ')}`);
  return places;
}

/** A code of digits is a number in a cell. */
function wordOf(cell: unknown): string | undefined {
  const text = (cell instanceof NumberText ? cell.text : textOf(cell))?.trim();
  return text === undefined || text === '' || text.length > LONGEST ? undefined : text;
}

function dayOfCell(cell: unknown): Day | undefined | 'unreadable' {
  if (cell === undefined || cell === '') return undefined;
  if (cell instanceof NumberText) {
    const serial = Math.floor(Number(cell.text));
    return serial > 0 && serial < LAST_SERIAL ? addDays(EPOCH, serial) : 'unreadable';
  }
  return (typeof cell === 'string' ? parseDay(cell.trim()) : undefined) ?? 'unreadable';
}
