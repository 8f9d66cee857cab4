import { BadCursor, type ChainSource, type WalletBalances } from '../chain.js';
import { holding } from '../chain-amounts.js';
import { readWindow, type Stream } from '../chain-window.js';
import type { Lent } from '../provider.js';
import { ask, NAME, type TronSettings } from './tron.client.js';
import { assetOf, movementsOf, TRON } from './tron.mapping.js';
import {
  type Account,
  accountOf,
  internalOf,
  type Page,
  type Row,
  tokenTransfersOf,
  transactionsOf,
} from './tron.responses.js';

/** Rows in one answer at most. */
const PAGE = 200;
/** Tokens whose names are looked up for a balance at most: a request for each. */
const MOST_TOKENS = 25;
/** The lists are made one after the other: what is younger is read again. */
const SETTLED_MS = 600_000;

/** Tron, by TronGrid. */
export function tron(settings: TronSettings): ChainSource {
  return {
    name: NAME,
    chains: [TRON],
    offered: true,

    async balances(_chain, address, lent) {
      const account = accountOf(await ask(settings, lent, `/v1/accounts/${address}`, { only_confirmed: 'true' }));
      const tokens = await tokensOf(settings, lent, address, account);
      return {
        at: lent.now().toISOString(),
        balances: [...holding(TRON.native, account.sun), ...tokens.balances],
        gaps: [...tokens.gaps, ...(account.oldTokens ? ['Tokens of the old kind (TRC-10) are left out.'] : [])],
      };
    },

    async movements(_chain, address, cursor, lent) {
      if (cursor !== undefined && !/^\d{1,14}$/.test(cursor)) throw new BadCursor();
      const young = lent.now().getTime() - SETTLED_MS;
      const list = (path: string, read: (body: Readonly<Record<string, unknown>>) => Page): Stream<Row> =>
        listOf(settings, lent, `/v1/accounts/${address}/${path}`, read);
      const window = await readWindow(
        NAME,
        [
          list('transactions', transactionsOf),
          list('transactions/trc20', tokenTransfersOf),
          list('internal-transactions', internalOf),
        ],
        Number(cursor ?? 0),
        ({ ms }) => ms < young,
      );
      const [transactions = [], tokens = [], internal = []] = window.records;
      return {
        movements: movementsOf(address, { transactions, tokens, internal }),
        cursor: String(window.next),
        more: window.more,
      };
    },
  };
}

/** Rows of one list from a time on, oldest first. Later pages are asked for by the fingerprint of the one before. */
function listOf(
  settings: TronSettings,
  lent: Lent,
  path: string,
  read: (body: Readonly<Record<string, unknown>>) => Page,
): Stream<Row> {
  let fingerprint: string | undefined;
  return {
    positionOf: ({ ms }) => ms,
    async read(from, page) {
      const part = read(
        await ask(settings, lent, path, {
          only_confirmed: 'true',
          search_internal: 'false',
          order_by: 'block_timestamp,asc',
          min_timestamp: String(from),
          limit: String(PAGE),
          fingerprint: page === 1 ? undefined : fingerprint,
        }),
      );
      fingerprint = part.fingerprint;
      return { records: part.rows, full: part.count >= PAGE && fingerprint !== undefined };
    },
  };
}

/** An account knows amounts and contracts; what they are called stands beside their transfers. */
async function tokensOf(
  settings: TronSettings,
  lent: Lent,
  address: string,
  { tokens }: Account,
): Promise<Pick<WalletBalances, 'balances' | 'gaps'>> {
  const held = tokens.filter(({ units }) => units > 0n);
  const balances: WalletBalances['balances'][number][] = [];
  let nameless = Math.max(0, held.length - MOST_TOKENS);
  for (const { contract, units } of held.slice(0, MOST_TOKENS)) {
    const path = `/v1/accounts/${address}/transactions/trc20`;
    const query = { limit: '1', contract_address: contract, only_confirmed: 'true' };
    const token = tokenTransfersOf(await ask(settings, lent, path, query)).rows[0]?.token;
    if (token?.contract === contract) balances.push(...holding(assetOf(token), units));
    else nameless += 1;
  }
  return { balances, gaps: nameless > 0 ? [`${nameless} tokens of which nothing is known are left out.`] : [] };
}
