import { divided } from '@scani/money';
import type { PlacedLot } from './lot-queue.js';
import { type LotRule, type OpenLot, type Piece, quantityOf, shareOf, unmatched } from './pieces.js';

/** The day and the transaction of a pool that holds what came on one day. */
interface Origin {
  acquiredAt: number | null;
  acquisitionId: string | null;
}
const NO_ORIGIN: Origin = { acquiredAt: null, acquisitionId: null };

/**
 * Units that are one mass with one average cost. Those without a known cost are counted apart: whatever is taken is
 * taken from both in proportion, so that the known part keeps its cost and the unknown part stays unknown.
 */
export class Pool {
  private known = 0n;
  private cost = 0n;
  private unknown = 0n;

  constructor(private readonly rule: LotRule = 'pool') {}

  get quantity(): bigint {
    return this.known + this.unknown;
  }

  add({ quantity, cost }: Pick<OpenLot, 'quantity' | 'cost'>): void {
    if (cost === null) this.unknown += quantity;
    else {
      this.known += quantity;
      this.cost += cost;
    }
  }

  /** Takes units; what is not there comes back as an unmatched piece. */
  take(wanted: bigint): Piece[] {
    const pieces = this.takeUpTo(wanted, this.rule);
    return [...pieces, ...unmatched(wanted - quantityOf(pieces))];
  }

  /** Takes at most what is there. */
  takeUpTo(wanted: bigint, rule: LotRule, origin: Origin = NO_ORIGIN): Piece[] {
    const whole = this.quantity;
    if (whole === 0n || wanted === 0n) return [];
    const quantity = wanted < whole ? wanted : whole;
    const known = divided(quantity * this.known, whole);
    const ofKnown = { quantity: this.known, cost: this.cost };
    const ofUnknown = { quantity: this.unknown, cost: null };
    const cost = known === 0n ? 0n : (shareOf(this.cost, known, this.known) ?? 0n);
    this.known -= known;
    this.cost -= cost;
    this.unknown -= quantity - known;
    return [
      { ...origin, quantity: known, cost, rule, of: ofKnown },
      { ...origin, quantity: quantity - known, cost: null, rule, of: ofUnknown },
    ].filter((piece) => piece.quantity > 0n);
  }

  /** More units for the same cost (fewer when below zero), known and unknown in proportion. */
  grow(units: bigint): void {
    const whole = this.quantity;
    if (whole === 0n) {
      if (units > 0n) this.unknown += units;
      return;
    }
    const grown = whole + units > 0n ? whole + units : 0n;
    const known = divided(grown * this.known, whole);
    this.unknown = grown - known;
    this.known = known;
  }

  /** Changes the two parts, the known and the unknown. */
  rework(change: (lots: readonly PlacedLot[]) => readonly PlacedLot[]): void {
    const changed = change(this.open().map((lot) => ({ ...lot, since: 0 })));
    this.known = this.cost = this.unknown = 0n;
    for (const lot of changed) this.add(lot);
  }

  open(): OpenLot[] {
    return [
      { ...NO_ORIGIN, quantity: this.known, cost: this.cost },
      { ...NO_ORIGIN, quantity: this.unknown, cost: null },
    ].filter((lot) => lot.quantity > 0n);
  }
}
