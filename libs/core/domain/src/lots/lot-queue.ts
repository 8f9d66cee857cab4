import { type Decimal, ZERO } from '@scani/money';
import { type OpenLot, type Piece, unmatched } from './pieces.js';

export type LotOrder = 'fifo' | 'lifo' | 'hifo';

interface Lot extends OpenLot {
  acquiredAt: number;
  unitCost: Decimal | null;
}

/**
 * Open lots, and which is taken next: the oldest, the newest, or the one that cost most a unit (what has no known cost
 * comes last; among equals the oldest). Lots are added in the order of time.
 */
export class LotQueue {
  private readonly lots: Lot[] = [];
  private head = 0;

  constructor(private readonly order: LotOrder) {}

  add(acquiredAt: number, quantity: Decimal, cost: Decimal | null): void {
    const lot = { acquiredAt, quantity, cost, unitCost: cost?.div(quantity) ?? null };
    if (this.order === 'hifo') this.lots.splice(this.placeOf(lot.unitCost), 0, lot);
    else this.lots.push(lot);
  }

  /** Takes units; what is not there comes back as an unmatched piece. */
  take(wanted: Decimal): Piece[] {
    const pieces: Piece[] = [];
    let left = wanted;
    while (!left.isZero()) {
      const lot = this.order === 'fifo' ? this.lots[this.head] : this.lots.at(-1);
      if (lot === undefined) return [...pieces, ...unmatched(left)];
      const whole = lot.quantity.lte(left);
      const quantity = whole ? lot.quantity : left;
      const cost = whole ? lot.cost : (lot.cost?.times(quantity).div(lot.quantity) ?? null);
      pieces.push({ acquiredAt: lot.acquiredAt, quantity, cost, rule: this.order });
      left = left.minus(quantity);
      if (whole) this.dropNext();
      else {
        lot.quantity = lot.quantity.minus(quantity);
        lot.cost = lot.cost?.minus(cost ?? ZERO) ?? null;
      }
    }
    return pieces;
  }

  /** What is left, oldest first. */
  open(): OpenLot[] {
    return this.lots
      .slice(this.head)
      .toSorted((one, other) => one.acquiredAt - other.acquiredAt)
      .map(({ acquiredAt, quantity, cost }) => ({ acquiredAt, quantity, cost }));
  }

  private dropNext(): void {
    if (this.order === 'fifo') this.head += 1;
    else this.lots.pop();
  }

  /** Before all that cost more, and before the older ones that cost as much: the last of the list is taken first. */
  private placeOf(unitCost: Decimal | null): number {
    let low = 0;
    let high = this.lots.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (costsLess(this.lots[middle]?.unitCost ?? null, unitCost)) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

const costsLess = (one: Decimal | null, other: Decimal | null): boolean =>
  other !== null && (one === null || one.lt(other));
