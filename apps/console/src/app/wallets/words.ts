import type { AddressPlace, Wallet } from '../../api/models';

const ENDS = 6;

/** As people compare addresses: how it begins and how it ends. */
export function shortAddress(address: string): string {
  return address.length > 2 * ENDS + 1 ? `${address.slice(0, ENDS)}…${address.slice(-ENDS)}` : address;
}

export function canFollow({ chain, walletId }: AddressPlace): boolean {
  return chain.offered && walletId === null;
}

/** Why an address cannot be followed on a chain; empty where it can. */
export function whyNot({ chain, walletId }: AddressPlace): string {
  if (walletId !== null) return 'You follow it already.';
  return chain.offered ? '' : (chain.missing ?? 'Not offered here.');
}

/** What is chosen before anybody has chosen: the one there is, or the one that most people mean. */
export function firstChoice(places: readonly AddressPlace[]): string[] {
  const open = places.filter(canFollow);
  const likely = places.length === 1 ? open[0] : open.find(({ chain }) => chain.id === 'ethereum');
  return likely ? [likely.chain.id] : [];
}

/** What is chosen stands where it is seen; the others follow as they were. */
export function likelyFirst(places: readonly AddressPlace[]): AddressPlace[] {
  const [likely] = firstChoice(places);
  return places.toSorted((a, b) => Number(b.chain.id === likely) - Number(a.chain.id === likely));
}

/** What is worth saying of a wallet in a list; nothing where all is well. */
export function walletTag({ sync, problem, syncedAt }: Wallet): { word: string; tone: string } | undefined {
  if (problem) return { word: 'not up to date', tone: 'warn' };
  if (syncedAt !== null) return undefined;
  return sync ? { word: 'being read', tone: 'accent' } : { word: 'not read yet', tone: 'warn' };
}

/** How much was read, while nobody knows how much there is. */
export function readWords(done: number): string {
  if (done === 0) return 'Beginning to read…';
  return done === 1 ? '1 movement read so far' : `${done.toLocaleString('en')} movements read so far`;
}
