import { type Book } from './books.js';
import { compare, isIncome, type LotMovement, worth } from './movement.js';
import type { Departure, Disposal, OpenLot } from './pieces.js';
import { type LotSet, walk } from './walk.js';

/** What was earned by holding. Negative where it was taken back. */
export interface Income {
  id: string;
  holdingId: string;
  at: number;
  kind: LotMovement['kind'];
  quantity: bigint;
  /** What it was worth when it came. Null: not known. */
  amount: bigint | null;
}

/** What is left in one holding, or in the holdings that share their lots. */
export interface OpenBook extends Pick<Book, 'key' | 'method' | 'short' | 'holdingIds'> {
  lots: OpenLot[];
}

/** The cost basis of holdings that share lots. Amounts are units as in LotMovement. */
export interface CostBasis {
  /** In the order of time, like the others. */
  disposals: Disposal[];
  /** What went without a gain. */
  departures: Departure[];
  /** What went to another holding of the set, with its lots. */
  moves: Departure[];
  open: OpenBook[];
}

/**
 * What was sold, at which cost, and what is left with which cost, each holding by its method. Fees raise the cost of
 * what is bought and lower the proceeds of what is sold. What came without a price has an unknown cost, which stays
 * unknown. Lots travel through transfers and corporate actions. The order of the rows makes no difference.
 */
export function costBasis(set: LotSet): CostBasis {
  const { books, ...walked } = walk(set);
  return {
    ...walked,
    open: books.map(({ key, method, short, holdingIds, lots }) => ({
      key,
      method,
      short,
      holdingIds,
      lots: lots.open(),
    })),
  };
}

/** Income of these movements in the order of time; currencies, which have no lots, have income all the same. */
export function incomeOf(movements: readonly LotMovement[]): Income[] {
  return movements
    .filter(({ kind, quantity }) => isIncome(kind) && quantity !== 0n)
    .map(({ id, holdingId, at, kind, quantity, unitPrice }) => ({
      id,
      holdingId,
      at,
      kind,
      quantity,
      amount: unitPrice === undefined ? null : worth(quantity, unitPrice),
    }))
    .sort((one, other) => one.at - other.at || compare(one.quantity, other.quantity) || compare(one.id, other.id));
}

/** The sum of what is known, null when nothing of it is; and how many have a part that is not known. */
export interface PartlyKnown {
  amount: bigint | null;
  unknown: number;
}

/** What the disposals gained: every part whose cost and proceeds are known counts. */
export function realised(disposals: readonly Disposal[]): PartlyKnown {
  const gains = disposals.map(knownGain).filter((gain) => gain !== null);
  return partlyKnown(gains, disposals.filter((disposal) => disposal.gain === null).length);
}

/** What the parts gained whose cost and proceeds are known; null when there are none. */
export function knownGain({ lots }: Disposal): bigint | null {
  const gains = lots.flatMap((lot) => lot.gain ?? []);
  return gains.length === 0 ? null : gains.reduce((all, gain) => all + gain, 0n);
}

/** What came in as income. */
export function earned(income: readonly Income[]): PartlyKnown {
  return partlyKnown(
    income.flatMap((one) => one.amount ?? []),
    income.filter((one) => one.amount === null).length,
  );
}

const partlyKnown = (known: readonly bigint[], unknown: number): PartlyKnown => ({
  amount: known.length === 0 && unknown > 0 ? null : known.reduce((all, one) => all + one, 0n),
  unknown,
});

/** What is held with its known cost: quantity, cost (null when nothing of it is known) and how much has none. */
export function heldAtCost(open: readonly OpenLot[]): { quantity: bigint; cost: bigint | null; unknown: bigint } {
  let [quantity, cost, unknown] = [0n, 0n, 0n];
  for (const lot of open) {
    quantity += lot.quantity;
    if (lot.cost === null) unknown += lot.quantity;
    else cost += lot.cost;
  }
  return { quantity, cost: open.length > 0 && unknown === quantity ? null : cost, unknown };
}
