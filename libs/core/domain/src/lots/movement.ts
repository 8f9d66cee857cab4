import { type Decimal, ZERO } from '@scani/money';
import type { TransactionKind } from '../transaction-kind.js';

export const COST_BASIS_METHODS = ['fifo', 'lifo', 'hifo', 'average', 'section-104'] as const;
/** How it is decided which units are sold. */
export type CostBasisMethod = (typeof COST_BASIS_METHODS)[number];

/** One row of the ledger as the cost basis sees it. Money is in the one basis currency. */
export interface LotMovement {
  id: string;
  /** Milliseconds since the epoch. */
  at: number;
  kind: TransactionKind;
  /** Signed: what came is above zero, what left below. */
  quantity: Decimal;
  /** What one unit cost, fetched or was worth then. Undefined: not known. */
  unitPrice: Decimal | undefined;
  /** Zero: there was none. Undefined: there was one, and what it was worth is not known. */
  fee: Decimal | undefined;
}

/** What a movement does to the lots; sizes are above zero. */
export interface Step {
  id: string;
  at: number;
  kind: TransactionKind;
  /**
   * `acquire`: bought or earned. `arrive`: it came, and where from is not known. `dispose`: given up for something.
   * `leave`: it went, and nothing was earned by that.
   */
  effect: 'acquire' | 'arrive' | 'dispose' | 'leave';
  quantity: Decimal;
  /** Cost of what came, proceeds of what was disposed of, nothing for what left. Null: not known. */
  money: Decimal | null;
}

const INCOME: ReadonlySet<TransactionKind> = new Set(['dividend', 'interest', 'reward', 'airdrop']);
const DISPOSAL: ReadonlySet<TransactionKind> = new Set(['sell', 'fee', 'tax']);

export const isIncome = (kind: TransactionKind): boolean => INCOME.has(kind);

/** What a movement does, or undefined when nothing moved. */
export function stepOf({ id, at, kind, quantity, unitPrice, fee }: LotMovement): Step | undefined {
  if (quantity.isZero()) return undefined;
  const size = quantity.abs();
  const worth = unitPrice === undefined ? null : size.times(unitPrice);
  const step = { id, at, kind, quantity: size };
  if (quantity.isPositive()) {
    if (kind === 'buy')
      return { ...step, effect: 'acquire', money: worth === null || fee === undefined ? null : worth.plus(fee) };
    return { ...step, effect: isIncome(kind) ? 'acquire' : 'arrive', money: worth };
  }
  if (!DISPOSAL.has(kind)) return { ...step, effect: 'leave', money: ZERO };
  if (kind !== 'sell') return { ...step, effect: 'dispose', money: worth };
  return { ...step, effect: 'dispose', money: worth === null || fee === undefined ? null : worth.minus(fee) };
}

/**
 * Steps in the order of time. What happened at one instant is ordered by what it was, never by when it was written
 * down: first what came, then what went, then by size and money.
 */
export function inOrder(steps: readonly Step[]): Step[] {
  const coming = (step: Step): number => (step.effect === 'acquire' || step.effect === 'arrive' ? 0 : 1);
  return steps.toSorted(
    (one, other) =>
      one.at - other.at ||
      coming(one) - coming(other) ||
      one.effect.localeCompare(other.effect, 'en') ||
      one.quantity.cmp(other.quantity) ||
      compareMoney(one.money, other.money) ||
      (one.id < other.id ? -1 : 1),
  );
}

function compareMoney(one: Decimal | null, other: Decimal | null): number {
  if (one === null || other === null) return Number(one === null) - Number(other === null);
  return one.cmp(other);
}
