import { Injectable } from '@nestjs/common';
import { type Chain, CloudClient, CloudError } from '@scani/cloud';
import { checkAddress } from '@scani/domain';
import { Unavailable } from '@scani/runtime';
import { Chains } from './chains.js';

/** What a text turned out to be. */
export interface FoundAddress {
  /** The public name that led there (`alice.eth`); null where an address was given. */
  name: string | null;
  /** The chains on which it is an address, and how it is written there; empty where there is none. */
  places: { chain: Chain; address: string }[];
  /** What is wrong with it, in a sentence; null where something was found. */
  problem: string | null;
}

/** A name of several labels, and nothing that an address could be. */
const NAME = /^[^\s/:@]+(\.[^\s/:@.]+)+\.?$/u;
/** By how an address begins, of which family it is meant to be. */
const BEGINNINGS: readonly [RegExp, Chain['family']][] = [
  [/^0x/i, 'evm'],
  [/^(bc1|tb1|bcrt1|[13mn2])/i, 'bitcoin'],
  [/^T/, 'tron'],
  [/^([EUk0]Q|-?\d:)/, 'ton'],
];
const FAMILY_NAMES: Readonly<Record<Chain['family'], string>> = {
  evm: 'Ethereum and chains like it',
  bitcoin: 'Bitcoin',
  solana: 'Solana',
  tron: 'Tron',
  ton: 'TON',
};

/** As wallets put it into QR codes and links: BIP 21, ERC-681 and those who follow them. */
const LINK = /^(?:bitcoin|ethereum|solana|tron|ton):(?:\/\/transfer\/|pay-)?([^?@/]+)/i;

/** What was meant by a text that was pasted: links to an address are that address. */
export const pastedAddress = (text: string): string => LINK.exec(text.trim())?.[1] ?? text.trim();

/** Says of a text that somebody has pasted which address it is, and on which chains. */
@Injectable()
export class AddressLookUp {
  constructor(
    private readonly cloud: CloudClient,
    private readonly chains: Chains,
  ) {}

  /** Throws Unavailable where the data-provider would have to be asked and cannot. */
  async find(text: string): Promise<FoundAddress> {
    const chains = await this.chains.list();
    const typed = pastedAddress(text);
    if (NAME.test(typed)) return this.byName(typed, chains);
    return placesOf(typed, chains, null);
  }

  private async byName(typed: string, chains: readonly Chain[]): Promise<FoundAddress> {
    try {
      const { name, address, family } = await this.cloud.resolveName(typed);
      return placesOf(
        address,
        chains.filter((chain) => chain.family === family),
        name,
      );
    } catch (error) {
      if (!(error instanceof CloudError)) throw error;
      if (error.code === 'refused')
        return { name: null, places: [], problem: `This name leads nowhere: ${error.detail}` };
      throw new Unavailable(
        'names-unavailable',
        'Names cannot be looked up right now. Paste the address itself, or try again in a minute.',
        60,
      );
    }
  }
}

function placesOf(text: string, chains: readonly Chain[], name: string | null): FoundAddress {
  const places: FoundAddress['places'] = [];
  for (const chain of chains) {
    const checked = checkAddress(chain.family, text);
    if ('address' in checked) places.push({ chain, address: checked.address });
  }
  return { name, places, problem: places.length > 0 ? null : problemOf(text) };
}

function problemOf(text: string): string {
  const family = BEGINNINGS.find(([pattern]) => pattern.test(text))?.[1];
  const checked = family && checkAddress(family, text);
  if (family && checked && 'problem' in checked)
    return `This looks like an address of ${FAMILY_NAMES[family]}, but it ${checked.problem}.`;
  return 'This is no address of a chain that can be read here.';
}
