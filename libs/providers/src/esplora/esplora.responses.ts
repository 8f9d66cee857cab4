import { malformed } from '../call.js';
import { instantOf, unitsOf } from '../chain-amounts.js';
import { integerOf, listOf, recordOf, textOf } from '../exact-json.js';
import { NAME } from './esplora.client.js';

export interface AddressStats {
  readonly satoshis: bigint;
  /** Transactions that are in no block yet. */
  readonly waiting: number;
}

export interface Coins {
  /** Undefined where the script has no address. */
  readonly address: string | undefined;
  readonly satoshis: bigint;
}

export interface Transaction {
  readonly id: string;
  readonly at: string;
  readonly height: number;
  readonly fee: bigint;
  /** Empty for the coins that miners make. */
  readonly inputs: readonly Coins[];
  readonly outputs: readonly Coins[];
}

/** `/address/:a`: `{ chain_stats: { funded_txo_sum, spent_txo_sum, … }, mempool_stats: { tx_count, … } }`, in satoshis. */
export function statsOf(body: unknown): AddressStats {
  const chain = recordOf(recordOf(body)?.['chain_stats']);
  const funded = unitsOf(chain?.['funded_txo_sum']);
  const spent = unitsOf(chain?.['spent_txo_sum']);
  if (funded === undefined || spent === undefined || spent > funded) throw malformed(NAME, 'chain_stats');
  return {
    satoshis: funded - spent,
    waiting: integerOf(recordOf(recordOf(body)?.['mempool_stats'])?.['tx_count']) ?? 0,
  };
}

/** `/address/:a/txs/chain`: confirmed transactions, newest first, 25 in a page. */
export function transactionsOf(body: unknown): readonly Transaction[] {
  const list = listOf(body);
  if (!list) throw malformed(NAME, 'transactions');
  return list.map((each) => {
    const record = recordOf(each);
    const status = recordOf(record?.['status']);
    const [id, at, height] = [
      textOf(record?.['txid']),
      instantOf(status?.['block_time']),
      integerOf(status?.['block_height']),
    ];
    const [fee, inputs, outputs] = [unitsOf(record?.['fee']), listOf(record?.['vin']), listOf(record?.['vout'])];
    if (!id || !TXID.test(id) || !at || height === undefined || fee === undefined || !inputs || !outputs)
      throw malformed(NAME, 'transaction');
    return { id, at, height, fee, inputs: inputs.flatMap(spentBy), outputs: outputs.map(coinsOf) };
  });
}

export const TXID = /^[0-9a-f]{64}$/;

function spentBy(input: unknown): Coins[] {
  const record = recordOf(input);
  return record?.['is_coinbase'] === true ? [] : [coinsOf(record?.['prevout'])];
}

function coinsOf(output: unknown): Coins {
  const record = recordOf(output);
  const satoshis = unitsOf(record?.['value']);
  if (satoshis === undefined) throw malformed(NAME, 'value');
  return { address: textOf(record?.['scriptpubkey_address']), satoshis };
}
