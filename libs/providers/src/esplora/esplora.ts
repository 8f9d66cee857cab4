import { BadCursor, type ChainMovements, type ChainSource } from '../chain.js';
import { holding } from '../chain-amounts.js';
import type { Lent } from '../provider.js';
import { ask, type EsploraSettings, NAME } from './esplora.client.js';
import { BITCOIN, movementsOf } from './esplora.mapping.js';
import { statsOf, type Transaction, transactionsOf, TXID } from './esplora.responses.js';

/** Transactions in a full page. */
const PAGE = 25;

/** Bitcoin, by any server that speaks Esplora (Blockstream, mempool.space, one's own electrs). Confirmed transactions only. */
export function esplora(settings: EsploraSettings): ChainSource {
  return {
    name: NAME,
    chains: [BITCOIN],
    offered: true,

    async balances(_chain, address, lent) {
      const { satoshis, waiting } = statsOf(await ask(settings, lent, `/address/${address}`));
      return {
        at: lent.now().toISOString(),
        balances: holding(BITCOIN.native, satoshis),
        gaps: waiting === 0 ? [] : ['Payments that are in no block yet are left out.'],
      };
    },

    async movements(_chain, address, cursor, lent) {
      return walk(settings, lent, address, placeOf(cursor));
    },
  };
}

/** A transaction and its block. */
interface Known {
  readonly height: number;
  readonly id: string;
}

/**
 * The source tells the newest first. A walk goes from the newest (`head`) down, page by page (`from`), until it meets what the
 * walk before began with (`until`).
 */
interface Place {
  readonly until: Known | undefined;
  readonly head: Known | undefined;
  readonly from: string | undefined;
}

async function walk(settings: EsploraSettings, lent: Lent, address: string, place: Place): Promise<ChainMovements> {
  const page = transactionsOf(
    await ask(settings, lent, `/address/${address}/txs/chain${place.from === undefined ? '' : `/${place.from}`}`),
  );
  const told = page.findIndex((each) => isTold(each, place.until));
  const fresh = told < 0 ? page : page.slice(0, told);
  const head = place.head ?? knownOf(fresh[0]) ?? place.until;
  const more = told < 0 && page.length >= PAGE;
  return {
    movements: fresh.flatMap((each) => movementsOf(each, address)),
    cursor: more
      ? textOf({ until: place.until, head, from: page.at(-1)?.id })
      : textOf({ until: head, head: undefined, from: undefined }),
    more,
  };
}

/** What is in an older block was told, even where the transaction that the walk ended with was thrown out of its block since. */
const isTold = (transaction: Transaction, until: Known | undefined): boolean =>
  until !== undefined && (transaction.id === until.id || transaction.height < until.height);

const knownOf = (transaction: Transaction | undefined): Known | undefined =>
  transaction && { height: transaction.height, id: transaction.id };

const written = (known: Known | undefined): string => (known ? `${known.height}-${known.id}` : '');
const textOf = ({ until, head, from }: Place): string => [written(until), written(head), from ?? ''].join('.');

function placeOf(cursor: string | undefined): Place {
  if (cursor === undefined) return { until: undefined, head: undefined, from: undefined };
  const [until, head, from, ...rest] = cursor.split('.');
  if (rest.length > 0 || from === undefined || (from !== '' && !TXID.test(from))) throw new BadCursor();
  return { until: readKnown(until), head: readKnown(head), from: from || undefined };
}

function readKnown(text: string | undefined): Known | undefined {
  if (text === '') return undefined;
  const [, height, id] = /^(\d{1,9})-([0-9a-f]{64})$/.exec(text ?? '') ?? [];
  if (height === undefined || id === undefined) throw new BadCursor();
  return { height: Number(height), id };
}
