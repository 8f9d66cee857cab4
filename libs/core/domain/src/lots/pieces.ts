import { type Decimal, sum, ZERO } from '@scani/money';
import type { Step } from './movement.js';

/** Why just these units count as sold. `unmatched`: more went than is known to have come. */
export const LOT_RULES = ['fifo', 'lifo', 'hifo', 'average', 'same-day', '30-days', 'pool', 'unmatched'] as const;
export type LotRule = (typeof LOT_RULES)[number];

/** Units that were taken, with what they had cost. */
export interface Piece {
  /** Null: a pool has no day. */
  acquiredAt: number | null;
  quantity: Decimal;
  /** Null: not known. */
  cost: Decimal | null;
  rule: LotRule;
}

/** A piece of a disposal, with its share of the proceeds. */
export interface LotUse extends Piece {
  proceeds: Decimal | null;
  gain: Decimal | null;
}

export interface Disposal {
  id: string;
  at: number;
  kind: Step['kind'];
  quantity: Decimal;
  /** After the fee. Null: not known. */
  proceeds: Decimal | null;
  /** Null as soon as the cost of one part is not known; the parts say which. */
  cost: Decimal | null;
  gain: Decimal | null;
  lots: LotUse[];
}

/** Units that went without a gain, with the cost that went along. */
export interface Departure {
  id: string;
  at: number;
  kind: Step['kind'];
  quantity: Decimal;
  lots: Piece[];
}

export interface OpenLot {
  acquiredAt: number | null;
  quantity: Decimal;
  cost: Decimal | null;
}

/** What a method finds out. */
export interface Matched {
  disposals: Disposal[];
  departures: Departure[];
  open: OpenLot[];
}

/** The disposal that these pieces make up; proceeds go to the pieces by quantity, the last one takes the rest. */
export function disposalOf({ id, at, kind, quantity, money }: Step, pieces: readonly Piece[]): Disposal {
  let left = money;
  const lots = pieces.map((piece, index): LotUse => {
    const share = index === pieces.length - 1 ? left : (money?.times(piece.quantity).div(quantity) ?? null);
    left = left === null || share === null ? null : left.minus(share);
    return {
      ...piece,
      proceeds: share,
      gain: share === null || piece.cost === null ? null : share.minus(piece.cost),
    };
  });
  const cost = costOf(pieces);
  return {
    id,
    at,
    kind,
    quantity,
    proceeds: money,
    cost,
    gain: money === null || cost === null ? null : money.minus(cost),
    lots,
  };
}

/** The departure that these pieces make up. */
export function departureOf({ id, at, kind, quantity }: Step, pieces: readonly Piece[]): Departure {
  return { id, at, kind, quantity, lots: [...pieces] };
}

/** What the parts cost together; null as soon as one is not known. */
export function costOf(parts: readonly { cost: Decimal | null }[]): Decimal | null {
  return parts.some((part) => part.cost === null) ? null : sum(parts.map((part) => part.cost ?? ZERO));
}

/** The part that went beyond all that is known to have come. */
export function unmatched(quantity: Decimal): Piece[] {
  return quantity.isZero() ? [] : [{ acquiredAt: null, quantity, cost: null, rule: 'unmatched' }];
}
