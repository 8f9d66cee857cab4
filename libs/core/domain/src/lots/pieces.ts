import { divided } from '@scani/money';
import type { Step } from './movement.js';

/**
 * Why just these units count as sold. `unmatched`: more went than is known to have come. `kept`: the units stayed, and
 * a part of their cost was used.
 */
export const LOT_RULES = [
  'fifo',
  'lifo',
  'hifo',
  'average',
  'same-day',
  '30-days',
  'pool',
  'specific',
  'kept',
  'unmatched',
] as const;
export type LotRule = (typeof LOT_RULES)[number];

/** Units that came at one time with what they cost; of what is owed, with what they fetched. */
export interface OpenLot {
  /** Null: a pool has no day. */
  acquiredAt: number | null;
  /** The transaction by which they came. Null: a pool, or not known. */
  acquisitionId: string | null;
  quantity: bigint;
  /** Null: not known. */
  cost: bigint | null;
}

/** Units that were taken, with what they had cost: of.cost × quantity / of.quantity. */
export interface Piece extends OpenLot {
  rule: LotRule;
  /** The lot or pool, before these units were taken from it. */
  of: { quantity: bigint; cost: bigint | null };
}

/** A piece of a disposal, with its share of the proceeds. */
export interface LotUse extends Piece {
  proceeds: bigint | null;
  gain: bigint | null;
}

export interface Disposal {
  id: string;
  holdingId: string;
  at: number;
  kind: Step['kind'];
  quantity: bigint;
  /** After the fee. Null: not known. */
  proceeds: bigint | null;
  /** Null as soon as the cost of one part is not known; the parts say which. */
  cost: bigint | null;
  gain: bigint | null;
  /** What was owed is closed: `of` is what its opening fetched, and the cost is what the closing cost. */
  short: boolean;
  lots: LotUse[];
}

/** Units that went without a gain, with the cost that went along. */
export interface Departure {
  id: string;
  holdingId: string;
  at: number;
  kind: Step['kind'];
  quantity: bigint;
  lots: Piece[];
}

/** The share of an amount that belongs to a part of a quantity; not known of what is not known. */
export const shareOf = (amount: bigint | null, part: bigint, whole: bigint): bigint | null =>
  amount === null || part === whole ? amount : divided(amount * part, whole);

export const less = (amount: bigint | null, part: bigint | null): bigint | null =>
  amount === null || part === null ? null : amount - part;

/** The lot that units are again, wherever they came to. */
export const lotOf = ({ acquiredAt, acquisitionId, quantity, cost }: OpenLot): OpenLot => ({
  acquiredAt,
  acquisitionId,
  quantity,
  cost,
});

/** The disposal that these pieces make up; money goes to the pieces by quantity, the last one takes the rest. */
export function disposalOf(step: Step, pieces: readonly Piece[], short: boolean): Disposal {
  let left = step.money;
  const lots = pieces.map((piece, index): LotUse => {
    const share = index === pieces.length - 1 ? left : shareOf(step.money, piece.quantity, step.quantity);
    left = less(left, share);
    const [cost, proceeds] = short ? [share, piece.cost] : [piece.cost, share];
    return { ...piece, cost, proceeds, gain: less(proceeds, cost) };
  });
  return disposal(step, short, lots);
}

export function disposal(
  { id, holdingId, at, kind, quantity }: Pick<Step, 'id' | 'holdingId' | 'at' | 'kind' | 'quantity'>,
  short: boolean,
  lots: LotUse[],
): Disposal {
  const cost = total(lots.map((lot) => lot.cost));
  const proceeds = total(lots.map((lot) => lot.proceeds));
  return { id, holdingId, at, kind, quantity, proceeds, cost, gain: less(proceeds, cost), short, lots };
}

/** The departure that these pieces make up. */
export function departureOf({ id, holdingId, at, kind }: Step, lots: Piece[]): Departure {
  return { id, holdingId, at, kind, quantity: quantityOf(lots), lots };
}

/** What the parts come to; null as soon as one is not known. */
export function total(parts: readonly (bigint | null)[]): bigint | null {
  let known = 0n;
  for (const part of parts) {
    if (part === null) return null;
    known += part;
  }
  return known;
}

export const quantityOf = (parts: readonly { quantity: bigint }[]): bigint =>
  parts.reduce((all, part) => all + part.quantity, 0n);

/** The part that went beyond all that is known to have come. */
export function unmatched(quantity: bigint): Piece[] {
  if (quantity === 0n) return [];
  return [
    { acquiredAt: null, acquisitionId: null, quantity, cost: null, rule: 'unmatched', of: { quantity, cost: null } },
  ];
}
