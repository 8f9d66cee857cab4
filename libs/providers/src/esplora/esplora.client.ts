import { bodyOf, call } from '../call.js';
import { type Lent, ProviderError } from '../provider.js';

export const NAME = 'esplora';

export interface EsploraSettings {
  /** Root of the API, e.g. `https://blockstream.info/api`. */
  readonly url: string;
}

/** Throws ProviderError for every status but 200. Addresses that Esplora itself does not take are `failed`. */
export async function ask(settings: EsploraSettings, lent: Lent, path: string): Promise<unknown> {
  const answer = await call(NAME, lent, settings.url, path, {});
  // It says so where an address has more history than the server is set up to tell (electrs, `--utxos-limit`).
  if (answer.status === 400 && /too many|limit/i.test(answer.text))
    throw new ProviderError(NAME, 'not-covered', 'this address has more history than the server tells');
  return bodyOf(NAME, answer, lent.now());
}
