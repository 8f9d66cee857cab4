import { bodyOf, call } from '../call.js';
import type { Lent } from '../provider.js';

export const NAME = 'frankfurter';

export interface FrankfurterSettings {
  /** Root of the API with its version, e.g. `https://api.frankfurter.dev/v1`. */
  readonly url: string;
}

/** Throws ProviderError for every status but 200; undefined for 404 (no such currency, no such day). */
export async function ask(
  settings: FrankfurterSettings,
  lent: Lent,
  path: string,
  symbols: readonly string[],
): Promise<unknown> {
  const answer = await call(NAME, lent, settings.url, path, { symbols: symbols.join(',') });
  return answer.status === 404 ? undefined : bodyOf(NAME, answer, lent.now());
}
