import { bodyOf, call } from '../call.js';
import { type Lent, ProviderError } from '../provider.js';

export const NAME = 'finnhub';

export interface FinnhubSettings {
  /** Root of the API with its version, e.g. `https://finnhub.io/api/v1`. */
  readonly url: string;
  /** Read for every request, so that it may change. Without it nothing is asked. */
  readonly apiKey?: string | undefined;
}

/** Throws ProviderError for every status but 200; `not-covered` for what the plan of the key does not include. */
export async function ask(
  settings: FinnhubSettings,
  lent: Lent,
  path: string,
  query: Readonly<Record<string, string>>,
): Promise<unknown> {
  const key = settings.apiKey;
  if (key === undefined) throw new ProviderError(NAME, 'unauthorized', 'needs a key');
  const answer = await call(NAME, lent, settings.url, path, query, { 'x-finnhub-token': key });
  if (answer.status === 403) throw new ProviderError(NAME, 'not-covered', 'the plan of this key does not include it');
  return bodyOf(NAME, answer, lent.now());
}
