import type { ChainFacts, ChainMovement } from '../chain.js';
import { movement, onlyOne } from '../chain-amounts.js';
import { nativeAsset } from '../chain-assets.js';
import type { Coins, Transaction } from './esplora.responses.js';

export const BITCOIN: ChainFacts = {
  id: 'bitcoin',
  name: 'Bitcoin',
  family: 'bitcoin',
  native: nativeAsset('BTC', 'Bitcoin', 8, 'bitcoin'),
  explorer: 'https://mempool.space',
};

/**
 * What one transaction did to one address, change netted away. The fee belongs to the address of the first input, all of it:
 * a transaction has one fee and may have inputs of many addresses, and nothing on the chain says who of them bore how much.
 * So it is counted once over all wallets of a person, whichever of them took part, and in minus out minus fee is always
 * what the balance changed by.
 */
export function movementsOf(transaction: Transaction, address: string): ChainMovement[] {
  const spent = sumOf(transaction.inputs, address);
  const received = sumOf(transaction.outputs, address);
  const fee = transaction.inputs[0]?.address === address ? transaction.fee : 0n;
  const net = received - spent + fee;
  const about = { transactionId: transaction.id, at: transaction.at, asset: BITCOIN.native };
  const others = (coins: readonly Coins[]): string | null =>
    onlyOne(coins.map((each) => each.address).filter((each) => each !== address));
  return [
    ...movement({ ...about, id: 'in', direction: 'in', units: net, counterparty: others(transaction.inputs) }),
    ...movement({ ...about, id: 'out', direction: 'out', units: -net, counterparty: others(transaction.outputs) }),
    ...movement({ ...about, id: 'fee', direction: 'fee', units: fee, counterparty: null }),
  ];
}

const sumOf = (coins: readonly Coins[], address: string): bigint =>
  coins.reduce((sum, each) => (each.address === address ? sum + each.satoshis : sum), 0n);
