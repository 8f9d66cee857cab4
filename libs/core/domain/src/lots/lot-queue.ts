import { compare, perUnit } from './movement.js';
import { less, type OpenLot, type Piece, shareOf, unmatched } from './pieces.js';

export type LotOrder = 'fifo' | 'lifo' | 'hifo' | 'specific';

/** A lot as it is put away: its place in the order of time is its own day, else the instant at which it came here. */
export interface PlacedLot extends OpenLot {
  since: number;
}

interface Kept extends PlacedLot {
  unitCost: bigint | null;
}

/**
 * Open lots, and which is taken next: the oldest, the newest, or the one that cost most a unit (what has no known cost
 * comes last; among equals the oldest). Lots that come from elsewhere stand where their own day puts them.
 */
export class LotQueue {
  private lots: Kept[] = [];
  private head = 0;

  constructor(private readonly order: LotOrder) {}

  add({ since, acquiredAt, acquisitionId, quantity, cost }: PlacedLot): void {
    const unitCost = cost === null || this.order !== 'hifo' ? null : perUnit(cost, quantity);
    this.place({ since, acquiredAt, acquisitionId, quantity, cost, unitCost });
  }

  /** Takes units: those that were chosen, as far as they are here, then the next; what is not there is unmatched. */
  take(wanted: bigint, chosen: ReadonlyMap<string, bigint> = new Map()): Piece[] {
    const pieces: Piece[] = [];
    let left = wanted;
    for (const [acquisitionId, quantity] of chosen) left -= this.takeChosen(acquisitionId, quantity, left, pieces);
    while (left > 0n) {
      const index = this.order === 'lifo' || this.order === 'hifo' ? this.lots.length - 1 : this.head;
      const lot = this.lots[index];
      if (lot === undefined || index < this.head) return [...pieces, ...unmatched(left)];
      const piece = pieceOf(lot, left, this.order === 'specific' ? 'fifo' : this.order);
      pieces.push(piece);
      left -= piece.quantity;
      if (piece.quantity === piece.of.quantity) this.drop(index);
    }
    return pieces;
  }

  /** Changes every lot in place; what has no units left is gone. The order of the lots is found anew. */
  rework(change: (lots: readonly PlacedLot[]) => readonly PlacedLot[]): void {
    const changed = change(this.lots.slice(this.head));
    this.lots = [];
    this.head = 0;
    for (const lot of changed) if (lot.quantity > 0n) this.add(lot);
  }

  /** What is left, oldest first. */
  open(): OpenLot[] {
    return this.lots
      .slice(this.head)
      .sort((one, other) => one.since - other.since)
      .map(({ acquiredAt, acquisitionId, quantity, cost }) => ({ acquiredAt, acquisitionId, quantity, cost }));
  }

  private takeChosen(acquisitionId: string, chosen: bigint, most: bigint, pieces: Piece[]): bigint {
    let left = chosen < most ? chosen : most;
    const started = left;
    for (let index = this.head; index < this.lots.length && left > 0n;) {
      const lot = this.lots[index] as Kept;
      if (lot.acquisitionId !== acquisitionId) {
        index += 1;
        continue;
      }
      const piece = pieceOf(lot, left, 'specific');
      pieces.push(piece);
      left -= piece.quantity;
      if (piece.quantity === piece.of.quantity) this.lots.splice(index, 1);
    }
    return started - left;
  }

  private drop(index: number): void {
    if (index === this.head && index < this.lots.length - 1) {
      this.head += 1;
      // What was taken is let go of from time to time, not at every sale.
      if (this.head > 1_000 && this.head * 2 > this.lots.length) {
        this.lots = this.lots.slice(this.head);
        this.head = 0;
      }
    } else this.lots.pop();
  }

  /** After all that stand before it, and after those that stand equal: usually at the end. */
  private place(lot: Kept): void {
    let [low, high] = [this.head, this.lots.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.standsBefore(lot, this.lots[middle] as Kept)) high = middle;
      else low = middle + 1;
    }
    if (low === this.lots.length) this.lots.push(lot);
    else this.lots.splice(low, 0, lot);
  }

  /** Highest cost is taken from the end: cheaper stands before dearer, younger before older. */
  private standsBefore(lot: Kept, other: Kept): boolean {
    if (this.order !== 'hifo') return lot.since < other.since;
    const byCost = compareCost(lot.unitCost, other.unitCost);
    return byCost < 0 || (byCost === 0 && lot.since >= other.since);
  }
}

function pieceOf(lot: Kept, most: bigint, rule: Piece['rule']): Piece {
  const quantity = lot.quantity < most ? lot.quantity : most;
  const of = { quantity: lot.quantity, cost: lot.cost };
  const cost = shareOf(lot.cost, quantity, lot.quantity);
  lot.quantity -= quantity;
  lot.cost = less(lot.cost, cost);
  return { acquiredAt: lot.acquiredAt, acquisitionId: lot.acquisitionId, quantity, cost, rule, of };
}

function compareCost(one: bigint | null, other: bigint | null): number {
  if (one === null || other === null) return Number(other === null) - Number(one === null);
  return compare(one, other);
}
