import { bodyOf, call } from '../call.js';
import { integerOf, parseExact, recordOf } from '../exact-json.js';
import { type HttpAnswer, type Lent, ProviderError } from '../provider.js';

export const NAME = 'coingecko';

export interface CoinGeckoSettings {
  /** Root of the API with its version, e.g. `https://api.coingecko.com/api/v3`. */
  readonly url: string;
  /** Read for every request, so that it may change. */
  readonly apiKey?: string | undefined;
}

/** Paid keys belong to their own host and header. */
export const isPaid = (settings: CoinGeckoSettings): boolean =>
  settings.apiKey !== undefined && new URL(settings.url).hostname.startsWith('pro-api.');

const TIME_RANGE_EXCEEDED = 10012;

/** Throws ProviderError for every status but 200; undefined for 404. */
export async function ask(
  settings: CoinGeckoSettings,
  lent: Lent,
  path: string,
  query: Readonly<Record<string, string | undefined>>,
): Promise<unknown> {
  const headers: Record<string, string> = {};
  if (settings.apiKey) headers[isPaid(settings) ? 'x-cg-pro-api-key' : 'x-cg-demo-api-key'] = settings.apiKey;
  const answer = await call(NAME, lent, settings.url, path, query, headers);
  if (answer.status === 404) return undefined;
  if (answer.status === 401 && errorCodeOf(answer) === TIME_RANGE_EXCEEDED) {
    throw new ProviderError(NAME, 'not-covered', 'free access covers the last 365 days only');
  }
  return bodyOf(NAME, answer, lent.now());
}

/** `{ error: { status: { error_code } } }`, or without the outer `error`. */
function errorCodeOf(answer: HttpAnswer): number | undefined {
  try {
    const body = recordOf(parseExact(answer.text));
    const error = recordOf(body?.['error']) ?? body;
    return integerOf(recordOf(error?.['status'])?.['error_code']);
  } catch {
    // an error page without JSON has no code
    return undefined;
  }
}
