import type { Transaction } from '../../api/models';
import { ACTION_WORDS } from './words';

type Row = Pick<Transaction, 'kind' | 'reversedById' | 'reversesId' | 'transfer'>;

const isOfAction = (row: Pick<Row, 'kind'>): boolean => row.kind in ACTION_WORDS;

/** Each row can be taken back once; a reversal cannot be, and an opening balance follows from the other rows. */
export function canTakeBack(row: Row): boolean {
  return row.reversedById === null && row.reversesId === null && row.kind !== 'opening-balance';
}

/** The rows of a corporate action go together, so none of them is corrected alone. */
export function canCorrect(row: Row): boolean {
  return canTakeBack(row) && !isOfAction(row);
}

/** What happens when a row is taken back. */
export function takeBackWords(row: Row): string {
  const rows = isOfAction(row)
    ? 'It is a part of a corporate action, so all rows of that are taken back with it: each gets a row with the other sign at the same time.'
    : 'A row with the other sign is added at the same time, so the balance follows.';
  const links = row.transfer ? ' The link to the other side of the transfer is dissolved.' : '';
  return `${rows}${links} Nothing is deleted: the rows stay in the list, marked. This cannot be taken back itself, but the row can be recorded again.`;
}

/** The chip of a row that does not count, or null. */
export function chipOf(row: Pick<Row, 'reversedById' | 'reversesId'>): string | null {
  if (row.reversedById !== null) return 'taken back';
  return row.reversesId === null ? null : 'takes a row back';
}
