import { addDays, type Day, endOf } from '@scani/money';
import { balanceColumns, type Evidence } from './balance-at.js';
import { type Coverage, type Figure, type FixedRate, Tally, type Valued, valuedAt, worth } from './figure.js';
import type { PriceGraph, Rate, RateColumns } from './price-graph.js';
import { currencyEffect } from './returns/currency-effect.js';
import { type DayMoney, type MoneyEntry, moneyOfDays } from './returns/day-money.js';

/** A holding with all that is known of it. */
export interface RollupHolding {
  holdingId: string;
  accountId: string;
  institutionId: string;
  assetId: string;
  /** Whether it counts in totals; a holding that does not still has a figure of its own. */
  counted: boolean;
  /** Nobody offers prices for its asset. */
  unpriceable: boolean;
  /** Its asset is a currency: what moves its price are exchange rates. */
  isCurrency: boolean;
  evidence: Evidence;
}

export type Scope = 'user' | 'institution' | 'account' | 'holding';

/** What is said of one holding on one day besides its value: what the scopes above it are counted from. */
export const ROLLUP_FLAGS = { stale: 1, beforeRecords: 2, drifting: 4, unpriceable: 8, counted: 16 } as const;

/** Consecutive days that are worked out together. */
export interface RollupWindow {
  base: string;
  days: readonly Day[];
  /** The instant from which the days are looked at, ms. A day that is not over is valued at it. */
  now: number;
  /** No records of the person reach back further than the first day: nothing is taken to be held before it. */
  fromNothing: boolean;
}

/** One holding on the days of a window, a value a day; amounts in units of 10^-VALUE_DECIMALS of the base. */
export interface HoldingDays {
  /** Null: there is no price. */
  amounts: (bigint | null)[];
  /** Sums of ROLLUP_FLAGS. */
  flags: number[];
  /** What exchange rates made of the value of the evening before; null: not known. */
  effects: (bigint | null)[];
  /** Only days on which something moved. */
  money: DayMoney[];
}

/** The instants at which a window is looked at: the end of the day before it, and of each of its days. */
export function instantsOf({ days, now }: Pick<RollupWindow, 'days' | 'now'>): number[] {
  const first = days[0];
  if (first === undefined) return [];
  return [addDays(first, -1), ...days].map((day) => Math.min(endOf(day).getTime(), now));
}

/** Works out one holding after the other over the days of one window; what a rate costs to find is spent once. */
export class DailyRollup {
  private readonly instants: readonly number[];
  private readonly rates = new Map<string, RateColumns>();

  constructor(
    private readonly window: RollupWindow,
    private readonly prices: PriceGraph,
  ) {
    this.instants = instantsOf(window);
  }

  /** A pure function of the evidence: the same evidence gives the same digits. `entries`: those of the window's days. */
  holding(holding: RollupHolding, entries: readonly MoneyEntry[]): HoldingDays {
    const rates = this.ratesOf(holding.assetId);
    const balances = balanceColumns(holding.evidence, this.instants);
    const worths = balances.quantities.map((quantity, index) => valueAt(quantity, rates.rates[index]));
    const { days, fromNothing } = this.window;
    return {
      amounts: worths.slice(1),
      flags: days.map((_, index) => {
        const at = index + 1;
        const isStale = balances.quantities[at] !== 0n && rates.stale[at] === 1;
        return (
          (isStale ? ROLLUP_FLAGS.stale : 0) +
          (balances.beforeRecords[at] ? ROLLUP_FLAGS.beforeRecords : 0) +
          (balances.drifting[at] ? ROLLUP_FLAGS.drifting : 0) +
          (worths[at] === null && holding.unpriceable ? ROLLUP_FLAGS.unpriceable : 0) +
          (holding.counted ? ROLLUP_FLAGS.counted : 0)
        );
      }),
      effects: days.map((_, index) =>
        fromNothing && index === 0
          ? 0n
          : this.effectOn(index, worths[index] ?? null, holding.isCurrency ? holding.assetId : rates.currencies[index]),
      ),
      money: moneyOfDays({ days, quantities: balances.quantities, rates: rates.rates, entries, fromNothing }),
    };
  }

  /** What one unit of an asset costs when a day of the window (or the one before it) closes. */
  rateAt(assetId: string, index: number): FixedRate | undefined {
    return this.ratesOf(assetId).rates[index + 1];
  }

  /** An evening whose value is not known was outside of all totals, and rates made nothing of it. */
  private effectOn(index: number, before: bigint | null, currency: string | undefined): bigint | null {
    if (before === null || before === 0n || currency === undefined || currency === this.window.base) return 0n;
    const { rates } = this.ratesOf(currency);
    return currencyEffect(before, rates[index], rates[index + 1]) ?? null;
  }

  private ratesOf(assetId: string): RateColumns {
    const known =
      this.rates.get(assetId) ?? this.prices.rateColumns(assetId, this.window.base, this.instants, this.window.now);
    this.rates.set(assetId, known);
    return known;
  }
}

const valueAt = (quantity: bigint, rate: FixedRate | undefined): bigint | null =>
  quantity === 0n ? 0n : rate ? worth(quantity, rate) : null;

/** What a holding counts for in totals, from what is stored of it. */
export function valuedOf(amount: bigint | null, flags: number): Valued {
  return {
    amount,
    stale: (flags & ROLLUP_FLAGS.stale) !== 0,
    beforeRecords: (flags & ROLLUP_FLAGS.beforeRecords) !== 0,
    drifting: (flags & ROLLUP_FLAGS.drifting) !== 0,
    unpriceable: (flags & ROLLUP_FLAGS.unpriceable) !== 0,
  };
}

/** The coverage of one holding on one day. */
export function coverageOf(amount: bigint | null, flags: number): Coverage {
  if (amount === null) return 'unknown';
  return (flags & (ROLLUP_FLAGS.stale | ROLLUP_FLAGS.beforeRecords)) === 0 ? 'full' : 'partial';
}

/** Figures per `scope:id` at one instant; the headline and the last point of every chart come from here. */
export function figuresNow(input: {
  userId: string;
  base: string;
  holdings: readonly RollupHolding[];
  prices: PriceGraph;
  now: number;
}): Map<string, Figure> {
  const rates = new Map<string, Rate | undefined>();
  const tallies = new Map<string, Tally>([[`user:${input.userId}`, new Tally()]]);
  for (const holding of input.holdings) {
    if (!rates.has(holding.assetId))
      rates.set(holding.assetId, input.prices.rate(holding.assetId, input.base, input.now, input.now));
    const rate = rates.get(holding.assetId);
    const { quantities, beforeRecords, drifting } = balanceColumns(holding.evidence, [input.now]);
    const [quantity = 0n] = quantities;
    const valued = valuedAt(
      { quantity, beforeRecords: beforeRecords[0] ?? false, drifting: drifting[0] ?? false },
      rate,
      holding.unpriceable,
    );
    const above = [`user:${input.userId}`, `institution:${holding.institutionId}`, `account:${holding.accountId}`].map(
      (key) => tallyOf(tallies, key),
    );
    tallyOf(tallies, `holding:${holding.holdingId}`).add(valued);
    if (holding.counted) for (const tally of above) tally.add(valued);
  }
  return new Map([...tallies].map(([key, tally]) => [key, tally.figure]));
}

function tallyOf(tallies: Map<string, Tally>, key: string): Tally {
  const tally = tallies.get(key) ?? new Tally();
  tallies.set(key, tally);
  return tally;
}
