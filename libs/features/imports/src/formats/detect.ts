import { isOfx } from './ofx.js';
import { isRevolut } from './revolut.js';
import type { StatementFormat } from './statement.js';

/** The type of a picture by its first bytes; undefined for anything else. */
export function pictureTypeOf(bytes: Buffer): string | undefined {
  const begins = bytes.toString('latin1', 0, 16);
  if (begins.startsWith('\x89PNG\r\n')) return 'image/png';
  if (begins.startsWith('\xff\xd8\xff')) return 'image/jpeg';
  return /^RIFF[^]{4}WEBP/.test(begins) ? 'image/webp' : undefined;
}

/** What a file is by its first bytes, where it is no text; undefined where it may be one. */
export function binaryFormatOf(bytes: Buffer): 'screenshot' | 'pdf' | undefined {
  if (bytes.toString('latin1', 0, 5) === '%PDF-') return 'pdf';
  return pictureTypeOf(bytes) === undefined ? undefined : 'screenshot';
}

/** The format of a statement by its content; what is nothing else is a CSV of some bank. */
export function formatOf(text: string): Exclude<StatementFormat, 'pdf'> {
  if (isOfx(text)) return 'ofx';
  return isRevolut(text) ? 'revolut-csv' : 'csv';
}
