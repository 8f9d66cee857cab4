import { type Closeness, mayBeOneMove, sizesFor, stretchFor, type TransferEntry } from './transfer-entry.js';

/** For every entry, by its place: how many others may be its other side, and the sum of their places. */
export interface Counterparts {
  counts: Int32Array;
  /** Where the count is one, this is the place of that one. */
  places: Float64Array;
}

/**
 * Counts the possible other sides of every entry in O(n log n), however crowded an hour or a quantity is: a window
 * slides over time, and a binary indexed tree over quantities counts what is in it. Counts (and sums of places) can be
 * subtracted, so "same asset or bridged, and another holding" is counted as asset + bridge - both - same holding.
 * `refused` are places of pairs, outflow first, that do not count.
 */
export function counterparts(
  entries: readonly TransferEntry[],
  closeness: Closeness,
  refused: Iterable<readonly [number, number]>,
): Counterparts {
  const found: Counterparts = { counts: new Int32Array(entries.length), places: new Float64Array(entries.length) };
  const places = entries.map((_, place) => place).sort((a, b) => at(a) - at(b));
  function at(place: number): number {
    return (entries[place] as TransferEntry).at;
  }
  const count = (keyOf: (entry: TransferEntry) => string | null, sign: 1 | -1): void => {
    const crowds = Map.groupBy(places, (place) => keyOf(entries[place] as TransferEntry));
    for (const [key, crowd] of crowds) {
      if (key !== null) countCrowd(entries, crowd, closeness, sign, found);
    }
  };
  count((entry) => entry.assetId, 1);
  count((entry) => entry.bridge, 1);
  count((entry) => (entry.bridge === null ? null : `${entry.bridge} ${entry.assetId}`), -1);
  count((entry) => entry.holdingId, -1);
  for (const [out, into] of refused) {
    if (!mayBeOneMove(entries[out] as TransferEntry, entries[into] as TransferEntry, closeness)) continue;
    note(found, out, -1, -into);
    note(found, into, -1, -out);
  }
  return found;
}

function note(found: Counterparts, place: number, count: number, places: number): void {
  found.counts[place] = (found.counts[place] ?? 0) + count;
  found.places[place] = (found.places[place] ?? 0) + places;
}

/** Entries of one crowd, in the order of time: each side asks the other. */
function countCrowd(
  entries: readonly TransferEntry[],
  crowd: readonly number[],
  closeness: Closeness,
  sign: 1 | -1,
  found: Counterparts,
): void {
  const entry = (place: number): TransferEntry => entries[place] as TransferEntry;
  const outs = crowd.filter((place) => entry(place).direction === 'out');
  const ins = crowd.filter((place) => entry(place).direction === 'in');
  if (outs.length === 0 || ins.length === 0) return;
  for (const [askers, answers] of [
    [outs, ins],
    [ins, outs],
  ] as const) {
    const ask = (from: readonly number[], of: readonly number[], byDay: boolean): void =>
      sweep(entries, from, of, byDay, closeness, sign, found);
    const timed = askers.filter((place) => !entry(place).dayOnly);
    ask(
      timed,
      answers.filter((place) => !entry(place).dayOnly),
      false,
    );
    ask(
      timed,
      answers.filter((place) => entry(place).dayOnly),
      true,
    );
    ask(
      askers.filter((place) => entry(place).dayOnly),
      answers,
      true,
    );
  }
}

/** Both in the order of time. */
function sweep(
  entries: readonly TransferEntry[],
  askers: readonly number[],
  answers: readonly number[],
  byDay: boolean,
  closeness: Closeness,
  sign: 1 | -1,
  found: Counterparts,
): void {
  if (askers.length === 0 || answers.length === 0) return;
  const entry = (place: number): TransferEntry => entries[place] as TransferEntry;
  const bySize = [...answers].sort((a, b) => {
    const [one, other] = [entry(a).size, entry(b).size];
    return one < other ? -1 : one > other ? 1 : 0;
  });
  const sizes = bySize.map((place) => entry(place).size);
  const rankOf = new Map(bySize.map((place, rank) => [place, rank]));
  const tally = new Tally(answers.length);
  let [entered, left] = [0, 0];
  for (const asker of askers) {
    const [from, to] = stretchFor(entry(asker).at, byDay, closeness);
    for (; entered < answers.length && entry(answers[entered] as number).at <= to; entered++) {
      const place = answers[entered] as number;
      tally.add(rankOf.get(place) as number, 1, place);
    }
    for (; left < entered && entry(answers[left] as number).at < from; left++) {
      const place = answers[left] as number;
      tally.add(rankOf.get(place) as number, -1, -place);
    }
    const [least, most] = sizesFor(entry(asker), closeness);
    const [low, high] = [firstAbove(sizes, least - 1n), firstAbove(sizes, most)];
    if (high <= low) continue;
    const [counts, places] = [tally.counts, tally.places];
    const count = tally.upTo(counts, high) - tally.upTo(counts, low);
    if (count > 0) note(found, asker, sign * count, sign * (tally.upTo(places, high) - tally.upTo(places, low)));
  }
}

/** The first index whose size is above `limit`. */
function firstAbove(sizes: readonly bigint[], limit: bigint): number {
  let [low, high] = [0, sizes.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((sizes[middle] as bigint) <= limit) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Prefix sums that can be changed (a Fenwick tree), of how many there are and of their places. */
class Tally {
  readonly counts: Float64Array;
  readonly places: Float64Array;
  constructor(private readonly length: number) {
    this.counts = new Float64Array(length + 1);
    this.places = new Float64Array(length + 1);
  }

  add(rank: number, count: number, place: number): void {
    for (let node = rank + 1; node <= this.length; node += node & -node) {
      this.counts[node] = (this.counts[node] as number) + count;
      this.places[node] = (this.places[node] as number) + place;
    }
  }

  /** The sum over the ranks before `end`. */
  upTo(sums: Float64Array, end: number): number {
    let total = 0;
    for (let node = end; node > 0; node -= node & -node) total += sums[node] as number;
    return total;
  }
}
