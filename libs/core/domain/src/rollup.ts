import { type Day, endOf } from '@scani/money';
import { balanceColumns, type Evidence } from './balance-at.js';
import { type Coverage, type Figure, Tally, type Valued, worth } from './figure.js';
import type { PriceGraph, Rate } from './price-graph.js';

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
  evidence: Evidence;
}

export type Scope = 'user' | 'institution' | 'account' | 'holding';

export interface RollupRow {
  scope: Scope;
  scopeId: string;
  day: Day;
  /** Canonical decimal text with at most VALUE_DECIMALS decimals; null: not known. */
  value: string | null;
  coverage: Coverage;
}

export interface RollupInput {
  userId: string;
  base: string;
  holdings: readonly RollupHolding[];
  prices: PriceGraph;
  days: readonly Day[];
  /** The instant from which the days are looked at, ms. A day that is not over is valued at it. */
  now: number;
}

type ScopeOf = readonly [scope: Scope, scopeId: string, tallies: Tally[]];

/**
 * The daily rollup: one row per scope and day. A pure function of the evidence, so a rebuild gives the same digits.
 * Holdings are walked one after the other; only the totals above them are kept.
 */
export function* rollup(input: RollupInput): Generator<RollupRow> {
  const totals = new Totals(input.userId, input.days.length);
  for (const { holding, values } of valuesOf(input)) {
    const own = values.map(tallied);
    yield* rowsOf(['holding', holding.holdingId, own], input.days);
    totals.add(holding, values);
  }
  for (const scope of totals.scopes()) yield* rowsOf(scope, input.days);
}

/** Figures per `scope:id` at one instant; the headline and the last point of every chart come from here. */
export function figuresNow(input: Omit<RollupInput, 'days'> & { today: Day }): Map<string, Figure> {
  const totals = new Totals(input.userId, 1);
  const figures = new Map<string, Figure>();
  for (const { holding, values } of valuesOf({ ...input, days: [input.today] })) {
    figures.set(`holding:${holding.holdingId}`, tallied(values[0] as Valued).figure);
    totals.add(holding, values);
  }
  for (const [scope, id, tallies] of totals.scopes()) figures.set(`${scope}:${id}`, (tallies[0] as Tally).figure);
  return figures;
}

/** The values of one holding after the other, a value a day. */
function* valuesOf(input: RollupInput): Generator<{ holding: RollupHolding; values: Valued[] }> {
  const instants = input.days.map((day) => Math.min(endOf(day).getTime(), input.now));
  const known = new Map<string, (Rate | undefined)[]>();
  for (const holding of input.holdings) {
    const rates =
      known.get(holding.assetId) ?? instants.map((at) => input.prices.rate(holding.assetId, input.base, at, input.now));
    known.set(holding.assetId, rates);
    const { quantities, beforeRecords, drifting } = balanceColumns(holding.evidence, instants);
    yield {
      holding,
      values: quantities.map((quantity, index): Valued => {
        const rate = rates[index];
        const amount = quantity === 0n ? 0n : rate ? worth(quantity, rate) : null;
        return {
          amount,
          stale: quantity !== 0n && (rate?.stale ?? false),
          beforeRecords: beforeRecords[index] ?? false,
          drifting: drifting[index] ?? false,
          unpriceable: amount === null && holding.unpriceable,
        };
      }),
    };
  }
}

/** The running totals of every scope above the holdings. */
class Totals {
  private readonly byScope: Record<Exclude<Scope, 'holding'>, Map<string, Tally[]>>;

  constructor(
    userId: string,
    private readonly length: number,
  ) {
    this.byScope = { user: new Map([[userId, this.empty()]]), institution: new Map(), account: new Map() };
  }

  add(holding: RollupHolding, values: readonly Valued[]): void {
    const above = [
      ...this.byScope.user.values(),
      this.of('institution', holding.institutionId),
      this.of('account', holding.accountId),
    ];
    if (!holding.counted) return;
    for (const tallies of above) for (const [index, value] of values.entries()) tallies[index]?.add(value);
  }

  *scopes(): Generator<ScopeOf> {
    for (const scope of ['user', 'institution', 'account'] as const) {
      for (const [id, tallies] of this.byScope[scope]) yield [scope, id, tallies];
    }
  }

  private of(scope: 'institution' | 'account', id: string): Tally[] {
    const tallies = this.byScope[scope].get(id) ?? this.empty();
    this.byScope[scope].set(id, tallies);
    return tallies;
  }

  private empty(): Tally[] {
    return Array.from({ length: this.length }, () => new Tally());
  }
}

function tallied(value: Valued): Tally {
  const tally = new Tally();
  tally.add(value);
  return tally;
}

function* rowsOf([scope, scopeId, tallies]: ScopeOf, days: readonly Day[]): Generator<RollupRow> {
  for (const [index, day] of days.entries()) {
    const tally = tallies[index];
    if (tally) yield { scope, scopeId, day, value: tally.value, coverage: tally.coverage };
  }
}
