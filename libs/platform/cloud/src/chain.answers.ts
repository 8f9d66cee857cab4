import { decimal, isDecimalText } from '@scani/money';
import { type Fields, fieldsOf, listOf, textOf, textOrNullOf, unexpected, wordOf, wordsOf } from './answer.fields.js';
import {
  type Chain,
  CHAIN_FAMILIES,
  type ChainAsset,
  type ChainMovement,
  type ChainMovements,
  type ResolvedName,
  type WalletAnswer,
  type WalletBalances,
  type WalletRef,
} from './chain.types.js';

const MOST_DECIMALS = 255;

export function chainsOf(body: unknown): Chain[] {
  return listOf(body, 'chains').map((fields) => ({
    id: textOf(fields, 'id'),
    name: textOf(fields, 'name'),
    family: wordOf(fields, 'family', CHAIN_FAMILIES),
    native: assetOf(fieldsOf(fields['native'], 'native')),
    explorer: textOf(fields, 'explorer'),
    offered: fields['offered'] === true,
  }));
}

export function balancesOf(body: unknown): WalletBalances {
  const fields = fieldsOf(body, 'balances');
  return {
    at: instantOf(fields, 'at'),
    balances: listOf(fields, 'balances').map((each) => ({
      asset: assetOf(fieldsOf(each['asset'], 'asset')),
      quantity: quantityOf(each),
    })),
    gaps: wordsOf(fields, 'gaps'),
  };
}

/** Answers to these wallets, in the order in which they were asked for. */
export function walletAnswersOf(body: unknown, asked: readonly WalletRef[]): WalletAnswer[] {
  const answers = listOf(body, 'wallets');
  if (answers.length !== asked.length) throw unexpected('wallets');
  return answers.map(({ balances, problem }) => {
    if (balances !== null) return { balances: balancesOf(balances), problem: null };
    const fields = fieldsOf(problem, 'problem');
    const after = fields['retryAfterSeconds'];
    return {
      balances: null,
      problem: {
        reason: textOf(fields, 'reason'),
        detail: textOf(fields, 'detail'),
        retryAfterSeconds: typeof after === 'number' && after >= 0 ? after : null,
      },
    };
  });
}

export function movementsOf(body: unknown): ChainMovements {
  const fields = fieldsOf(body, 'movements');
  if (typeof fields['more'] !== 'boolean') throw unexpected('more');
  return {
    movements: listOf(fields, 'movements').map(movementOf),
    cursor: textOf(fields, 'cursor'),
    more: fields['more'],
  };
}

export function resolvedNameOf(body: unknown): ResolvedName {
  const fields = fieldsOf(body, 'name');
  return {
    name: textOf(fields, 'name'),
    family: wordOf(fields, 'family', CHAIN_FAMILIES),
    address: textOf(fields, 'address'),
  };
}

function movementOf(fields: Fields): ChainMovement {
  return {
    externalId: textOf(fields, 'externalId'),
    transactionId: textOf(fields, 'transactionId'),
    at: instantOf(fields, 'at'),
    direction: wordOf(fields, 'direction', ['in', 'out', 'fee']),
    quantity: quantityOf(fields),
    asset: assetOf(fieldsOf(fields['asset'], 'asset')),
    counterparty: textOrNullOf(fields, 'counterparty'),
  };
}

function assetOf(fields: Fields): ChainAsset {
  const { decimals } = fields;
  if (typeof decimals !== 'number' || !Number.isInteger(decimals) || decimals < 0 || decimals > MOST_DECIMALS)
    throw unexpected('decimals');
  return {
    contract: textOrNullOf(fields, 'contract'),
    symbol: textOf(fields, 'symbol'),
    name: textOf(fields, 'name'),
    decimals,
    identities: listOf(fields, 'identities').map((each) => ({
      provider: textOf(each, 'provider'),
      externalId: textOf(each, 'externalId'),
    })),
  };
}

function quantityOf(fields: Fields): string {
  const quantity = textOf(fields, 'quantity');
  if (!isDecimalText(quantity) || !decimal(quantity).greaterThan(0)) throw unexpected('quantity');
  return quantity;
}

function instantOf(fields: Fields, name: string): string {
  const at = textOf(fields, name);
  if (Number.isNaN(Date.parse(at))) throw unexpected(name);
  return at;
}
