import { checkAddress } from '@scani/domain';
import { malformed } from '../call.js';
import { decimalsOf, instantOf, unitsOf } from '../chain-amounts.js';
import { listOf, recordOf, textOf } from '../exact-json.js';
import { NAME } from './ton.client.js';

type Fields = Readonly<Record<string, unknown>>;

export interface Jetton {
  readonly master: string;
  readonly symbol: string | undefined;
  readonly name: string | undefined;
  readonly decimals: number;
}

interface Message {
  readonly other: string | undefined;
  readonly units: bigint;
}

interface Placed {
  /** In hexadecimal. */
  readonly hash: string;
  readonly at: string;
  /** Logical time, by which everything is ordered. */
  readonly lt: number;
}

export interface Transaction extends Placed {
  readonly kind: 'transaction';
  readonly received: Message | undefined;
  readonly sent: readonly Message[];
  /** What is gone and went to nobody. */
  readonly fee: bigint;
}

export interface JettonTransfer extends Placed {
  readonly kind: 'jetton';
  readonly from: string | undefined;
  readonly to: string | undefined;
  readonly units: bigint;
  /** Undefined where the index does not know how it counts. */
  readonly jetton: Jetton | undefined;
}

/** `/accountStates`: `{ accounts: [{ address, balance, … }] }`, without one for an address that was never used. */
export function balanceOf(body: Fields): bigint {
  const accounts = listOf(body['accounts']);
  if (!accounts) throw malformed(NAME, 'accounts');
  return unitsOf(recordOf(accounts[0])?.['balance']) ?? 0n;
}

export interface HeldJetton {
  readonly units: bigint;
  readonly jetton: Jetton | undefined;
}

/** `/jetton/wallets`: `{ jetton_wallets: [{ balance, jetton, … }], metadata }`. */
export function heldJettonsOf(body: Fields): readonly HeldJetton[] {
  const wallets = listOf(body['jetton_wallets']);
  if (!wallets) throw malformed(NAME, 'jetton_wallets');
  return wallets.flatMap((each) => {
    const wallet = recordOf(each);
    const units = unitsOf(wallet?.['balance']);
    return units === undefined ? [] : [{ units, jetton: jettonOf(body, wallet?.['jetton']) }];
  });
}

/** `/transactions`: with the account before and after, a message that came in, and those that went out. */
export function transactionsOf(body: Fields): readonly Transaction[] {
  const list = listOf(body['transactions']);
  if (!list) throw malformed(NAME, 'transactions');
  return list.map((each) => {
    const fields = recordOf(each) ?? {};
    const received = messageOf(fields['in_msg'], 'source');
    const sent = (listOf(fields['out_msgs']) ?? []).flatMap((one) => messageOf(one, 'destination') ?? []);
    return {
      kind: 'transaction',
      ...placeOf(fields, 'hash', 'lt', 'now'),
      received,
      sent,
      fee: feeOf(fields, received, sent),
    };
  });
}

/** `/jetton/transfers`: `{ jetton_transfers: [{ source, destination, amount, jetton_master, transaction_… }], metadata }`. */
export function jettonTransfersOf(body: Fields): readonly JettonTransfer[] {
  const list = listOf(body['jetton_transfers']);
  if (!list) throw malformed(NAME, 'jetton_transfers');
  return list.map((each) => {
    const fields = recordOf(each) ?? {};
    return {
      kind: 'jetton',
      ...placeOf(fields, 'transaction_hash', 'transaction_lt', 'transaction_now'),
      from: addressOf(fields['source']),
      to: addressOf(fields['destination']),
      units: fields['transaction_aborted'] === true ? 0n : (unitsOf(fields['amount']) ?? 0n),
      jetton: jettonOf(body, fields['jetton_master']),
    };
  });
}

function placeOf(fields: Fields, hash: string, lt: string, now: string): Placed {
  const [id, at, time] = [textOf(fields[hash]), instantOf(fields[now]), Number(textOf(fields[lt]))];
  const hex = id === undefined ? '' : Buffer.from(id, 'base64').toString('hex');
  if (hex.length !== 64 || !at || !Number.isSafeInteger(time)) throw malformed(NAME, hash);
  return { hash: hex, at, lt: time };
}

/** From outside of the chain comes no value, and there is no sender. */
function messageOf(message: unknown, side: 'source' | 'destination'): Message | undefined {
  const fields = recordOf(message);
  const units = unitsOf(fields?.['value']);
  return fields && units !== undefined ? { other: addressOf(fields[side]), units } : undefined;
}

/**
 * What the account lost beyond its messages: by its balances before and after, which is exact, whatever phases a transaction had.
 * Without them the fees that are told.
 */
function feeOf(fields: Fields, received: Message | undefined, sent: readonly Message[]): bigint {
  const balance = (name: string): bigint | undefined => unitsOf(recordOf(fields[name])?.['balance']);
  const [before, after] = [balance('account_state_before'), balance('account_state_after')];
  const out = sent.reduce((sum, { units }) => sum + units, 0n);
  if (before !== undefined && after !== undefined) return before + (received?.units ?? 0n) - out - after;
  const forwarded = (listOf(fields['out_msgs']) ?? []).map((one) => unitsOf(recordOf(one)?.['fwd_fee']) ?? 0n);
  return forwarded.reduce((sum, units) => sum + units, unitsOf(fields['total_fees']) ?? 0n);
}

/** TEP-64: a jetton that does not say how many decimals it has, has nine. */
const STANDARD_DECIMALS = 9;

function jettonOf(body: Fields, raw: unknown): Jetton | undefined {
  const [key, master] = [textOf(raw), addressOf(raw)];
  const known = recordOf(recordOf(body['metadata'])?.[key ?? '']);
  const info = (listOf(known?.['token_info']) ?? [])
    .map((each) => recordOf(each))
    .find((each) => each?.['type'] === 'jetton_masters');
  if (master === undefined || !info || known?.['is_indexed'] === false) return undefined;
  const told = recordOf(info['extra'])?.['decimals'];
  const decimals = told === undefined ? STANDARD_DECIMALS : decimalsOf(told);
  if (decimals === undefined) return undefined;
  return { master, decimals, symbol: textOf(info['symbol']), name: textOf(info['name']) };
}

/** Addresses come raw (`0:HEX`) and are written as people do. */
function addressOf(value: unknown): string | undefined {
  const text = textOf(value);
  const checked = text === undefined ? undefined : checkAddress('ton', text);
  return checked && 'address' in checked ? checked.address : undefined;
}
