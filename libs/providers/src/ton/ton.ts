import { BadCursor, type ChainSource } from '../chain.js';
import { holding } from '../chain-amounts.js';
import { readWindow, type Stream } from '../chain-window.js';
import type { Lent } from '../provider.js';
import { ask, isOffered, NAME, type TonSettings } from './ton.client.js';
import { assetOf, movementsOf, TON } from './ton.mapping.js';
import {
  balanceOf,
  type HeldJetton,
  heldJettonsOf,
  type JettonTransfer,
  jettonTransfersOf,
  type Transaction,
  transactionsOf,
} from './ton.responses.js';

const PAGE = 256;
const MOST_JETTON_PAGES = 5;
/** The index follows the chain by seconds, jettons a little later: what is younger is read again. */
const SETTLED_MS = 600_000;

type Entry = Transaction | JettonTransfer;
type Query = Readonly<Record<string, string>>;

/** TON, by TON Center; with a key, or by a server of one's own. */
export function ton(settings: TonSettings): ChainSource {
  return {
    name: NAME,
    chains: [TON],
    get offered() {
      return isOffered(settings);
    },

    async balances(_chain, address, lent) {
      const nano = balanceOf(await ask(settings, lent, '/accountStates', { address, include_boc: 'false' }));
      const { jettons, complete } = await held(settings, lent, address);
      const nameless = jettons.filter(({ units, jetton }) => units > 0n && !jetton).length;
      return {
        at: lent.now().toISOString(),
        balances: [
          ...holding(TON.native, nano),
          ...jettons.flatMap(({ units, jetton }) => (jetton ? holding(assetOf(jetton), units) : [])),
        ],
        gaps: [
          ...(nameless > 0 ? [`${nameless} tokens of which nothing is known are left out.`] : []),
          ...(complete ? [] : ['This wallet has more tokens than are read at once; some are left out.']),
        ],
      };
    },

    async movements(_chain, address, cursor, lent) {
      if (cursor !== undefined && !/^\d{1,15}$/.test(cursor)) throw new BadCursor();
      const young = lent.now().getTime() - SETTLED_MS;
      const read = (path: string, query: Query) => ask(settings, lent, path, query);
      const streams: Stream<Entry>[] = [
        listOf(async (place) => transactionsOf(await read('/transactions', { account: address, ...place }))),
        listOf(async (place) =>
          jettonTransfersOf(await read('/jetton/transfers', { owner_address: address, ...place })),
        ),
      ];
      const window = await readWindow(NAME, streams, Number(cursor ?? 0), ({ at }) => Date.parse(at) < young);
      return {
        movements: window.records.flat().flatMap((each) => movementsOf(each, address)),
        cursor: String(window.next),
        more: window.more,
      };
    },
  };
}

/** A list from a logical time on, oldest first. */
function listOf(read: (place: Query) => Promise<readonly Entry[]>): Stream<Entry> {
  return {
    positionOf: ({ lt }) => lt,
    async read(from, page) {
      const records = await read({
        start_lt: String(from),
        sort: 'asc',
        limit: String(PAGE),
        offset: String((page - 1) * PAGE),
      });
      return { records, full: records.length >= PAGE };
    },
  };
}

async function held(
  settings: TonSettings,
  lent: Lent,
  owner: string,
): Promise<{ jettons: readonly HeldJetton[]; complete: boolean }> {
  const jettons: HeldJetton[] = [];
  for (let page = 0; page < MOST_JETTON_PAGES; page++) {
    const part = heldJettonsOf(
      await ask(settings, lent, '/jetton/wallets', {
        owner_address: owner,
        exclude_zero_balance: 'true',
        limit: String(PAGE),
        offset: String(page * PAGE),
      }),
    );
    jettons.push(...part);
    if (part.length < PAGE) return { jettons, complete: true };
  }
  return { jettons, complete: false };
}
