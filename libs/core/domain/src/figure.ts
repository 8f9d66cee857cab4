import { type Decimal, sum } from '@scani/money';
import { Decimal as D } from '@scani/money';
import { ESTIMATED_SHARE, FULL_SHARE, VALUE_DECIMALS } from './constants.js';
import type { Balance } from './balance-at.js';
import type { Rate } from './price-graph.js';

export const COVERAGES = ['full', 'partial', 'estimated', 'unknown'] as const;
/** How complete the evidence behind a figure is. */
export type Coverage = (typeof COVERAGES)[number];

/** One holding at one instant, in the base. */
export interface Valued {
  /** Null: there is no price. Zero only where nothing is held. */
  amount: Decimal | null;
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

/** Values a balance; what is held and has no price is null, never zero. */
export function valued(balance: Balance, rate: Rate | undefined, unpriceable: boolean): Valued {
  const nothing = balance.quantity.isZero();
  const priced = rate !== undefined || nothing;
  return {
    amount: priced ? balance.quantity.times(rate?.value ?? 0).toDecimalPlaces(VALUE_DECIMALS, D.ROUND_HALF_EVEN) : null,
    stale: !nothing && (rate?.stale ?? false),
    beforeRecords: balance.beforeRecords,
    drifting: balance.drifting,
    unpriceable: !priced && unpriceable,
  };
}

/**
 * The total of a scope. Coverage is known / (all − unpriceable): at least 0.95 is full (partial when a price is
 * stale or a holding has no records yet), at least 0.5 estimated, below that unknown.
 */
export function figureOf(parts: readonly Valued[]): Figure {
  const known = parts.filter((part) => part.amount !== null);
  const figure = {
    unpriced: parts.length - known.length,
    stale: parts.filter((part) => part.stale).length,
    beforeRecords: parts.filter((part) => part.beforeRecords).length,
    drifting: parts.filter((part) => part.drifting).length,
  };
  const amount = known.length > 0 || parts.length === 0 ? sum(known.map((part) => part.amount as Decimal)) : null;
  return { amount, coverage: coverageOf(known.length, parts, figure), ...figure };
}

function coverageOf(
  known: number,
  parts: readonly Valued[],
  doubts: { stale: number; beforeRecords: number },
): Coverage {
  if (parts.length === 0) return 'full';
  const priceable = parts.length - parts.filter((part) => part.unpriceable).length;
  if (known === 0) return 'unknown';
  const share = known / priceable;
  if (share >= FULL_SHARE) return doubts.stale > 0 || doubts.beforeRecords > 0 ? 'partial' : 'full';
  return share >= ESTIMATED_SHARE ? 'estimated' : 'unknown';
}
