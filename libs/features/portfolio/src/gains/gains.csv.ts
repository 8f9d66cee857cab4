import { isDecimalText } from '@scani/money';
import type { Disposal, GainsReport } from './gains.dto.js';

const COLUMNS = [
  'Year',
  'Method',
  'Currency',
  'Asset',
  'Account',
  'Kind',
  'Sold at',
  'Acquired at',
  'Rule',
  'Quantity',
  'Proceeds',
  'Cost',
  'Gain',
  'Transaction',
];
/** What a spreadsheet would run as a formula. */
const FORMULA = /^[=+\-@\t\r\n|]/;

export const gainsCsvHead = (): string => line(COLUMNS);

/** Every lot of every disposal a line (RFC 4180). What is not known says so, since an empty cell would count as zero. */
export function gainsCsvLines(report: Pick<GainsReport, 'year' | 'base'>, disposals: readonly Disposal[]): string {
  return disposals
    .flatMap((one) =>
      one.lots.map((lot) => [
        String(report.year),
        one.method,
        report.base,
        one.symbol,
        one.accountName,
        one.kind,
        one.soldAt,
        lot.acquiredAt ?? '',
        lot.rule,
        lot.quantity,
        lot.proceeds ?? 'unknown',
        lot.cost ?? 'unknown',
        lot.gain ?? 'unknown',
        one.id,
      ]),
    )
    .map(line)
    .join('');
}

const line = (cells: readonly string[]): string => `${cells.map(cell).join(',')}\r\n`;

function cell(text: string): string {
  const harmless = FORMULA.test(text) && !isDecimalText(text) ? `'${text}` : text;
  return /[",\r\n]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
}
