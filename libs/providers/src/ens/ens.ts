import { malformed } from '../call.js';
import { NameRefused, type NameSource } from '../chain.js';
import { ProviderError } from '../provider.js';
import { type EnsSettings, NAME, readContract } from './ens.client.js';

const UNKNOWN: ReadonlySet<string | undefined> = new Set([
  'ResolverNotFound',
  'ResolverNotContract',
  'UnsupportedResolverProfile',
  'ResolverError',
]);

/**
 * Names of ENS, by a node of Ethereum. Names that a server outside the chain answers for (CCIP read, ERC-3668) are refused: the
 * address of that server is whatever the owner of the name wrote, and ours would ask there from within our network.
 */
export function ens(settings: EnsSettings): NameSource {
  return {
    name: NAME,
    get offered() {
      return settings.url !== undefined;
    },

    async resolveName(text, lent) {
      // Tables of Unicode that only this needs.
      const [{ namehash, normalize, packetToBytes }, { addressIn, errorIn, questionFor, UNIVERSAL_RESOLVER }] =
        await Promise.all([import('viem/ens'), import('./ens.contract.js')]);
      const name = normalForm(text, normalize);
      const question = questionFor(packetToBytes(name), namehash(name));
      const answer = await readContract(settings, lent, UNIVERSAL_RESOLVER, question);
      if ('reverted' in answer) {
        const error = errorIn(answer.reverted);
        if (error === 'OffchainLookup')
          throw new NameRefused(
            'name-off-chain',
            `${name} is answered for by a server outside of Ethereum, which is not asked. Enter the address itself.`,
          );
        if (UNKNOWN.has(error)) throw unknown(name);
        throw new ProviderError(NAME, 'failed', 'the contract of ENS gave no answer');
      }
      const address = addressIn(answer.result);
      if (address === undefined) throw malformed(NAME, 'address');
      if (address === null) throw unknown(name);
      return { name, family: 'evm', address };
    },
  };
}

/** ENSIP-15: one form for names that look alike; what could be taken for another name is none. */
function normalForm(text: string, normalize: (name: string) => string): string {
  const bad = new NameRefused('bad-name', 'is no name of ENS, like vitalik.eth');
  let name: string;
  try {
    name = normalize(text.trim());
  } catch {
    throw bad;
  }
  // The question has one byte for the length of each part.
  const parts = name.split('.');
  if (parts.length < 2 || parts.some((part) => part === '' || Buffer.byteLength(part) > 255)) throw bad;
  return name;
}

const unknown = (name: string): NameRefused =>
  new NameRefused('name-unknown', `${name} is not registered, or has no address of Ethereum.`);
