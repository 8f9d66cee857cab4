import { bodyOf, call } from '../call.js';
import type { Lent } from '../provider.js';

export const NAME = 'defillama';

export interface DefiLlamaSettings {
  /** Root of the coins API, e.g. `https://coins.llama.fi`. */
  readonly url: string;
}

/** Throws ProviderError for every status but 200. */
export async function ask(
  settings: DefiLlamaSettings,
  lent: Lent,
  path: string,
  keys: readonly string[],
  query: Readonly<Record<string, string>>,
): Promise<unknown> {
  const answer = await call(NAME, lent, settings.url, `${path}/${keys.map(encodeURIComponent).join(',')}`, query);
  return bodyOf(NAME, answer, lent.now());
}
