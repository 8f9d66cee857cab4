/**
 * Bitcoin by Esplora, as documented in API.md of github.com/Blockstream/esplora: /address/:address and
 * /address/:address/txs/chain[/:last_seen_txid], confirmed ones newest first, 25 in a page. 400 in plain text for what is no
 * address.
 */
import { DEMO_WALLETS, hexOf, numberOf, secondsOf, stranger } from './chain.ts';
import { json, type Answer, type Asked } from './http.ts';

const ADDRESS = /^(bc1[a-z0-9]{11,71}|[13][1-9A-HJ-NP-Za-km-z]{25,34})$/;
const PAGE = 25;
const STEPS = 60;
const DAYS = 16;
const HEIGHT = 824_000;
const BLOCKS_A_DAY = 144;

interface Output {
  scriptpubkey: string;
  scriptpubkey_type: string;
  scriptpubkey_address?: string;
  value: number;
}

interface Transaction {
  txid: string;
  vin: { txid: string; vout: number; prevout: Output | null; is_coinbase: boolean }[];
  vout: Output[];
  fee: number;
  status: { confirmed: true; block_height: number; block_hash: string; block_time: number };
}

export function esplora({ path, now }: Asked): Answer {
  const [, address = '', rest = ''] = /^\/api\/address\/([^/]+)(\/.*)?$/.exec(path) ?? [];
  if (address === '')
    return { status: 404, headers: { 'content-type': 'text/plain' }, body: 'endpoint does not exist' };
  if (!ADDRESS.test(address))
    return { status: 400, headers: { 'content-type': 'text/plain' }, body: 'Invalid Bitcoin address' };
  const history = historyOf(address).filter(({ status }) => status.block_time * 1_000 <= now);
  if (rest === '') return json(200, statsOf(address, history));
  const [, last] = /^\/txs\/chain(?:\/([0-9a-f]{64}))?$/.exec(rest) ?? [];
  if (!rest.startsWith('/txs/chain')) return { status: 404, headers: {}, body: 'endpoint does not exist' };
  const newest = history.toReversed();
  const start = last === undefined ? 0 : newest.findIndex(({ txid }) => txid === last) + 1;
  return json(200, newest.slice(start, start + PAGE));
}

function statsOf(address: string, history: readonly Transaction[]): object {
  const mine = (outputs: readonly (Output | null)[]): Output[] =>
    outputs.flatMap((each) => (each?.scriptpubkey_address === address ? [each] : []));
  const funded = history.flatMap(({ vout }) => mine(vout));
  const spent = history.flatMap(({ vin }) => mine(vin.map(({ prevout }) => prevout)));
  const sum = (outputs: readonly Output[]): number => outputs.reduce((all, { value }) => all + value, 0);
  return {
    address,
    chain_stats: {
      funded_txo_count: funded.length,
      funded_txo_sum: sum(funded),
      spent_txo_count: spent.length,
      spent_txo_sum: sum(spent),
      tx_count: history.length,
    },
    mempool_stats: {
      funded_txo_count: address === DEMO_WALLETS.bitcoin ? 1 : 0,
      funded_txo_sum: address === DEMO_WALLETS.bitcoin ? 5_000 : 0,
      spent_txo_count: 0,
      spent_txo_sum: 0,
      tx_count: address === DEMO_WALLETS.bitcoin ? 1 : 0,
    },
  };
}

const written = new Map<string, readonly Transaction[]>();

/** Oldest first. */
function historyOf(address: string): readonly Transaction[] {
  const known = written.get(address);
  if (known) return known;
  const steps = address === DEMO_WALLETS.bitcoin ? STEPS : address === DEMO_WALLETS.bitcoinTaproot ? 1 : 0;
  const history: Transaction[] = [];
  let coins = 0;
  for (let step = 0; step < steps; step++) {
    const transaction = stepOf(address, step, coins);
    const mine = (each: Output | null): number => (each?.scriptpubkey_address === address ? each.value : 0);
    coins += transaction.vout.reduce((sum, each) => sum + mine(each), 0);
    coins -= transaction.vin.reduce((sum, { prevout }) => sum + mine(prevout), 0);
    history.push(transaction);
  }
  written.set(address, history);
  return history;
}

/** Seven kinds of transactions in turn; what is sent is a part of what is there. */
function stepOf(address: string, step: number, coins: number): Transaction {
  const amount = 100_000 + Number(numberOf(`${address} amount ${step}`, 4_000_000n));
  const fee = 300 + Number(numberOf(`${address} fee ${step}`, 9_000n));
  const part = Math.floor(coins / 5);
  const [friend, other] = [stranger.bitcoin(`friend ${step % 4}`), stranger.bitcoin(`other ${step}`)];
  switch (step % 7) {
    case 1:
      // From two senders at once.
      return made(
        address,
        step,
        fee,
        [
          [friend, amount],
          [other, amount + fee],
        ],
        [
          [address, amount],
          [other, amount],
        ],
      );
    case 2:
      // Sent, with change back to itself.
      return made(
        address,
        step,
        fee,
        [[address, part * 2]],
        [
          [friend, part],
          [address, part - fee],
        ],
      );
    case 3:
      // To itself: two coins made into one.
      return made(
        address,
        step,
        fee,
        [
          [address, part],
          [address, part],
        ],
        [[address, part * 2 - fee]],
      );
    case 4:
      // Together with a stranger, who brought the second coin; a note beside it.
      return made(
        address,
        step,
        fee,
        [
          [address, part],
          [other, amount],
        ],
        [
          [friend, part + amount - fee],
          [null, 0],
        ],
      );
    case 5:
      // Together with a stranger, who brought the first coin.
      return made(
        address,
        step,
        fee,
        [
          [other, amount],
          [address, part],
        ],
        [[friend, part + amount - fee]],
      );
    case 6:
      // Mined: the coins come from nowhere.
      return made(address, step, 0, [], [[address, amount]]);
    default:
      return made(address, step, fee, [[friend, amount + fee]], [[address, amount]]);
  }
}

type Side = readonly (readonly [address: string | null, value: number])[];

function made(address: string, step: number, fee: number, from: Side, to: Side): Transaction {
  const time = secondsOf(step, DAYS);
  const height = HEIGHT + Math.floor((time - secondsOf(0, DAYS)) / 86_400) * BLOCKS_A_DAY + step;
  return {
    txid: hexOf(`${address} tx ${step}`, 32),
    vin:
      from.length === 0
        ? [{ txid: '0'.repeat(64), vout: 0xffffffff, prevout: null, is_coinbase: true }]
        : from.map((side, at) => ({
            txid: hexOf(`${address} spent ${step} ${at}`, 32),
            vout: at,
            prevout: outputOf(side),
            is_coinbase: false,
          })),
    vout: to.map(outputOf),
    fee,
    status: { confirmed: true, block_height: height, block_hash: hexOf(`block ${height}`, 32), block_time: time },
  };
}

const outputOf = ([address, value]: Side[number]): Output =>
  address === null
    ? { scriptpubkey: '6a0568656c6c6f', scriptpubkey_type: 'op_return', value }
    : {
        scriptpubkey: `0014${hexOf(address, 20)}`,
        scriptpubkey_type: 'v0_p2wpkh',
        scriptpubkey_address: address,
        value,
      };
