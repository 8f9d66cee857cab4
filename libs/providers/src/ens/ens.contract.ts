import {
  decodeErrorResult,
  decodeFunctionResult,
  encodeFunctionData,
  getAddress,
  type Hex,
  isHex,
  parseAbi,
  toHex,
  zeroAddress,
} from 'viem';

/** The same on the main network for all versions of ENS (docs.ens.domains/resolvers/universal). */
export const UNIVERSAL_RESOLVER = '0xeEeEEEeE14D718C2B47D9923Deab1335E144EeEe';

const RESOLVER = parseAbi(['function addr(bytes32 node) view returns (address)']);
const UNIVERSAL = parseAbi([
  'function resolve(bytes name, bytes data) view returns (bytes result, address resolver)',
  'error OffchainLookup(address sender, string[] urls, bytes callData, bytes4 callbackFunction, bytes extraData)',
  'error ResolverNotFound(bytes name)',
  'error ResolverNotContract(bytes name, address resolver)',
  'error UnsupportedResolverProfile(bytes4 selector)',
  'error ResolverError(bytes errorData)',
  'error HttpError(uint16 status, string message)',
]);

/** The question for the address behind a name that is in its normal form. */
export const questionFor = (name: Uint8Array, node: Hex): Hex =>
  encodeFunctionData({
    abi: UNIVERSAL,
    functionName: 'resolve',
    args: [toHex(name), encodeFunctionData({ abi: RESOLVER, functionName: 'addr', args: [node] })],
  });

/** The address, written by EIP-55; null where the name has none; undefined for what is no answer. */
export function addressIn(result: unknown): string | null | undefined {
  if (!isHex(result)) return undefined;
  try {
    const [inner] = decodeFunctionResult({ abi: UNIVERSAL, functionName: 'resolve', data: result });
    if (inner === '0x') return null;
    const address = decodeFunctionResult({ abi: RESOLVER, functionName: 'addr', data: inner });
    return address === zeroAddress ? null : getAddress(address);
  } catch {
    return undefined;
  }
}

/** The name of the error that it reverted with; undefined for one that is not known. */
export function errorIn(data: string): string | undefined {
  if (!isHex(data)) return undefined;
  try {
    return decodeErrorResult({ abi: UNIVERSAL, data }).errorName;
  } catch {
    return undefined;
  }
}
