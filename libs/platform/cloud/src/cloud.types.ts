export type AssetKind = 'fiat' | 'crypto' | 'stock' | 'private' | 'other';

export interface AssetRef {
  /** The caller's own key; it comes back with the price. */
  readonly id: string;
  readonly kind: AssetKind;
  readonly symbol: string;
  readonly identities: readonly { readonly provider: string; readonly externalId: string }[];
}

export interface PriceQuote {
  readonly id: string;
  /** Exact decimal text, above zero. */
  readonly value: string;
  /** Symbol of the currency it is quoted in. */
  readonly currency: string;
  /** ISO instant at which it held; of a daily price the close. */
  readonly at: string;
  readonly granularity: 'intraday' | 'daily';
  readonly source: string;
}

/** Why an asset has no price. Ask again later where `retryAfterSeconds` is set. */
export interface PriceProblem {
  readonly id: string;
  readonly reason: string;
  readonly detail: string;
  readonly retryAfterSeconds: number | null;
}

export interface AssetMatch {
  readonly provider: string;
  readonly externalId: string;
  readonly symbol: string;
  readonly name: string;
  readonly kind: AssetKind;
  readonly marketSegment: string;
}

export interface SignInMail {
  readonly template: 'sign-in';
  /** One address, without a name. */
  readonly to: string;
  readonly data: {
    readonly link: string;
    readonly code: string;
    readonly linkMinutes: number;
    readonly codeMinutes: number;
  };
}

export interface Capabilities {
  readonly version: string;
  /** Whether mail can be sent. */
  readonly mail: boolean;
  /** Names of the price sources. */
  readonly prices: readonly string[];
}
