import { type Decimal, Decimal as D, ZERO } from '@scani/money';
import { type Balance, openingBalance, type Sighting, driftToCome } from './balance-at.js';

/**
 * What decides the balance at one instant: the balances that were seen around it and the sums of the movements between
 * them. Of a holding with many rows the database adds them up, and nobody has to read them.
 */
export interface Anchors {
  /** The last sighting earlier than the instant. */
  before: Sighting | undefined;
  /** The first sighting at the instant or later. */
  after: Sighting | undefined;
  /** Movements later than `before` (all without one) up to the instant; never with the opening row. */
  since: Decimal;
  /** Movements later than the instant up to `after`; zero without one. */
  until: Decimal;
  /** Instant of the first real evidence. */
  start: number | undefined;
  liability: boolean;
}

/** How a balance came about: anchor + walked + drift, and for assets not below zero. */
export interface ExplainedBalance extends Balance {
  /** The sighting from which it was walked; undefined: from nothing. */
  anchor: Sighting | undefined;
  /** The movements between the anchor and the instant; with the other sign where the anchor lies later. */
  walked: Decimal;
  /** The part of the unexplained drift that belongs later than the instant, taken off. */
  drift: Decimal;
}

/** The balance at an instant, the same as balanceAt gives from the whole evidence, and how it came about. */
export function balanceFrom(anchors: Anchors, instant: number): ExplainedBalance {
  const { before, after, since, until, start, liability } = anchors;
  const anchor = after ?? before;
  const walked = after ? until.neg().minus(openingToCome(anchors, instant)) : since;
  const unexplained = before && after ? after.balance.minus(before.balance).minus(since).minus(until) : ZERO;
  const left = before && after ? driftToCome(unexplained, before.at, after.at, instant) : undefined;
  const quantity = (anchor?.balance ?? ZERO).plus(walked).minus(left ?? ZERO);
  return {
    quantity: liability ? quantity : D.max(quantity, ZERO),
    beforeRecords: start === undefined || instant < start,
    drifting: left !== undefined,
    anchor,
    walked,
    drift: left?.neg() ?? ZERO,
  };
}

/** Earlier than its opening balance a holding does not hold that either. */
function openingToCome({ before, after, since, until, start, liability }: Anchors, instant: number): Decimal {
  if (before || start === undefined || instant >= start - 1) return ZERO;
  const explained = since.plus(until);
  const { opening } = openingBalance({ first: after, last: after, start, explained, since: ZERO, liability });
  // Without an opening row the gap is none, or inflows are missing; either way the walk ends there.
  return opening?.quantity ?? ZERO;
}
