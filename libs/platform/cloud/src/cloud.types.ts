import type { Day } from '@scani/money';

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

export interface WantedHistory {
  readonly asset: AssetRef;
  readonly from: Day;
  readonly to: Day;
}

/** Daily closes of one asset, oldest first; days without one are absent. */
export interface PriceHistory {
  readonly id: string;
  readonly prices: readonly PriceQuote[];
  readonly problem: PriceProblem | null;
  /** Nothing was found because no source could be asked; it may be found later. */
  readonly trouble: boolean;
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

export interface InvitationMail {
  readonly template: 'invitation';
  readonly to: string;
  readonly data: {
    /** Where to sign in; opens nothing by itself. */
    readonly link: string;
    /** A name or an address. */
    readonly inviter?: string;
  };
}

/** What an installation has sent. */
export type CloudMail = SignInMail | InvitationMail;

/** What a page says of itself. Texts are plain, addresses were not fetched. */
export interface LinkPreview {
  /** Where it was found, after redirects. */
  readonly url: string;
  readonly title: string | null;
  readonly description: string | null;
  readonly siteName: string | null;
  readonly imageUrl: string | null;
  readonly iconUrl: string | null;
}

/** What this build says and understands; a change that an older side could not follow makes a new one. */
export const CLOUD_LEVEL = 1;

export interface Capabilities {
  readonly version: string;
  /** The levels that it serves; one that does not say so serves the first. */
  readonly levels: readonly number[];
  /** Whether mail can be sent. */
  readonly mail: boolean;
  /** Names of the price sources. */
  readonly prices: readonly string[];
  /** Whether it can look at pages; one that does not say so cannot. */
  readonly linkPreviews: boolean;
  /** The chains that it reads now; one that does not say so reads none. */
  readonly chains: readonly string[];
  /** What it can read by AI: `screenshot`, `document`, `columns`; one that does not say so reads nothing. */
  readonly ai: readonly string[];
  /** What the key may do and has used; null where it is not an issued one, or the other side does not say. */
  readonly key: KeyState | null;
}

/** One limit of an issued key. */
export interface KeyLimit {
  readonly quota: number;
  readonly used: number;
  /** ISO instant at which it begins anew. */
  readonly resetsAt: string;
}

export interface KeyState {
  readonly name: string;
  readonly plan: string;
  readonly scopes: readonly string[];
  readonly expiresAt: string | null;
  readonly hour: KeyLimit;
  readonly month: KeyLimit;
  /** US dollars of this month, as exact decimals; null where the key has no ceiling. */
  readonly cost: { readonly ceiling: string | null; readonly used: string };
}
