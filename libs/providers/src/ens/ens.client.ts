import { rpc, type RpcError } from '../json-rpc.js';
import { type Lent, ProviderError } from '../provider.js';

export const NAME = 'ethereum-rpc';

export interface EnsSettings {
  /** A node's address, which may hold a key. Read for every request, so that it may change. Without it nothing is asked. */
  readonly url?: string | undefined;
}

/** Reads a contract at the newest block. A contract that reverts is an answer; for the rest it throws ProviderError. */
export async function readContract(
  settings: EnsSettings,
  lent: Lent,
  to: string,
  data: string,
): Promise<{ readonly result: unknown } | { readonly reverted: string }> {
  const { url } = settings;
  if (url === undefined) throw new ProviderError(NAME, 'unauthorized', 'needs the address of a node');
  const answer = await rpc(NAME, lent, url, 'eth_call', [{ to, data }, 'latest']);
  if ('result' in answer) return answer;
  if (isRevert(answer.error)) return { reverted: answer.error.data ?? '0x' };
  throw new ProviderError(NAME, 'failed', `the node refused the question (${answer.error.code})`);
}

const isRevert = ({ code, message, data }: RpcError): boolean =>
  code === 3 || data !== undefined || /revert/i.test(message);
