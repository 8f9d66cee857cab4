import { bodyOf, call } from '../call.js';
import type { Lent } from '../provider.js';

export const NAME = 'yahoo';

export interface YahooSettings {
  /** Root without a version, e.g. `https://query1.finance.yahoo.com`. */
  readonly url: string;
}

/** Without a browser-like agent the service answers 429. */
const HEADERS = { 'user-agent': 'Mozilla/5.0 (compatible; Scani)' };

/** Throws ProviderError for every status but 200; undefined for 404 (no such symbol). */
export async function ask(
  settings: YahooSettings,
  lent: Lent,
  path: string,
  query: Readonly<Record<string, string | undefined>>,
): Promise<unknown> {
  const answer = await call(NAME, lent, settings.url, path, query, HEADERS);
  return answer.status === 404 ? undefined : bodyOf(NAME, answer, lent.now());
}
