import { divided, powerOfTen } from '@scani/money';
import { QUANTITY_DECIMALS } from '../constants.js';
import type { CorporateActionKind, TransactionKind } from '../transaction-kind.js';

/*
 * Amounts of lots are fixed point: quantities count units of 10^-QUANTITY_DECIMALS, money and prices units of
 * 10^-COST_DECIMALS. What is divided is divided into parts that add up to the whole, to the last unit.
 */

export const COST_BASIS_METHODS = ['fifo', 'lifo', 'hifo', 'average', 'section-104', 'specific'] as const;
/** How it is decided which units are sold. */
export type CostBasisMethod = (typeof COST_BASIS_METHODS)[number];

/** A position of one asset in one account, neither a currency nor a scam. */
export interface LotHolding {
  id: string;
  assetId: string;
  method: CostBasisMethod;
  /** What is owed: lots are opened by what goes out, and closed by what comes in. */
  liability: boolean;
}

/** One row of the ledger as the cost basis sees it. Money is in the one basis currency. */
export interface LotMovement {
  id: string;
  holdingId: string;
  /** Milliseconds since the epoch. */
  at: number;
  kind: TransactionKind;
  /** Signed: what came is above zero, what left below. */
  quantity: bigint;
  /** What one unit cost, fetched or was worth then. Undefined: not known. */
  unitPrice: bigint | undefined;
  /** Zero: there was none. Undefined: there was one, and what it was worth is not known. */
  fee: bigint | undefined;
  /** Sides of one move between own accounts carry one id. */
  transferId?: string | undefined;
  /** Rows of one corporate action carry its id. */
  actionId?: string | undefined;
}

export interface LotAction {
  id: string;
  kind: CorporateActionKind;
  /** So many new units for so many old ones, in one scale. Undefined: the rows alone say it. */
  ratio: { new: bigint; old: bigint } | undefined;
  /** Share of the cost, in units of 10^-COST_DECIMALS, that goes to what is spun off or paid for in cash. */
  costShare: bigint | undefined;
}

/** By the method `specific`: so many units of this acquisition are what this disposal took. */
export interface LotChoice {
  disposalId: string;
  acquisitionId: string;
  quantity: bigint;
}

/** What a movement does to the lots; sizes are above zero. */
export interface Step {
  id: string;
  holdingId: string;
  at: number;
  kind: TransactionKind;
  /**
   * `acquire`: bought or earned. `arrive`: it came, and where from is not known. `dispose`: given up for something.
   * `leave`: it went, and nothing was earned by that. Of what is owed: `acquire` opens, `dispose` closes.
   */
  effect: 'acquire' | 'arrive' | 'dispose' | 'leave';
  quantity: bigint;
  /** Cost of what came, proceeds of what was disposed of, nothing for what left. Null: not known. */
  money: bigint | null;
}

const INCOME: ReadonlySet<TransactionKind> = new Set(['dividend', 'interest', 'reward', 'airdrop']);
const DISPOSAL: ReadonlySet<TransactionKind> = new Set(['sell', 'fee', 'tax']);
const ONE_UNIT = powerOfTen(QUANTITY_DECIMALS);

export const isIncome = (kind: TransactionKind): boolean => INCOME.has(kind);

/** What so many units are worth at a price. */
export const worth = (quantity: bigint, unitPrice: bigint): bigint => divided(quantity * unitPrice, ONE_UNIT);

/** What one unit cost. */
export const perUnit = (cost: bigint, quantity: bigint): bigint => divided(cost * ONE_UNIT, quantity);

/** What a movement does, or undefined when nothing moved. */
export function stepOf(movement: LotMovement, liability: boolean): Step | undefined {
  const { id, holdingId, at, kind, quantity, unitPrice, fee } = movement;
  if (quantity === 0n) return undefined;
  const size = quantity < 0n ? -quantity : quantity;
  const money = unitPrice === undefined ? null : worth(size, unitPrice);
  const step = { id, holdingId, at, kind, quantity: size };
  const withFee = (sign: 1n | -1n): bigint | null => (money === null || fee === undefined ? null : money + sign * fee);
  if (liability) {
    if (quantity > 0n)
      return kind === 'buy'
        ? { ...step, effect: 'dispose', money: withFee(1n) }
        : { ...step, effect: 'leave', money: 0n };
    return { ...step, effect: 'acquire', money: kind === 'sell' ? withFee(-1n) : money };
  }
  if (quantity > 0n) {
    if (kind === 'buy') return { ...step, effect: 'acquire', money: withFee(1n) };
    return { ...step, effect: isIncome(kind) ? 'acquire' : 'arrive', money };
  }
  if (!DISPOSAL.has(kind)) return { ...step, effect: 'leave', money: 0n };
  return { ...step, effect: 'dispose', money: kind === 'sell' ? withFee(-1n) : money };
}

/** True for what adds to the lots. */
export const isComing = ({ effect }: Step): boolean => effect === 'acquire' || effect === 'arrive';

/**
 * The order of what happened at one instant: by what it was, never by when it was written down: first what came, then
 * what went, then by size and money.
 */
export function compareSteps(one: Step, other: Step): number {
  return (
    Number(isComing(other)) - Number(isComing(one)) ||
    compare(one.effect, other.effect) ||
    compare(one.quantity, other.quantity) ||
    compareMoney(one.money, other.money) ||
    compare(one.kind, other.kind) ||
    compare(one.holdingId, other.holdingId)
  );
}

export const compare = <T extends string | bigint | number>(one: T, other: T): number =>
  one < other ? -1 : Number(one > other);

function compareMoney(one: bigint | null, other: bigint | null): number {
  if (one === null || other === null) return Number(one === null) - Number(other === null);
  return compare(one, other);
}
