import type { ChainMovement, CloudClient, WalletRef } from '@scani/cloud';
import { decimal } from '@scani/money';
// The world is a tool, not a project on a shelf.
// eslint-disable-next-line @nx/enforce-module-boundaries
import { DEMO_WALLETS } from '../../../tools/outside-world/chain.ts';

export const NOW = Date.parse('2026-11-20T17:00:00Z');
export const BITCOIN: WalletRef = { chain: 'bitcoin', address: DEMO_WALLETS.bitcoin };
export const TAPROOT: WalletRef = { chain: 'bitcoin', address: DEMO_WALLETS.bitcoinTaproot };
export const ETHEREUM: WalletRef = { chain: 'ethereum', address: DEMO_WALLETS.evm };
export const SOLANA: WalletRef = { chain: 'solana', address: DEMO_WALLETS.solana };
export const TRON: WalletRef = { chain: 'tron', address: DEMO_WALLETS.tron };
export const TON: WalletRef = { chain: 'ton', address: DEMO_WALLETS.ton };

/** All pages from a cursor to the end. */
export async function walk(client: CloudClient, wallet: WalletRef, from?: string) {
  const movements: ChainMovement[] = [];
  let pages = 0;
  let cursor = from;
  for (;;) {
    const page = await client.walletMovements(wallet, cursor);
    movements.push(...page.movements);
    cursor = page.cursor;
    pages++;
    if (!page.more) return { movements, cursor, pages };
  }
}

/** What movements leave of each asset, by contract; none where it is zero. */
export function sums(movements: readonly ChainMovement[]): Record<string, string> {
  const left = new Map<string, ReturnType<typeof decimal>>();
  for (const { asset, direction, quantity } of movements) {
    const key = asset.contract ?? 'native';
    const before = left.get(key) ?? decimal('0');
    left.set(key, direction === 'in' ? before.plus(decimal(quantity)) : before.minus(decimal(quantity)));
  }
  return Object.fromEntries([...left].filter(([, sum]) => !sum.isZero()).map(([key, sum]) => [key, sum.toFixed()]));
}

export async function held(client: CloudClient, wallet: WalletRef): Promise<Record<string, string>> {
  const { balances } = await client.walletBalances(wallet);
  return Object.fromEntries(balances.map(({ asset, quantity }) => [asset.contract ?? 'native', quantity]));
}
