import { type Decimal, divided, fixedDecimal, powerOfTen } from '@scani/money';
import { ESTIMATED_PERCENT, FULL_PERCENT, QUANTITY_DECIMALS, RATE_DECIMALS, VALUE_DECIMALS } from './constants.js';

export const COVERAGES = ['full', 'partial', 'estimated', 'unknown'] as const;
/** How complete the evidence behind a figure is. */
export type Coverage = (typeof COVERAGES)[number];

/** One holding at one instant, in the base. */
export interface Valued {
  /** Units of 10^-VALUE_DECIMALS. Null: there is no price. Zero only where nothing is held. */
  amount: bigint | null;
  stale: boolean;
  beforeRecords: boolean;
  drifting: boolean;
  /** Nobody can say what it costs: it has no price and no provider for one. */
  unpriceable: boolean;
}

/** A total with what is known of it. */
export interface Figure {
  /** Null: nothing of it is known. */
  amount: Decimal | null;
  coverage: Coverage;
  unpriced: number;
  stale: number;
  beforeRecords: number;
  drifting: number;
}

/** What one unit costs, in units of 10^-RATE_DECIMALS. */
export interface FixedRate {
  readonly units: bigint;
}

const VALUE_DIVISOR = powerOfTen(QUANTITY_DECIMALS + RATE_DECIMALS - VALUE_DECIMALS);

/** What a quantity (units of 10^-QUANTITY_DECIMALS) is worth at a rate, in units of 10^-VALUE_DECIMALS, half to even. */
export function worth(quantity: bigint, rate: FixedRate): bigint {
  return divided(quantity * rate.units, VALUE_DIVISOR);
}

/** What a holding's balance (`quantity` in units of 10^-QUANTITY_DECIMALS) is worth at a rate. Of nothing, no price is missed. */
export function valuedAt(
  balance: { quantity: bigint; beforeRecords: boolean; drifting: boolean },
  rate: (FixedRate & { stale: boolean }) | undefined,
  unpriceable: boolean,
): Valued {
  const { quantity, beforeRecords, drifting } = balance;
  const amount = quantity === 0n ? 0n : rate ? worth(quantity, rate) : null;
  return {
    amount,
    stale: quantity !== 0n && (rate?.stale ?? false),
    beforeRecords,
    drifting,
    unpriceable: amount === null && unpriceable,
  };
}

/** Adds up the holdings of a scope, one at a time. */
export class Tally {
  private sum = 0n;
  private parts = 0;
  private known = 0;
  private unpriceable = 0;
  private stale = 0;
  private beforeRecords = 0;
  private drifting = 0;

  add(part: Valued): void {
    this.parts += 1;
    if (part.amount !== null) {
      this.known += 1;
      this.sum += part.amount;
    }
    if (part.unpriceable) this.unpriceable += 1;
    if (part.stale) this.stale += 1;
    if (part.beforeRecords) this.beforeRecords += 1;
    if (part.drifting) this.drifting += 1;
  }

  /**
   * Known / (all − unpriceable): at least 0.95 is full (partial when a price is stale or a holding has no records
   * yet), at least 0.5 estimated, below that unknown.
   */
  get coverage(): Coverage {
    if (this.parts === 0) return 'full';
    if (this.known === 0) return 'unknown';
    const expected = this.parts - this.unpriceable;
    if (this.known * 100 >= expected * FULL_PERCENT)
      return this.stale > 0 || this.beforeRecords > 0 ? 'partial' : 'full';
    return this.known * 100 >= expected * ESTIMATED_PERCENT ? 'estimated' : 'unknown';
  }

  get figure(): Figure {
    return {
      amount: this.isKnown ? fixedDecimal(this.sum, VALUE_DECIMALS) : null,
      coverage: this.coverage,
      unpriced: this.parts - this.known,
      stale: this.stale,
      beforeRecords: this.beforeRecords,
      drifting: this.drifting,
    };
  }

  private get isKnown(): boolean {
    return this.known > 0 || this.parts === 0;
  }
}

/** The total of a scope. */
export function figureOf(parts: Iterable<Valued>): Figure {
  const tally = new Tally();
  for (const part of parts) tally.add(part);
  return tally.figure;
}
