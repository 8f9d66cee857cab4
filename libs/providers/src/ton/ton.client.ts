import { bodyOf, call, malformed } from '../call.js';
import { recordOf } from '../exact-json.js';
import { type Lent } from '../provider.js';

export const NAME = 'ton';
const PUBLIC_URL = 'https://toncenter.com/api/v3';

export interface TonSettings {
  /** Root of TON Center with its version, e.g. `https://toncenter.com/api/v3`. */
  readonly url: string;
  /** Read for every request, so that it may change. */
  readonly apiKey?: string | undefined;
}

/** Without a key TON Center takes one question a second, and a wallet is three of them; one's own server needs none. */
export const isOffered = ({ url, apiKey }: TonSettings): boolean => apiKey !== undefined || url !== PUBLIC_URL;

/** Throws ProviderError for every status but 200. */
export async function ask(
  settings: TonSettings,
  lent: Lent,
  path: string,
  query: Readonly<Record<string, string | undefined>>,
): Promise<Readonly<Record<string, unknown>>> {
  const headers: Record<string, string> = settings.apiKey === undefined ? {} : { 'x-api-key': settings.apiKey };
  const body = recordOf(bodyOf(NAME, await call(NAME, lent, settings.url, path, query, headers), lent.now()));
  if (!body) throw malformed(NAME, 'answer');
  return body;
}
