import { type Day, type Decimal, endOf } from '@scani/money';
import { balancesAt, type Evidence } from './balance-at.js';
import { type Coverage, type Figure, figureOf, type Valued, valued } from './figure.js';
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
  value: Decimal | null;
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

/** The values of every holding on every day, in the order of the days. */
export function valuesByHolding(input: RollupInput): Map<string, Valued[]> {
  const instants = input.days.map((day) => Math.min(endOf(day).getTime(), input.now));
  const rates = new Map<string, (Rate | undefined)[]>();
  const ratesOf = (assetId: string): (Rate | undefined)[] => {
    const known = rates.get(assetId) ?? instants.map((at) => input.prices.rate(assetId, input.base, at, input.now));
    rates.set(assetId, known);
    return known;
  };
  return new Map(
    input.holdings.map((holding) => {
      const priced = ratesOf(holding.assetId);
      const balances = balancesAt(holding.evidence, instants);
      return [holding.holdingId, balances.map((balance, index) => valued(balance, priced[index], holding.unpriceable))];
    }),
  );
}

/** The daily rollup: one row per scope and day. A pure function of the evidence, so a rebuild gives the same digits. */
export function* rollup(input: RollupInput): Generator<RollupRow> {
  const values = valuesByHolding(input);
  for (const [scope, members] of scopesOf(input)) {
    for (const [scopeId, holdingIds] of members) {
      for (const [index, day] of input.days.entries()) {
        const figure = figureOf(holdingIds.map((id) => values.get(id)?.[index] as Valued));
        yield { scope, scopeId, day, value: figure.amount, coverage: figure.coverage };
      }
    }
  }
}

/** Figures per scope at one instant; the headline and the last point of every chart come from here. */
export function figuresNow(input: Omit<RollupInput, 'days'> & { today: Day }): Map<string, Figure> {
  const values = valuesByHolding({ ...input, days: [input.today] });
  const figures = new Map<string, Figure>();
  for (const [scope, members] of scopesOf(input)) {
    for (const [scopeId, ids] of members) {
      figures.set(`${scope}:${scopeId}`, figureOf(ids.map((id) => values.get(id)?.[0] as Valued)));
    }
  }
  return figures;
}

function scopesOf(input: Pick<RollupInput, 'userId' | 'holdings'>): [Scope, Map<string, string[]>][] {
  const by = (idOf: (holding: RollupHolding) => string): Map<string, string[]> => {
    const groups = new Map<string, string[]>();
    for (const holding of input.holdings) {
      const members = groups.get(idOf(holding)) ?? [];
      if (holding.counted) members.push(holding.holdingId);
      groups.set(idOf(holding), members);
    }
    return groups;
  };
  return [
    [
      'user',
      new Map([
        [input.userId, input.holdings.filter((holding) => holding.counted).map((holding) => holding.holdingId)],
      ]),
    ],
    ['institution', by((holding) => holding.institutionId)],
    ['account', by((holding) => holding.accountId)],
    ['holding', new Map(input.holdings.map((holding) => [holding.holdingId, [holding.holdingId]]))],
  ];
}
