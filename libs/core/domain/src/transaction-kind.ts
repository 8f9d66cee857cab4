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
  'split',
  'spin-off',
  'merger',
  'symbol-change',
  'return-of-capital',
] as const;
export type TransactionKind = (typeof TRANSACTION_KINDS)[number];

const OUTGOING: ReadonlySet<TransactionKind> = new Set(['withdraw', 'transfer-out', 'sell', 'fee', 'tax']);

/** What a company does to its shares: recorded as a whole, never as a single row that somebody types. */
export const CORPORATE_ACTIONS = ['split', 'spin-off', 'merger', 'symbol-change', 'return-of-capital'] as const;
export type CorporateActionKind = (typeof CORPORATE_ACTIONS)[number];

const EITHER_WAY: ReadonlySet<TransactionKind> = new Set(['adjustment', 'opening-balance', ...CORPORATE_ACTIONS]);

/** People type sizes; the kind says the direction. An adjustment keeps the sign that was typed. */
export function signedQuantity(kind: TransactionKind, typed: Decimal): Decimal {
  if (EITHER_WAY.has(kind)) return typed;
  return OUTGOING.has(kind) ? typed.abs().neg() : typed.abs();
}
