import { isOfx } from './ofx.js';
import { isRevolut } from './revolut.js';
import type { StatementFormat } from './statement.js';

/** What a file is by its first bytes, where it is no text; undefined where it may be one. */
export function binaryFormatOf(bytes: Buffer): 'screenshot' | 'pdf' | undefined {
  const begins = bytes.toString('latin1', 0, 16);
  if (begins.startsWith('%PDF-')) return 'pdf';
  const picture =
    begins.startsWith('\x89PNG\r\n') || begins.startsWith('\xff\xd8\xff') || /^RIFF[^]{4}WEBP/.test(begins);
  return picture ? 'screenshot' : undefined;
}

/** The format of a statement by its content; what is nothing else is a CSV of some bank. */
export function formatOf(text: string): Exclude<StatementFormat, 'pdf'> {
  if (isOfx(text)) return 'ofx';
  return isRevolut(text) ? 'revolut-csv' : 'csv';
}
