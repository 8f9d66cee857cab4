import { describe, expect, test } from 'vitest';
import { balancesOf, chainsOf, movementsOf, resolvedNameOf, walletAnswersOf } from './chain.answers.js';

const ether = { contract: null, symbol: 'ETH', name: 'Ether', decimals: 18, identities: [] };
const chain = { id: 'ethereum', name: 'Ethereum', family: 'evm', native: ether, explorer: 'https://x', offered: true };
const balances = { at: '2026-01-01T00:00:00.000Z', balances: [{ asset: ether, quantity: '0.1' }], gaps: ['a gap'] };
const movement = {
  externalId: '0x1:fee',
  transactionId: '0x1',
  at: '2026-01-01T00:00:00.000Z',
  direction: 'fee',
  quantity: '0.000000000000000001',
  asset: ether,
  counterparty: null,
};
const problem = { reason: 'limited', detail: 'x', retryAfterSeconds: 3 };
const wallet = { chain: 'ethereum', address: '0x' };

test('what is right is taken, and nothing beside it', () => {
  expect(chainsOf({ chains: [{ ...chain, more: 1 }] })).toEqual([chain]);
  expect(balancesOf({ ...balances, more: 1 })).toEqual(balances);
  expect(movementsOf({ movements: [movement], cursor: 'c', more: false })).toEqual({
    movements: [movement],
    cursor: 'c',
    more: false,
  });
  expect(resolvedNameOf({ name: 'a.eth', family: 'evm', address: '0x' })).toEqual({
    name: 'a.eth',
    family: 'evm',
    address: '0x',
  });
  expect(
    walletAnswersOf(
      {
        wallets: [
          { balances, problem: null },
          { balances: null, problem },
        ],
      },
      [wallet, wallet],
    ),
  ).toEqual([
    { balances, problem: null },
    { balances: null, problem },
  ]);
});

describe('what is wrong is named', () => {
  test.each<[string, () => unknown]>([
    ['quantity', () => balancesOf({ ...balances, balances: [{ asset: ether, quantity: '0' }] })],
    ['quantity', () => balancesOf({ ...balances, balances: [{ asset: ether, quantity: '1e5' }] })],
    ['quantity', () => movementsOf({ movements: [{ ...movement, quantity: -1 }], cursor: 'c', more: false })],
    ['decimals', () => balancesOf({ ...balances, balances: [{ asset: { ...ether, decimals: 1.5 }, quantity: '1' }] })],
    ['at', () => balancesOf({ ...balances, at: 'yesterday' })],
    ['direction', () => movementsOf({ movements: [{ ...movement, direction: 'lost' }], cursor: 'c', more: false })],
    ['more', () => movementsOf({ movements: [], cursor: 'c' })],
    ['cursor', () => movementsOf({ movements: [], more: true })],
    ['family', () => chainsOf({ chains: [{ ...chain, family: 'doge' }] })],
    ['wallets', () => walletAnswersOf({ wallets: [] }, [wallet])],
    ['problem', () => walletAnswersOf({ wallets: [{ balances: null, problem: null }] }, [wallet])],
  ])('%s', (name, read) => {
    expect(read).toThrow(`unexpected "${name}"`);
  });
});
