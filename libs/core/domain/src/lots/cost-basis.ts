import { type Decimal, sum, ZERO } from '@scani/money';
import { LotQueue, type LotOrder } from './lot-queue.js';
import { type CostBasisMethod, inOrder, isIncome, type LotMovement, type Step, stepOf } from './movement.js';
import { departureOf, disposalOf, type Disposal, type Matched, type Piece, unmatched } from './pieces.js';
import { Pool } from './pool.js';
import { section104 } from './section-104.js';

/** What was earned by holding. Negative where it was taken back. */
export interface Income {
  id: string;
  at: number;
  kind: LotMovement['kind'];
  quantity: Decimal;
  /** What it was worth when it came. Null: not known. */
  amount: Decimal | null;
}

/** The cost basis of one pool of one asset. Nothing in it is rounded; divisions keep 60 digits. */
export interface CostBasis extends Matched {
  income: Income[];
  /** How much went beyond all that is known to have come. */
  short: Decimal;
}

/**
 * What was sold, at which cost, and what is left with which cost, by one of the methods. Fees raise the cost of what is
 * bought and lower the proceeds of what is sold. What came without a price has an unknown cost, which stays unknown.
 * The order in which the movements are given makes no difference.
 */
export function costBasis(movements: readonly LotMovement[], method: CostBasisMethod): CostBasis {
  const steps = inOrder(movements.flatMap((movement) => stepOf(movement) ?? []));
  const matched = matchedBy(steps, method);
  const pieces = [...matched.disposals, ...matched.departures].flatMap((one): readonly Piece[] => one.lots);
  return {
    ...matched,
    income: incomeOf(movements),
    short: sum(pieces.flatMap((piece) => (piece.rule === 'unmatched' ? [piece.quantity] : []))),
  };
}

/** Income of these movements in the order of time; currencies, which have no lots, have income all the same. */
export function incomeOf(movements: readonly LotMovement[]): Income[] {
  return movements
    .filter(({ kind, quantity }) => isIncome(kind) && !quantity.isZero())
    .map(({ id, at, kind, quantity, unitPrice }) => ({
      id,
      at,
      kind,
      quantity,
      amount: unitPrice === undefined ? null : quantity.times(unitPrice),
    }))
    .toSorted((one, other) => one.at - other.at || one.quantity.cmp(other.quantity) || (one.id < other.id ? -1 : 1));
}

/** The sum of what is known, null when nothing of it is; and how many have a part that is not known. */
export interface PartlyKnown {
  amount: Decimal | null;
  unknown: number;
}

/** What the disposals gained: every part whose cost and proceeds are known counts. */
export function realised(disposals: readonly Disposal[]): PartlyKnown {
  const gains = disposals.flatMap((disposal) => disposal.lots.flatMap((lot) => lot.gain ?? []));
  return partlyKnown(gains, disposals.filter((disposal) => disposal.gain === null).length);
}

/** What came in as income. */
export function earned(income: readonly Income[]): PartlyKnown {
  return partlyKnown(
    income.flatMap((one) => one.amount ?? []),
    income.filter((one) => one.amount === null).length,
  );
}

const partlyKnown = (known: readonly Decimal[], unknown: number): PartlyKnown => ({
  amount: known.length === 0 && unknown > 0 ? null : sum(known),
  unknown,
});

function matchedBy(steps: readonly Step[], method: CostBasisMethod): Matched {
  if (method === 'section-104') return section104(steps);
  return method === 'average' ? byAverage(steps) : byLots(steps, method);
}

function byLots(steps: readonly Step[], order: LotOrder): Matched {
  const queue = new LotQueue(order);
  const walked = walk(
    steps,
    (step) => queue.add(step.at, step.quantity, step.money),
    (quantity) => queue.take(quantity),
  );
  return { ...walked, open: queue.open() };
}

function byAverage(steps: readonly Step[]): Matched {
  const pool = new Pool();
  const walked = walk(
    steps,
    (step) => pool.add(step.quantity, step.money),
    (quantity) => {
      const pieces = pool.take(quantity, 'average');
      return [...pieces, ...unmatched(quantity.minus(sum(pieces.map((piece) => piece.quantity))))];
    },
  );
  return { ...walked, open: pool.open() };
}

function walk(
  steps: readonly Step[],
  add: (step: Step) => void,
  take: (quantity: Decimal) => Piece[],
): Omit<Matched, 'open'> {
  const walked: Omit<Matched, 'open'> = { disposals: [], departures: [] };
  for (const step of steps) {
    if (step.effect === 'acquire' || step.effect === 'arrive') add(step);
    else if (step.effect === 'dispose') walked.disposals.push(disposalOf(step, take(step.quantity)));
    else walked.departures.push(departureOf(step, take(step.quantity)));
  }
  return walked;
}

/** What is held with its known cost: quantity, cost (null when nothing of it is known) and how much has none. */
export function heldAtCost(open: Matched['open']): { quantity: Decimal; cost: Decimal | null; unknown: Decimal } {
  const known = open.flatMap((lot) => lot.cost ?? []);
  return {
    quantity: sum(open.map((lot) => lot.quantity)),
    cost: known.length === 0 && open.length > 0 ? null : sum(known),
    unknown: open.reduce((total, lot) => (lot.cost === null ? total.plus(lot.quantity) : total), ZERO),
  };
}
