import { bodyOf, call } from '../call.js';
import { rpc } from '../json-rpc.js';
import { type Lent, ProviderError } from '../provider.js';

export const NAME = 'helius';

export interface HeliusSettings {
  /** Root of the enhanced transactions, e.g. `https://api-mainnet.helius-rpc.com`. */
  readonly url: string;
  /** The node with the Digital Asset Standard API, e.g. `https://mainnet.helius-rpc.com`. */
  readonly rpcUrl: string;
  /** Read for every request, so that it may change. Without it nothing is asked. */
  readonly apiKey?: string | undefined;
}

/** Throws ProviderError for every status but 200. */
export async function askTransactions(
  settings: HeliusSettings,
  lent: Lent,
  address: string,
  query: Readonly<Record<string, string | undefined>>,
): Promise<unknown> {
  const path = `/v0/addresses/${address}/transactions`;
  return bodyOf(NAME, await call(NAME, lent, settings.url, path, { ...query, 'api-key': keyOf(settings) }), lent.now());
}

/** The result of a method of the node. Throws ProviderError for what it refuses. */
export async function askNode(settings: HeliusSettings, lent: Lent, method: string, params: unknown): Promise<unknown> {
  const url = new URL(`${settings.rpcUrl}/`);
  url.searchParams.set('api-key', keyOf(settings));
  const answer = await rpc(NAME, lent, url.href, method, params);
  if ('error' in answer) throw new ProviderError(NAME, 'failed', `the node refused ${method} (${answer.error.code})`);
  return answer.result;
}

function keyOf({ apiKey }: HeliusSettings): string {
  if (apiKey === undefined) throw new ProviderError(NAME, 'unauthorized', 'needs a key');
  return apiKey;
}
