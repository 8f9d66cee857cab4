import type { TransactionKind } from '../transaction-kind.js';

/**
 * What a transaction means for a return. `flow`: money put in or taken out, which is nobody's performance (its sign is
 * the sign of its quantity); `income` and `cost` are performance, and stay inside; `none` moves units and no money.
 */
export type MoneyRole = 'flow' | 'income' | 'cost' | 'none';

const ROLES: Readonly<Record<TransactionKind, MoneyRole>> = {
  buy: 'flow',
  sell: 'flow',
  deposit: 'flow',
  withdraw: 'flow',
  'transfer-in': 'flow',
  'transfer-out': 'flow',
  'opening-balance': 'flow',
  adjustment: 'flow',
  dividend: 'income',
  interest: 'income',
  reward: 'income',
  airdrop: 'income',
  fee: 'cost',
  tax: 'cost',
  split: 'none',
  'spin-off': 'flow',
  merger: 'flow',
  'symbol-change': 'flow',
  'return-of-capital': 'flow',
};

/** The one classification of transactions for returns, income and costs. */
export function moneyRole(kind: TransactionKind): MoneyRole {
  return ROLES[kind];
}
