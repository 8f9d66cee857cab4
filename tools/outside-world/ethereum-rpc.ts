/**
 * A node of Ethereum (JSON-RPC 2.0, ethereum.github.io/execution-apis: eth_call, eth_chainId, eth_blockNumber) on which only the Universal
 * Resolver of ENS lives (docs.ens.domains, ENSIP-10, ERC-3668). The key is in the path, as with hosted nodes.
 */
import {
  decodeFunctionData,
  encodeAbiParameters,
  encodeErrorResult,
  encodeFunctionResult,
  type Hex,
  hexToBytes,
  parseAbi,
  zeroAddress,
} from 'viem';
import { DEMO_WALLETS } from './chain.ts';
import { json, type Answer, type Asked } from './http.ts';

const UNIVERSAL_RESOLVER = '0xeeeeeeee14d718c2b47d9923deab1335e144eeee';
const ABI = parseAbi([
  'function resolve(bytes name, bytes data) view returns (bytes result, address resolver)',
  'error OffchainLookup(address sender, string[] urls, bytes callData, bytes4 callbackFunction, bytes extraData)',
  'error ResolverNotFound(bytes name)',
  'error ResolverError(bytes errorData)',
]);
const RESOLVER = '0x231b0ee14048e9dccd1d247744d114a4eb5e8e63';

const NAMES: Readonly<Record<string, Hex>> = {
  'vitalik.eth': DEMO_WALLETS.evm,
  'scani-demo.eth': DEMO_WALLETS.evm,
  'unset.eth': zeroAddress,
};
/** A server inside, as somebody who means harm would write it. */
const OFF_CHAIN = ['http://169.254.169.254/latest/meta-data/{sender}/{data}.json'];

export function ethereumRpc({ path, method, body }: Asked): Answer {
  if (method !== 'POST') return json(405, { message: 'method not allowed' });
  if (path !== '/v3/node-key-of-the-outside-world') return json(401, { message: 'invalid project id' });
  const asked = readJson(body);
  if (!asked) return json(200, failure(null, { code: -32_700, message: 'parse error' }));
  const { id, method: name, params } = asked;
  switch (name) {
    case 'eth_chainId':
      return json(200, { jsonrpc: '2.0', id, result: '0x1' });
    case 'eth_blockNumber':
      return json(200, { jsonrpc: '2.0', id, result: '0x1700000' });
    case 'eth_call':
      return json(200, { jsonrpc: '2.0', id, ...callOf(params) });
    default:
      return json(200, failure(id, { code: -32_601, message: `the method ${name} does not exist/is not available` }));
  }
}

interface Call {
  readonly id: unknown;
  readonly method: string;
  readonly params: readonly { to?: string; data?: Hex }[];
}

function readJson(body: string): Call | undefined {
  try {
    return JSON.parse(body) as Call;
  } catch {
    return undefined;
  }
}

const failure = (id: unknown, error: object): object => ({ jsonrpc: '2.0', id, error });
const reverted = (data: Hex): object => ({ error: { code: 3, message: 'execution reverted', data } });

function callOf([call]: Call['params']): object {
  if (call?.to?.toLowerCase() !== UNIVERSAL_RESOLVER || !call.data) return { result: '0x' };
  const { args } = decodeFunctionData({ abi: ABI, data: call.data });
  const [encoded, data] = args;
  const name = nameOf(encoded);
  if (name.endsWith('.base.eth'))
    return reverted(
      encodeErrorResult({
        abi: ABI,
        errorName: 'OffchainLookup',
        args: [UNIVERSAL_RESOLVER, OFF_CHAIN, data, '0x11223344', '0x'],
      }),
    );
  if (name === 'broken.eth') return reverted(encodeErrorResult({ abi: ABI, errorName: 'ResolverError', args: ['0x'] }));
  const address = NAMES[name];
  if (!address) return reverted(encodeErrorResult({ abi: ABI, errorName: 'ResolverNotFound', args: [encoded] }));
  const result = encodeAbiParameters([{ type: 'address' }], [address]);
  return { result: encodeFunctionResult({ abi: ABI, functionName: 'resolve', result: [result, RESOLVER] }) };
}

/** DNS wire format: each part after one byte with its length. */
function nameOf(encoded: Hex): string {
  const bytes = hexToBytes(encoded);
  const parts: string[] = [];
  for (let at = 0; (bytes[at] ?? 0) > 0; at += (bytes[at] ?? 0) + 1)
    parts.push(new TextDecoder().decode(bytes.subarray(at + 1, at + 1 + (bytes[at] ?? 0))));
  return parts.join('.');
}
