import { BadCursor, type ChainSource, type WalletBalances } from '../chain.js';
import { holding } from '../chain-amounts.js';
import { readWindow, type Stream } from '../chain-window.js';
import type { Lent } from '../provider.js';
import { EVM_CHAINS, type EvmChain } from './etherscan.chains.js';
import { ask, type EtherscanSettings, NAME } from './etherscan.client.js';
import { heldTokens, movementsOf } from './etherscan.mapping.js';
import { balanceOf, type Row, rowsOf } from './etherscan.responses.js';

/** Records in one answer at most, with a free key (docs.etherscan.io, "Get An Address's Full Transaction History"). */
const PAGE = 1_000;
/** Windows of token transfers that are added up for a balance at most. */
const MOST_WINDOWS = 20;
/** The lists are made by different parts of the explorer, and blocks may still be thrown out: what is younger is read again. */
const SETTLED_MS = 3_600_000;

/** Ethereum and its kin, by Etherscan V2; only with a key. */
export function etherscan(settings: EtherscanSettings): ChainSource {
  return {
    name: NAME,
    chains: EVM_CHAINS,
    get offered() {
      return settings.apiKey !== undefined;
    },

    async balances(id, address, lent) {
      const chain = chainOf(id);
      const native = balanceOf(await ask(settings, lent, chain.number, { action: 'balance', address, tag: 'latest' }));
      const { balances, gaps } = await tokens(settings, lent, chain, address);
      return {
        at: lent.now().toISOString(),
        balances: [...holding(chain.native, native), ...balances],
        gaps,
      };
    },

    async movements(id, address, cursor, lent) {
      const chain = chainOf(id);
      if (cursor !== undefined && !/^\d{1,12}$/.test(cursor)) throw new BadCursor();
      const young = lent.now().getTime() - SETTLED_MS;
      const streams = ACTIONS.map((action) => listOf(settings, lent, chain, action, address));
      const window = await readWindow(NAME, streams, Number(cursor ?? 0), ({ at }) => Date.parse(at) < young);
      const [transactions = [], internal = [], transfers = []] = window.records;
      return {
        movements: movementsOf(chain, address, { transactions, internal, tokens: transfers }),
        cursor: String(window.next),
        more: window.more,
      };
    },
  };
}

const ACTIONS = ['txlist', 'txlistinternal', 'tokentx'] as const;

function chainOf(id: string): EvmChain {
  const chain = EVM_CHAINS.find((each) => each.id === id);
  if (!chain) throw new Error(`${NAME} has no chain ${id}`);
  return chain;
}

/** Lists of one kind, oldest first, from a block on. */
function listOf(
  settings: EtherscanSettings,
  lent: Lent,
  chain: EvmChain,
  action: (typeof ACTIONS)[number],
  address: string,
): Stream<Row> {
  return {
    positionOf: ({ block }) => block,
    async read(from, page) {
      const query = { action, address, startblock: String(from), endblock: 'latest', sort: 'asc' };
      const records = rowsOf(
        await ask(settings, lent, chain.number, { ...query, page: String(page), offset: String(PAGE) }),
      );
      return { records, full: records.length >= PAGE };
    },
  };
}

/**
 * Tokens that transfers leave. The list of all tokens with their balances (`addresstokenbalance`) is for paid plans only, and
 * asking for each token by itself is a request for each, most of them spam.
 */
async function tokens(
  settings: EtherscanSettings,
  lent: Lent,
  chain: EvmChain,
  address: string,
): Promise<Pick<WalletBalances, 'balances' | 'gaps'>> {
  const transfers = listOf(settings, lent, chain, 'tokentx', address);
  const rows: Row[] = [];
  let from = 0;
  let more = true;
  for (let read = 0; more && read < MOST_WINDOWS; read++) {
    const window = await readWindow(NAME, [transfers], from, () => true);
    rows.push(...(window.records[0] ?? []));
    from = window.next;
    more = window.more;
  }
  if (more) {
    return { balances: [], gaps: [`${chain.name}: too many transfers of tokens to add them up; tokens are left out.`] };
  }
  if (rows.length === 0) return { balances: [], gaps: [] };
  const { held, absurd } = heldTokens(chain, address, rows);
  const negative = [...held.values()].filter(({ units }) => units < 0n).length;
  return {
    balances: [...held.values()].flatMap(({ asset, units }) => holding(asset, units)),
    gaps: [
      'Tokens are added up from their transfers: one that grows or shrinks by itself (interest, rebasing) may differ.',
      ...(negative > 0 ? [`${negative} tokens of which more went out than came in are left out.`] : []),
      ...(absurd > 0 ? [`${absurd} tokens with impossible amounts are left out.`] : []),
    ],
  };
}
