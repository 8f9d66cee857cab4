/** How addresses of a chain are written, and by what kind of source it is read. */
export const CHAIN_FAMILIES = ['evm', 'bitcoin', 'solana', 'tron', 'ton'] as const;
export type ChainFamily = (typeof CHAIN_FAMILIES)[number];

export interface Chain {
  /** Our word for it: `ethereum`, `arbitrum-one`, `bitcoin`. */
  readonly id: string;
  readonly name: string;
  readonly family: ChainFamily;
  /** What fees are paid in. */
  readonly native: ChainAsset;
  /** Where people look at it; a page of an address is `${explorer}/address/<address>`. */
  readonly explorer: string;
  /** Whether it is read here now: some need a key that may not be set. */
  readonly offered: boolean;
}

export interface ChainAsset {
  /** The contract or mint, as the chain writes it; null for the native one. */
  readonly contract: string | null;
  /** As the contract says. Anybody can write anything there. */
  readonly symbol: string;
  readonly name: string;
  readonly decimals: number;
  /** By which price sources know it; empty where none does. */
  readonly identities: readonly { readonly provider: string; readonly externalId: string }[];
}

export interface WalletRef {
  readonly chain: string;
  readonly address: string;
}

export interface WalletBalances {
  /** ISO instant at which they held. */
  readonly at: string;
  /** Quantities are exact decimal text, above zero. */
  readonly balances: readonly { readonly asset: ChainAsset; readonly quantity: string }[];
  /** What could not be read, in words for people; an asset that is absent then may still be there. */
  readonly gaps: readonly string[];
}

export interface ChainMovement {
  /** Unique within the wallet, the same whenever it is asked for. */
  readonly externalId: string;
  /** The hash or signature of the transaction that it belongs to. */
  readonly transactionId: string;
  /** ISO instant of its block. */
  readonly at: string;
  /** `fee` is what this wallet paid to the chain, apart from what it sent. */
  readonly direction: 'in' | 'out' | 'fee';
  /** Exact decimal text, above zero. */
  readonly quantity: string;
  readonly asset: ChainAsset;
  /** The address on the other side; null where there is none, or more than one. */
  readonly counterparty: string | null;
}

/** One page of what happened in a wallet, in any order. A page that is asked for twice says the same ids. */
export interface ChainMovements {
  readonly movements: readonly ChainMovement[];
  /** Where to go on, now or after weeks; opaque. */
  readonly cursor: string;
  /** False when everything up to now has been told. */
  readonly more: boolean;
}

/** One wallet of many: either its balances or why there are none. */
export type WalletAnswer =
  | { readonly balances: WalletBalances; readonly problem: null }
  | { readonly balances: null; readonly problem: WalletProblem };

export interface WalletProblem {
  /** `limited`, `unreachable`, `timeout`, `failed`, `malformed`, `unauthorized`, `not-covered`, `not-offered`. */
  readonly reason: string;
  readonly detail: string;
  /** Ask again then; null where that does not help, or nobody knows. */
  readonly retryAfterSeconds: number | null;
}

export interface ResolvedName {
  /** The name in its normal form (ENSIP-15). */
  readonly name: string;
  readonly family: ChainFamily;
  readonly address: string;
}
