import type { Lent } from './provider.js';

export type ChainFamily = 'evm' | 'bitcoin' | 'solana' | 'tron' | 'ton';

export interface ChainAsset {
  /** The contract or mint, as the chain writes it; null for the native one. */
  readonly contract: string | null;
  readonly symbol: string;
  readonly name: string;
  readonly decimals: number;
  /** By which price sources know it; empty where none does. */
  readonly identities: readonly { readonly provider: string; readonly externalId: string }[];
}

export interface ChainFacts {
  readonly id: string;
  readonly name: string;
  readonly family: ChainFamily;
  readonly native: ChainAsset;
  /** A page of an address is `${explorer}/address/<address>`. */
  readonly explorer: string;
}

export interface WalletBalances {
  readonly at: string;
  /** Exact decimal text, above zero. */
  readonly balances: readonly { readonly asset: ChainAsset; readonly quantity: string }[];
  /** What could not be read, in words for people. */
  readonly gaps: readonly string[];
}

export interface ChainMovement {
  readonly externalId: string;
  readonly transactionId: string;
  readonly at: string;
  readonly direction: 'in' | 'out' | 'fee';
  /** Exact decimal text, above zero. */
  readonly quantity: string;
  readonly asset: ChainAsset;
  readonly counterparty: string | null;
}

export interface ChainMovements {
  readonly movements: readonly ChainMovement[];
  /** Where to go on. */
  readonly cursor: string;
  readonly more: boolean;
}

export interface ChainSource {
  readonly name: string;
  readonly chains: readonly ChainFacts[];
  /** False while it lacks the key that it needs. */
  readonly offered: boolean;
  /** What an address holds. It was checked before. Throws ProviderError. */
  balances(chain: string, address: string, lent: Lent): Promise<WalletBalances>;
  /** One page of what happened at an address. Throws ProviderError, and BadCursor for a cursor that it never gave. */
  movements(chain: string, address: string, cursor: string | undefined, lent: Lent): Promise<ChainMovements>;
}

export interface ResolvedName {
  readonly name: string;
  readonly family: ChainFamily;
  readonly address: string;
}

export interface NameSource {
  readonly name: string;
  /** False while it lacks what it needs. */
  readonly offered: boolean;
  /** Throws ProviderError, and NameRefused for a name without an address. */
  resolveName(name: string, lent: Lent): Promise<ResolvedName>;
}

/** A cursor that this source never gave. */
export class BadCursor extends Error {
  constructor() {
    super('a cursor that was not given here');
    this.name = 'BadCursor';
  }
}

export type NameRefusal = 'bad-name' | 'name-unknown' | 'name-off-chain';

/** There is no address to be had for this name; asking again does not help. */
export class NameRefused extends Error {
  constructor(
    readonly code: NameRefusal,
    detail: string,
  ) {
    super(detail);
    this.name = 'NameRefused';
  }
}
