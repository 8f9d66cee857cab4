import { ProviderError } from './provider.js';

/** Records of one kind, oldest first, each at a position (a block, a time) that others may share. */
export interface Stream<R> {
  /** The records from a position on. `full` when there may be more than these. */
  read(from: number, page: number): Promise<{ readonly records: readonly R[]; readonly full: boolean }>;
  positionOf(record: R): number;
}

export interface Window<R> {
  /** Of each stream, everything from `from` up to one position that is the same for all; no position is torn apart. */
  readonly records: readonly (readonly R[])[];
  /** Where the next one begins. */
  readonly next: number;
  readonly more: boolean;
}

/** Pages of one position at most: what has more is nobody's wallet. */
const MOST_PAGES = 10;

/**
 * The next records of several streams together. A stream that gave a full page may have cut its last position in two, so that
 * one waits for the next window, and the other streams wait with it.
 * @param settled Whether a record is old enough that nothing comes before it any more; the first that is not is read again.
 */
export async function readWindow<R>(
  provider: string,
  streams: readonly Stream<R>[],
  from: number,
  settled: (record: R) => boolean,
): Promise<Window<R>> {
  const parts: { records: readonly R[]; end: number }[] = [];
  for (const stream of streams) parts.push(await readPart(provider, stream, from));
  const end = Math.min(...parts.map((part) => part.end));
  const records = parts.map((part, at) => part.records.filter((each) => (streams[at]?.positionOf(each) ?? 0) < end));
  if (Number.isFinite(end)) return { records, next: end, more: true };
  const positions = (keep: (record: R) => boolean): number[] =>
    records.flatMap((list, at) => list.filter(keep).map((each) => streams[at]?.positionOf(each) ?? 0));
  const unsettled = positions((each) => !settled(each));
  const next = unsettled.length > 0 ? least(unsettled) : greatest([from - 1, ...positions(() => true)]) + 1;
  return { records, next, more: false };
}

/** Whole positions of one stream, and the first position that is not among them. */
async function readPart<R>(
  provider: string,
  stream: Stream<R>,
  from: number,
): Promise<{ records: readonly R[]; end: number }> {
  const records: R[] = [];
  for (let page = 1; page <= MOST_PAGES; page++) {
    const part = await stream.read(from, page);
    records.push(...part.records);
    if (!part.full) return { records, end: Number.POSITIVE_INFINITY };
    const last = records.at(-1);
    if (last !== undefined && stream.positionOf(last) > from) return { records, end: stream.positionOf(last) };
  }
  throw new ProviderError(provider, 'not-covered', 'this wallet has more in one block than can be read');
}

const least = (numbers: readonly number[]): number => numbers.reduce((a, b) => Math.min(a, b));
const greatest = (numbers: readonly number[]): number => numbers.reduce((a, b) => Math.max(a, b));
