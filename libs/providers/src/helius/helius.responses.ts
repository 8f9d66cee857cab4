import { malformed } from '../call.js';
import { changeOf, decimalsOf, instantOf, unitsOf } from '../chain-amounts.js';
import { listOf, recordOf, textOf } from '../exact-json.js';
import { NAME } from './helius.client.js';

export interface Token {
  readonly mint: string;
  readonly symbol: string | undefined;
  readonly name: string | undefined;
}

export interface HeldToken extends Token {
  readonly decimals: number;
  readonly units: bigint;
}

export interface TokenChange {
  readonly mint: string;
  readonly decimals: number;
  readonly units: bigint;
}

interface Transfer {
  readonly from: string | undefined;
  readonly to: string | undefined;
  /** Undefined for SOL. */
  readonly mint: string | undefined;
}

export interface Transaction {
  readonly signature: string;
  readonly at: string;
  readonly fee: bigint;
  readonly feePayer: string | undefined;
  /** By how much the wallet's own account changed, fee included. */
  readonly lamports: bigint;
  /** By how much its token accounts changed, by mint. */
  readonly tokens: readonly TokenChange[];
  readonly transfers: readonly Transfer[];
}

/** `getBalance`: `{ context, value: lamports }`. */
export function lamportsOf(result: unknown): bigint {
  const units = unitsOf(recordOf(result)?.['value']);
  if (units === undefined) throw malformed(NAME, 'value');
  return units;
}

/** `getAssetsByOwner`: `{ total, limit, page, items: [{ interface, id, content: { metadata }, token_info }] }`. */
export function heldTokensOf(result: unknown): { readonly tokens: readonly HeldToken[]; readonly count: number } {
  const items = listOf(recordOf(result)?.['items']);
  if (!items) throw malformed(NAME, 'items');
  return { tokens: items.flatMap(heldToken), count: items.length };
}

const FUNGIBLE: ReadonlySet<unknown> = new Set(['FungibleToken', 'FungibleAsset']);

function heldToken(item: unknown): HeldToken[] {
  const info = recordOf(recordOf(item)?.['token_info']);
  const [token, units, decimals] = [tokenOf(item), unitsOf(info?.['balance']), decimalsOf(info?.['decimals'])];
  const counts = FUNGIBLE.has(recordOf(item)?.['interface']) && token && units !== undefined && decimals !== undefined;
  return counts ? [{ ...token, units, decimals }] : [];
}

/** `getAssetBatch`: the assets that are known, null for the others. */
export function tokensOf(result: unknown): ReadonlyMap<string, Token> {
  const list = listOf(result);
  if (!list) throw malformed(NAME, 'assets');
  return new Map(
    list.flatMap((item): [string, Token][] => {
      const token = tokenOf(item);
      return token ? [[token.mint, token]] : [];
    }),
  );
}

function tokenOf(item: unknown): Token | undefined {
  const asset = recordOf(item);
  const mint = textOf(asset?.['id']);
  const metadata = recordOf(recordOf(asset?.['content'])?.['metadata']);
  const symbol = textOf(recordOf(asset?.['token_info'])?.['symbol']) ?? textOf(metadata?.['symbol']);
  return mint === undefined ? undefined : { mint, symbol, name: textOf(metadata?.['name']) };
}

/** Enhanced transactions: what `accountData` says changed is exact, `tokenTransfers` has floating point. */
export function transactionsOf(body: unknown, wallet: string): readonly Transaction[] {
  const list = listOf(body);
  if (!list) throw malformed(NAME, 'transactions');
  return list.map((each) => {
    const record = recordOf(each);
    const [signature, at, fee] = [
      textOf(record?.['signature']),
      instantOf(record?.['timestamp']),
      unitsOf(record?.['fee']),
    ];
    const accounts = listOf(record?.['accountData'])?.map((one) => recordOf(one));
    if (!signature || !SIGNATURE.test(signature) || !at || fee === undefined || !accounts)
      throw malformed(NAME, 'transaction');
    const own = accounts.find((account) => account?.['account'] === wallet);
    return {
      signature,
      at,
      fee,
      feePayer: textOf(record?.['feePayer']),
      lamports: changeOf(own?.['nativeBalanceChange']) ?? 0n,
      tokens: accounts.flatMap((account) => changesOf(account?.['tokenBalanceChanges'], wallet)),
      transfers: [
        ...transfersOf(record?.['nativeTransfers']).map((one) => ({ ...one, mint: undefined })),
        ...transfersOf(record?.['tokenTransfers']),
      ],
    };
  });
}

export const SIGNATURE = /^[1-9A-HJ-NP-Za-km-z]{64,90}$/;

function changesOf(list: unknown, wallet: string): TokenChange[] {
  return (listOf(list) ?? []).flatMap((each) => {
    const record = recordOf(each);
    const raw = recordOf(record?.['rawTokenAmount']);
    const [mint, units, decimals] = [
      textOf(record?.['mint']),
      changeOf(raw?.['tokenAmount']),
      decimalsOf(raw?.['decimals']),
    ];
    const counts = record?.['userAccount'] === wallet && mint && units !== undefined && decimals !== undefined;
    return counts ? [{ mint, units, decimals }] : [];
  });
}

function transfersOf(list: unknown): Transfer[] {
  return (listOf(list) ?? []).map((each) => {
    const record = recordOf(each);
    return {
      from: textOf(record?.['fromUserAccount']),
      to: textOf(record?.['toUserAccount']),
      mint: textOf(record?.['mint']),
    };
  });
}
