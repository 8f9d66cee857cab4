import { checkAddress } from '@scani/domain';
import { malformed } from '../call.js';
import { decimalsOf, unitsOf } from '../chain-amounts.js';
import { integerOf, listOf, recordOf, textOf } from '../exact-json.js';
import { NAME } from './tron.client.js';

type Fields = Readonly<Record<string, unknown>>;

export interface Account {
  /** Sun, with what is frozen, delegated, or on its way back: it is the owner's all the time. */
  readonly sun: bigint;
  readonly tokens: readonly { readonly contract: string; readonly units: bigint }[];
  /** Whether it holds tokens of the old kind (TRC-10). */
  readonly oldTokens: boolean;
}

export interface Token {
  readonly contract: string;
  readonly symbol: string | undefined;
  readonly name: string | undefined;
  readonly decimals: number;
}

/** A row of any of the three lists. */
export interface Row {
  readonly id: string;
  /** Milliseconds since 1970, of its block. */
  readonly ms: number;
  readonly from: string | undefined;
  readonly to: string | undefined;
  /** Undefined where it is absurd. */
  readonly units: bigint | undefined;
  /** Of a transaction: what its sender paid. */
  readonly fee: bigint;
  readonly failed: boolean;
  /** Of a transfer of a token; undefined where its decimals make no sense. */
  readonly token: Token | undefined;
  readonly type: string;
}

export interface Page {
  readonly rows: readonly Row[];
  /** Rows that came, whether they are used or not. */
  readonly count: number;
  readonly fingerprint: string | undefined;
}

/** `/v1/accounts/{a}`: `{ data: [account] }`, without one for an address that was never used. */
export function accountOf(body: Fields): Account {
  const list = listOf(body['data']);
  if (!list) throw malformed(NAME, 'data');
  const account = recordOf(list[0]) ?? {};
  const resource = recordOf(account['account_resource']) ?? {};
  const sums = [
    account['balance'],
    account['delegated_frozenV2_balance_for_bandwidth'],
    resource['delegated_frozenV2_balance_for_energy'],
    recordOf(resource['frozen_balance_for_energy'])?.['frozen_balance'],
    ...each(account['frozen'], 'frozen_balance'),
    ...each(account['frozenV2'], 'amount'),
    ...each(account['unfrozenV2'], 'unfreeze_amount'),
  ];
  return {
    sun: sums.reduce<bigint>((sum, value) => sum + (unitsOf(value) ?? 0n), 0n),
    tokens: (listOf(account['trc20']) ?? []).flatMap((one) =>
      Object.entries(recordOf(one) ?? {}).flatMap(([contract, value]) => {
        const units = unitsOf(value);
        return units === undefined ? [] : [{ contract, units }];
      }),
    ),
    oldTokens: each(account['assetV2'], 'value').some((value) => (unitsOf(value) ?? 0n) > 0n),
  };
}

const each = (list: unknown, name: string): unknown[] => (listOf(list) ?? []).map((one) => recordOf(one)?.[name]);

/** `/transactions`: what nodes keep of a transaction, with `ret`, `block_timestamp` and what the type of contract has. */
export const transactionsOf = (body: Fields): Page => pageOf(body, transactionOf);

/** `/transactions/trc20`: `{ transaction_id, token_info, block_timestamp, from, to, type, value }`. */
export const tokenTransfersOf = (body: Fields): Page => pageOf(body, tokenTransferOf);

/** `/internal-transactions`: `{ internal_tx_id, tx_id, block_timestamp, from_address, to_address, data }`. */
export const internalOf = (body: Fields): Page => pageOf(body, internalRow);

function pageOf(body: Fields, read: (row: Fields) => Row | undefined): Page {
  const list = listOf(body['data']);
  if (!list) throw malformed(NAME, 'data');
  return {
    rows: list.flatMap((one) => read(recordOf(one) ?? {}) ?? []),
    count: list.length,
    fingerprint: textOf(recordOf(body['meta'])?.['fingerprint']),
  };
}

const HASH = /^[0-9a-f]{64}$/;

function placeOf(row: Fields, name: string): Pick<Row, 'id' | 'ms'> {
  const [id, ms] = [textOf(row[name]), integerOf(row['block_timestamp'])];
  if (!id || !HASH.test(id) || ms === undefined) throw malformed(NAME, name);
  return { id, ms };
}

function transactionOf(row: Fields): Row {
  const contract = recordOf(listOf(recordOf(row['raw_data'])?.['contract'])?.[0]);
  const value = recordOf(recordOf(contract?.['parameter'])?.['value']) ?? {};
  const type = textOf(contract?.['type']);
  const ret = recordOf(listOf(row['ret'])?.[0]);
  if (type === undefined) throw malformed(NAME, 'contract');
  return {
    ...placeOf(row, 'txID'),
    from: addressOf(value['owner_address']),
    to: addressOf(value['to_address'] ?? value['contract_address']),
    units: unitsMoved(type, value, row),
    fee: unitsOf(ret?.['fee']) ?? 0n,
    failed: (textOf(ret?.['contractRet']) ?? 'SUCCESS') !== 'SUCCESS',
    token: undefined,
    type,
  };
}

/** Votes, freezing and delegating move nothing to anybody: they only cost their fee. */
function unitsMoved(type: string, value: Fields, row: Fields): bigint | undefined {
  switch (type) {
    case 'TransferContract':
      return unitsOf(value['amount']);
    case 'TriggerSmartContract':
      return unitsOf(value['call_value']) ?? 0n;
    case 'CreateSmartContract':
      return unitsOf(recordOf(value['new_contract'])?.['call_value']) ?? 0n;
    case 'WithdrawBalanceContract':
      return unitsOf(row['withdraw_amount']) ?? 0n;
    default:
      return 0n;
  }
}

function tokenTransferOf(row: Fields): Row | undefined {
  if (row['type'] !== 'Transfer') return undefined;
  const info = recordOf(row['token_info']) ?? {};
  const [contract, decimals] = [addressOf(info['address']), decimalsOf(info['decimals'])];
  return {
    ...placeOf(row, 'transaction_id'),
    from: addressOf(row['from']),
    to: addressOf(row['to']),
    units: unitsOf(row['value']),
    fee: 0n,
    failed: false,
    token:
      contract === undefined || decimals === undefined
        ? undefined
        : { contract, decimals, symbol: textOf(info['symbol']), name: textOf(info['name']) },
    type: 'Transfer',
  };
}

function internalRow(row: Fields): Row {
  const data = recordOf(row['data']) ?? {};
  return {
    ...placeOf(row, 'tx_id'),
    from: addressOf(row['from_address']),
    to: addressOf(row['to_address']),
    // A number, or a record in which "_" is TRX and tokens of the old kind have their own number.
    units: unitsOf(recordOf(data['call_value'])?.['_'] ?? data['call_value']) ?? 0n,
    fee: 0n,
    failed: data['rejected'] === true,
    token: undefined,
    type: 'internal',
  };
}

/** Addresses come in hexadecimal or base58. */
function addressOf(value: unknown): string | undefined {
  const text = textOf(value);
  const checked = text === undefined ? undefined : checkAddress('tron', text);
  return checked && 'address' in checked ? checked.address : undefined;
}
