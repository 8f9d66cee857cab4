import { createHash } from 'node:crypto';

/** One row of evidence as its holding's digest sees it: what it says, never when or under which id it was written down. */
export type DigestRow = readonly (string | null)[];

/** A holding under names that its owner would know, with the digest of its rows. */
export interface HoldingDigest {
  institution: string;
  account: string;
  /** kind:symbol:market segment */
  asset: string;
  rows: number;
  digest: string;
}

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

/**
 * The digest of a holding: SHA-256, in hex, over the sorted SHA-256 of its rows, each written as a JSON array. The order
 * in which rows were recorded makes no difference; every other difference does.
 */
export function digestOfRows(rows: readonly DigestRow[]): string {
  return sha256(
    rows
      .map((row) => sha256(JSON.stringify(row)))
      .sort()
      .join('\n'),
  );
}

/** The digest of a person's whole ledger, in the same way over all holdings that have rows. */
export function digestOfHoldings(holdings: readonly HoldingDigest[]): string {
  return digestOfRows(
    holdings
      .filter((one) => one.rows > 0)
      .map(({ institution, account, asset, digest }) => [institution, account, asset, digest]),
  );
}
