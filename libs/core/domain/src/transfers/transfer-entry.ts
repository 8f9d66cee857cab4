import { DAY_MS } from '@scani/money';
import { LINK_QUANTITY_PERCENT, LINK_WINDOW_MS, REVIEW_QUANTITY_PERCENT, REVIEW_WINDOW_MS } from '../constants.js';

/** One side of what may be a move between a person's own accounts. */
export interface TransferEntry {
  id: string;
  holdingId: string;
  assetId: string;
  /** Assets under one key are one thing on several chains of one wallet; null where there is none such. */
  bridge: string | null;
  direction: 'in' | 'out';
  /** Without sign, above zero, in units of 10^-QUANTITY_DECIMALS. */
  size: bigint;
  /** Milliseconds since 1970. */
  at: number;
  /** The source tells the day and not the time. */
  dayOnly: boolean;
}

/** How alike two sides have to be. */
export interface Closeness {
  /** Of the outflow. */
  percent: bigint;
  windowMs: number;
}

/** Alike enough to be linked without asking, where there is no other. */
export const LINK_CLOSENESS: Closeness = { percent: LINK_QUANTITY_PERCENT, windowMs: LINK_WINDOW_MS };
/** Alike enough to be shown to a person. */
export const REVIEW_CLOSENESS: Closeness = { percent: REVIEW_QUANTITY_PERCENT, windowMs: REVIEW_WINDOW_MS };

export const dayIndexOf = (at: number): number => Math.floor(at / DAY_MS);

/** Milliseconds between two sides; whole days where one of them is known by its UTC day only. */
export function timeApart(one: TransferEntry, other: TransferEntry): number {
  if (one.dayOnly || other.dayOnly) return Math.abs(dayIndexOf(one.at) - dayIndexOf(other.at)) * DAY_MS;
  return Math.abs(one.at - other.at);
}

/** What left and did not arrive (negative: what arrived more), in units of 10^-QUANTITY_DECIMALS. */
export const quantityApart = (out: TransferEntry, into: TransferEntry): bigint => out.size - into.size;

/** Whether these two, an outflow and an inflow, may be the sides of one move. */
export function mayBeOneMove(out: TransferEntry, into: TransferEntry, { percent, windowMs }: Closeness): boolean {
  if (out.direction !== 'out' || into.direction !== 'in' || out.holdingId === into.holdingId) return false;
  if (out.assetId !== into.assetId && (out.bridge === null || out.bridge !== into.bridge)) return false;
  if (timeApart(out, into) > windowMs) return false;
  const apart = quantityApart(out, into);
  return (apart < 0n ? -apart : apart) * 100n <= out.size * percent;
}

/** The sizes, both included, that the other side of this entry may have. */
export function sizesFor({ direction, size }: TransferEntry, { percent }: Closeness): [bigint, bigint] {
  const [less, more] = [100n - percent, 100n + percent];
  // |in - out| * 100 <= out * percent, solved for the other side; bigint division rounds down.
  if (direction === 'out') return [(size * less + 99n) / 100n, (size * more) / 100n];
  return [(size * 100n + more - 1n) / more, (size * 100n) / less];
}

/** The stretch of time, both ends included, in which a side has to lie; `byDay` where one of the two has no time. */
export function stretchFor(at: number, byDay: boolean, { windowMs }: Closeness): [number, number] {
  if (!byDay) return [at - windowMs, at + windowMs];
  const [day, days] = [dayIndexOf(at), Math.floor(windowMs / DAY_MS)];
  return [(day - days) * DAY_MS, (day + days + 1) * DAY_MS - 1];
}
