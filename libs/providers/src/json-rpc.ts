import { bodyOf, malformed, send } from './call.js';
import { integerOf, recordOf, textOf } from './exact-json.js';
import { type Lent, ProviderError } from './provider.js';

/** What a method refused: a node's own code, and where a contract reverted the data that it reverted with. */
export interface RpcError {
  readonly code: number;
  readonly message: string;
  readonly data: string | undefined;
}

/** -32005 is what nodes say for it (EIP-1474). */
const LIMIT_EXCEEDED = -32_005;

/** Calls a method by JSON-RPC 2.0 over POST. Refusals of the method come back; for the rest it throws ProviderError. */
export async function rpc(
  provider: string,
  lent: Lent,
  url: string,
  method: string,
  params: unknown,
): Promise<{ readonly result: unknown } | { readonly error: RpcError }> {
  const answer = await send(provider, lent, {
    url,
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ jsonrpc: '2.0', id: '1', method, params }),
  });
  const body = recordOf(bodyOf(provider, answer, lent.now()));
  const error = recordOf(body?.['error']);
  if (!error) {
    if (!body || !('result' in body)) throw malformed(provider, 'result');
    return { result: body['result'] };
  }
  const code = integerOf(error['code']) ?? 0;
  const message = textOf(error['message']) ?? '';
  if (code === LIMIT_EXCEEDED || /rate limit|too many requests/i.test(message))
    throw new ProviderError(provider, 'limited', 'asked too often', 5);
  return { error: { code, message, data: textOf(error['data']) ?? textOf(recordOf(error['data'])?.['data']) } };
}
