import { mayBeOneMove, quantityApart, REVIEW_CLOSENESS, timeApart, type TransferEntry } from './transfer-entry.js';

export interface TransferCandidate<T extends TransferEntry = TransferEntry> {
  entry: T;
  /** Milliseconds. */
  timeApart: number;
  /** What left and did not arrive; negative when more arrived. Units of 10^-QUANTITY_DECIMALS. */
  quantityApart: bigint;
}

const FINE = 1_000_000n;

/**
 * Those of `others` that may be the other side of `entry`, the likeliest first: how far apart in time and in quantity
 * they are, each as a part of what the review allows, added up.
 */
export function transferCandidates<T extends TransferEntry>(
  entry: TransferEntry,
  others: Iterable<T>,
): TransferCandidate<T>[] {
  const found: (TransferCandidate<T> & { far: bigint })[] = [];
  for (const other of others) {
    const [out, into] = entry.direction === 'out' ? [entry, other] : [other, entry];
    if (!mayBeOneMove(out, into, REVIEW_CLOSENESS)) continue;
    const [ms, apart] = [timeApart(out, into), quantityApart(out, into)];
    const far =
      (BigInt(ms) * FINE) / BigInt(REVIEW_CLOSENESS.windowMs) +
      ((apart < 0n ? -apart : apart) * 100n * FINE) / (out.size * REVIEW_CLOSENESS.percent);
    found.push({ entry: other, timeApart: ms, quantityApart: apart, far });
  }
  found.sort((a, b) => (a.far !== b.far ? (a.far < b.far ? -1 : 1) : a.entry.id < b.entry.id ? -1 : 1));
  return found.map(({ entry: one, timeApart: ms, quantityApart: apart }) => ({
    entry: one,
    timeApart: ms,
    quantityApart: apart,
  }));
}
