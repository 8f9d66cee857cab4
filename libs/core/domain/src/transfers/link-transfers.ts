import { counterparts } from './counterparts.js';
import { LINK_CLOSENESS, REVIEW_CLOSENESS, type TransferEntry } from './transfer-entry.js';

export interface TransferPair {
  outId: string;
  inId: string;
}

export interface LinkedTransfers {
  /** In the order of time of the outflow. */
  pairs: TransferPair[];
  /** Ids of the others that have at least one candidate for a person to look at, in the order of time. */
  review: string[];
}

/**
 * The moves between one person's own holdings: an outflow and an inflow that are each other's only candidate. Who has
 * several is left for review. Depends on the set of entries alone, not on their order; pairs that a person refused are no
 * candidates. O(n log n).
 */
export function linkTransfers(given: Iterable<TransferEntry>, refusals: Iterable<TransferPair> = []): LinkedTransfers {
  const entries = [...given].filter((entry) => entry.size > 0n).sort(inTime);
  const refused = [...refusals];
  const { counts, places } = counterparts(entries, LINK_CLOSENESS, placesOf(entries, refused));
  const pairs: TransferPair[] = [];
  const open: TransferEntry[] = [];
  entries.forEach((entry, place) => {
    const other = places[place] as number;
    if (counts[place] !== 1 || counts[other] !== 1) open.push(entry);
    else if (entry.direction === 'out') pairs.push({ outId: entry.id, inId: (entries[other] as TransferEntry).id });
  });
  const candidates = counterparts(open, REVIEW_CLOSENESS, placesOf(open, refused));
  return { pairs, review: open.filter((_, place) => (candidates.counts[place] ?? 0) > 0).map((entry) => entry.id) };
}

function inTime(one: TransferEntry, other: TransferEntry): number {
  return one.at - other.at || (one.id < other.id ? -1 : one.id > other.id ? 1 : 0);
}

function placesOf(entries: readonly TransferEntry[], refused: readonly TransferPair[]): [number, number][] {
  if (refused.length === 0) return [];
  const placeOf = new Map(entries.map((entry, place) => [entry.id, place]));
  return refused.flatMap(({ outId, inId }) => {
    const [out, into] = [placeOf.get(outId), placeOf.get(inId)];
    return out === undefined || into === undefined ? [] : [[out, into] as [number, number]];
  });
}
