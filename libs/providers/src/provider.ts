import type { Day } from '@scani/money';

export type AssetKind = 'fiat' | 'crypto' | 'stock' | 'private' | 'other';

/** What a provider needs to know of an asset to find it among its own. */
export interface AssetRef {
  readonly kind: AssetKind;
  readonly symbol: string;
  readonly identities: readonly { readonly provider: string; readonly externalId: string }[];
}

export interface HttpRequest {
  readonly url: string;
  readonly method?: 'GET' | 'POST';
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** Costs money, or does something: what went wrong on the way is not tried a second time. */
  readonly once?: boolean;
  readonly signal?: AbortSignal | undefined;
}

export interface HttpAnswer {
  readonly status: number;
  readonly text: string;
  header(name: string): string | undefined;
}

/** A bounded request. Rejects when there is no whole answer, with a `code` among `timeout`, `cancelled`, `too-large`, `unreachable`. */
export type Http = (request: HttpRequest) => Promise<HttpAnswer>;

/** All that a provider gets from its caller. */
export interface Lent {
  readonly http: Http;
  now(): Date;
  /** Waits at least so long; without it nothing is tried again. Rejects when the caller goes away. */
  readonly pause?: (ms: number) => Promise<void>;
  readonly signal?: AbortSignal | undefined;
}

export interface Quote {
  /** Exact decimal text, above zero. */
  readonly value: string;
  /** Symbol of the currency it is quoted in. */
  readonly currency: string;
  /** ISO instant at which it held; the close for a daily one. */
  readonly at: string;
  readonly granularity: 'intraday' | 'daily';
}

export type RefusalReason =
  'unknown-asset' | 'no-price' | 'zero-or-negative' | 'from-the-future' | 'bad-answer' | ProviderErrorCode;

/** Why one asset has no price while its neighbours in the batch do. */
export interface Refused {
  readonly reason: RefusalReason;
  readonly detail: string;
  readonly retryAfterSeconds?: number | undefined;
}

export type Outcome = { readonly quote: Quote } | { readonly refused: Refused };

export interface AssetMatch {
  readonly provider: string;
  readonly externalId: string;
  readonly symbol: string;
  readonly name: string;
  readonly kind: AssetKind;
  readonly marketSegment: string;
}

interface Named {
  readonly name: string;
  /** The provider's own word for the asset (`bitcoin`, `AAPL`, `EUR`); undefined for what it does not price. */
  keyOf(asset: AssetRef): string | undefined;
}

export interface CurrentPrices extends Named {
  /** Keys in one request at most. */
  readonly batchSize: number;
  /** One outcome for each key. Throws ProviderError when the whole batch failed. */
  currentPrices(keys: readonly string[], lent: Lent): Promise<ReadonlyMap<string, Outcome>>;
}

export interface History {
  /** Daily closes, oldest first; days without trade and the unfinished day are absent. */
  readonly quotes: readonly Quote[];
  readonly refused: readonly Refused[];
}

export interface PriceHistory extends Named {
  /** How many days back the source looks; undefined for no limit. */
  readonly historyDays: number | undefined;
  priceHistory(key: string, from: Day, to: Day, lent: Lent): Promise<History>;
}

export interface AssetSearch {
  readonly name: string;
  /** Best match first. */
  searchAssets(query: string, lent: Lent): Promise<readonly AssetMatch[]>;
}

export type PriceProvider = CurrentPrices & PriceHistory;

export type ProviderErrorCode =
  'limited' | 'unauthorized' | 'not-covered' | 'unreachable' | 'timeout' | 'cancelled' | 'failed' | 'malformed';

/** The provider could not answer at all. Worth another try later unless `unauthorized` or `not-covered`. */
export class ProviderError extends Error {
  constructor(
    readonly provider: string,
    readonly code: ProviderErrorCode,
    detail: string,
    readonly retryAfterSeconds?: number,
  ) {
    super(`${provider}: ${detail}`);
    this.name = 'ProviderError';
  }

  asRefused(): Refused {
    return { reason: this.code, detail: this.message, retryAfterSeconds: this.retryAfterSeconds };
  }
}
