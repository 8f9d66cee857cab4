import type { ChainAsset, ChainFacts, ChainMovement } from '../chain.js';
import { movement, onlyOne } from '../chain-amounts.js';
import { nativeAsset, tokenAsset } from '../chain-assets.js';
import type { Token, TokenChange, Transaction } from './helius.responses.js';

const LLAMA = 'solana';

export const SOLANA: ChainFacts = {
  id: 'solana',
  name: 'Solana',
  family: 'solana',
  native: nativeAsset('SOL', 'Solana', 9, 'solana'),
  explorer: 'https://explorer.solana.com',
};

export const assetOf = (mint: string, decimals: number, token: Token | undefined): ChainAsset =>
  tokenAsset(LLAMA, mint, { symbol: token?.symbol, name: token?.name, decimals });

/**
 * What one transaction did to one wallet: by how much it changed in SOL and in each token, the fee apart where this wallet
 * paid it. A swap is an out and an in; what went back and forth within the transaction is netted away.
 */
export function movementsOf(
  transaction: Transaction,
  wallet: string,
  tokens: ReadonlyMap<string, Token>,
): ChainMovement[] {
  const fee = transaction.feePayer === wallet ? transaction.fee : 0n;
  const about = { transactionId: transaction.signature, at: transaction.at };
  return [
    ...changed(transaction, wallet, 'sol', SOLANA.native, transaction.lamports + fee),
    ...movement({ ...about, id: 'fee', direction: 'fee', units: fee, asset: SOLANA.native, counterparty: null }),
    ...netted(transaction.tokens).flatMap(({ mint, decimals, units }) =>
      changed(transaction, wallet, mint, assetOf(mint, decimals, tokens.get(mint)), units),
    ),
  ];
}

function changed(
  { signature, at, transfers }: Transaction,
  wallet: string,
  id: string,
  asset: ChainAsset,
  units: bigint,
): ChainMovement[] {
  const ours = transfers.filter(({ mint }) => mint === (asset.contract ?? undefined));
  const about = { id, transactionId: signature, at, asset };
  const from = onlyOne(ours.filter(({ to }) => to === wallet).map((each) => each.from));
  const to = onlyOne(ours.filter((each) => each.from === wallet).map((each) => each.to));
  return [
    ...movement({ ...about, direction: 'in', units, counterparty: from }),
    ...movement({ ...about, direction: 'out', units: -units, counterparty: to }),
  ];
}

/** A wallet may have several accounts for one token. */
function netted(changes: readonly TokenChange[]): TokenChange[] {
  return [...Map.groupBy(changes, ({ mint }) => mint).values()].flatMap((each) =>
    each.slice(0, 1).map((first) => ({ ...first, units: each.reduce((sum, { units }) => sum + units, 0n) })),
  );
}
