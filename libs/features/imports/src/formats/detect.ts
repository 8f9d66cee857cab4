import { isOfx } from './ofx.js';
import { isRevolut } from './revolut.js';
import type { StatementFormat } from './statement.js';

/** The format of a statement by its content; what is nothing else is a CSV of some bank. */
export function formatOf(text: string): StatementFormat {
  if (isOfx(text)) return 'ofx';
  return isRevolut(text) ? 'revolut-csv' : 'csv';
}
