import { type Decimal, ZERO } from '@scani/money';
import type { LotRule, OpenLot, Piece } from './pieces.js';

/** Decimals of a quantity, so that the two parts of one are exact. */
const QUANTITY_DECIMALS = 24;

/**
 * Units that are one mass with one average cost. Those without a known cost are counted apart: whatever is taken is
 * taken from both in proportion, so that the known part keeps its cost and the unknown part stays unknown.
 */
export class Pool {
  private known = ZERO;
  private cost = ZERO;
  private unknown = ZERO;

  get quantity(): Decimal {
    return this.known.plus(this.unknown);
  }

  add(quantity: Decimal, cost: Decimal | null): void {
    if (cost === null) this.unknown = this.unknown.plus(quantity);
    else {
      this.known = this.known.plus(quantity);
      this.cost = this.cost.plus(cost);
    }
  }

  /** Takes at most what is there. */
  take(wanted: Decimal, rule: LotRule, acquiredAt: number | null = null): Piece[] {
    const total = this.quantity;
    const quantity = wanted.gte(total) ? total : wanted;
    const known = this.knownPartOf(quantity, total);
    const cost = known.eq(this.known) ? this.cost : this.cost.times(known).div(this.known);
    const unknown = quantity.minus(known);
    this.known = this.known.minus(known);
    this.cost = this.cost.minus(cost);
    this.unknown = this.unknown.minus(unknown);
    return [
      { acquiredAt, quantity: known, cost, rule },
      { acquiredAt, quantity: unknown, cost: null, rule },
    ].filter((piece) => !piece.quantity.isZero());
  }

  private knownPartOf(quantity: Decimal, total: Decimal): Decimal {
    if (this.unknown.isZero()) return quantity;
    return quantity.eq(total) ? this.known : quantity.times(this.known).div(total).toDecimalPlaces(QUANTITY_DECIMALS);
  }

  /** Moves everything into another pool. */
  pourInto(other: Pool): void {
    if (!this.known.isZero()) other.add(this.known, this.cost);
    if (!this.unknown.isZero()) other.add(this.unknown, null);
    this.known = this.cost = this.unknown = ZERO;
  }

  open(): OpenLot[] {
    return [
      { acquiredAt: null, quantity: this.known, cost: this.cost },
      { acquiredAt: null, quantity: this.unknown, cost: null },
    ].filter((lot) => !lot.quantity.isZero());
  }
}
