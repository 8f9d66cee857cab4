import { type Decimal } from '@scani/money';

export const TRANSACTION_KINDS = [
  'deposit',
  'withdraw',
  'transfer-in',
  'transfer-out',
  'buy',
  'sell',
  'dividend',
  'interest',
  'reward',
  'airdrop',
  'fee',
  'tax',
  'adjustment',
  'opening-balance',
] as const;
export type TransactionKind = (typeof TRANSACTION_KINDS)[number];

const OUTGOING: ReadonlySet<TransactionKind> = new Set(['withdraw', 'transfer-out', 'sell', 'fee', 'tax']);
const EITHER_WAY: ReadonlySet<TransactionKind> = new Set(['adjustment', 'opening-balance']);

/** People type sizes; the kind says the direction. An adjustment keeps the sign that was typed. */
export function signedQuantity(kind: TransactionKind, typed: Decimal): Decimal {
  if (EITHER_WAY.has(kind)) return typed;
  return OUTGOING.has(kind) ? typed.abs().neg() : typed.abs();
}
