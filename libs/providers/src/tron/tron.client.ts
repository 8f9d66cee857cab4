import { bodyOf, call, malformed } from '../call.js';
import { recordOf } from '../exact-json.js';
import { type Lent, ProviderError } from '../provider.js';

export const NAME = 'tron';

export interface TronSettings {
  /** Root of TronGrid, e.g. `https://api.trongrid.io`. */
  readonly url: string;
  /** Read for every request, so that it may change. Without it TronGrid answers fewer questions. */
  readonly apiKey?: string | undefined;
}

const SUSPENDED_SECONDS = 30;

/** Throws ProviderError for every status but 200, and for an answer that says that it is no success. */
export async function ask(
  settings: TronSettings,
  lent: Lent,
  path: string,
  query: Readonly<Record<string, string | undefined>>,
): Promise<Readonly<Record<string, unknown>>> {
  const { apiKey } = settings;
  const headers: Record<string, string> = apiKey === undefined ? {} : { 'tron-pro-api-key': apiKey };
  const answer = await call(NAME, lent, settings.url, path, query, headers);
  // Asked too often it answers 403, and no more for half a minute.
  if (answer.status === 403 && /frequency|suspend|exceed/i.test(answer.text))
    throw new ProviderError(NAME, 'limited', 'asked too often', SUSPENDED_SECONDS);
  const body = recordOf(bodyOf(NAME, answer, lent.now()));
  if (!body) throw malformed(NAME, 'data');
  if (body['success'] === false) throw new ProviderError(NAME, 'failed', 'could not answer this time');
  return body;
}
