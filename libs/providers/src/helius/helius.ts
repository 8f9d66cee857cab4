import { BadCursor, type ChainSource } from '../chain.js';
import { holding } from '../chain-amounts.js';
import type { Lent } from '../provider.js';
import { askNode, askTransactions, type HeliusSettings, NAME } from './helius.client.js';
import { assetOf, movementsOf, SOLANA } from './helius.mapping.js';
import {
  type HeldToken,
  heldTokensOf,
  lamportsOf,
  SIGNATURE,
  type Token,
  tokensOf,
  transactionsOf,
} from './helius.responses.js';

const ASSETS = 1_000;
const MOST_ASSET_PAGES = 5;
const TRANSACTIONS = '100';

/** Solana, by Helius; only with a key. */
export function helius(settings: HeliusSettings): ChainSource {
  return {
    name: NAME,
    chains: [SOLANA],
    get offered() {
      return settings.apiKey !== undefined;
    },

    async balances(_chain, address, lent) {
      const lamports = lamportsOf(await askNode(settings, lent, 'getBalance', [address, { commitment: 'finalized' }]));
      const { tokens, complete } = await held(settings, lent, address);
      return {
        at: lent.now().toISOString(),
        balances: [
          ...holding(SOLANA.native, lamports),
          ...tokens.flatMap((token) => holding(assetOf(token.mint, token.decimals, token), token.units)),
        ],
        gaps: complete ? [] : ['This wallet has more tokens than are read at once; some are left out.'],
      };
    },

    async movements(_chain, address, cursor, lent) {
      if (cursor !== undefined && cursor !== '' && !SIGNATURE.test(cursor)) throw new BadCursor();
      const transactions = transactionsOf(
        await askTransactions(settings, lent, address, {
          'sort-order': 'asc',
          'after-signature': cursor || undefined,
          // Tokens that come in touch the wallet's account for them, and not the wallet itself.
          'token-accounts': 'balanceChanged',
          commitment: 'finalized',
          limit: TRANSACTIONS,
        }),
        address,
      );
      const tokens = await described(settings, lent, new Set(transactions.flatMap(mintsOf)));
      return {
        movements: transactions.flatMap((each) => movementsOf(each, address, tokens)),
        cursor: transactions.at(-1)?.signature ?? cursor ?? '',
        // A page may be shorter than was asked for although others follow.
        more: transactions.length > 0,
      };
    },
  };
}

const mintsOf = ({ tokens }: { tokens: readonly { mint: string }[] }): string[] => tokens.map(({ mint }) => mint);

async function held(
  settings: HeliusSettings,
  lent: Lent,
  ownerAddress: string,
): Promise<{ tokens: readonly HeldToken[]; complete: boolean }> {
  const tokens: HeldToken[] = [];
  for (let page = 1; page <= MOST_ASSET_PAGES; page++) {
    const part = heldTokensOf(
      await askNode(settings, lent, 'getAssetsByOwner', {
        ownerAddress,
        page,
        limit: ASSETS,
        displayOptions: { showFungible: true },
      }),
    );
    tokens.push(...part.tokens);
    if (part.count < ASSETS) return { tokens, complete: true };
  }
  return { tokens, complete: false };
}

/** What tokens are called, which transactions do not say. */
async function described(
  settings: HeliusSettings,
  lent: Lent,
  mints: ReadonlySet<string>,
): Promise<ReadonlyMap<string, Token>> {
  if (mints.size === 0) return new Map();
  return tokensOf(await askNode(settings, lent, 'getAssetBatch', { ids: [...mints].slice(0, ASSETS) }));
}
