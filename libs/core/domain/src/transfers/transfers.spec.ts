import { DAY_MS } from '@scani/money';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  LINK_CLOSENESS,
  linkTransfers,
  mayBeOneMove,
  REVIEW_CLOSENESS,
  transferCandidates,
  type TransferEntry,
  type TransferPair,
} from './index.js';

const MINUTE = 60_000;
const start = Date.UTC(2025, 2, 1);
/** Holdings of two wallets and an exchange; wETH of the two wallets are bridged within each. */
const holdings: readonly Pick<TransferEntry, 'holdingId' | 'assetId' | 'bridge'>[] = [
  { holdingId: 'bank', assetId: 'EUR', bridge: null },
  { holdingId: 'broker', assetId: 'EUR', bridge: null },
  { holdingId: 'exchange', assetId: 'ETH', bridge: null },
  { holdingId: 'wallet', assetId: 'ETH', bridge: 'ether wallet' },
  { holdingId: 'rollup', assetId: 'ETH-on-rollup', bridge: 'ether wallet' },
  { holdingId: 'other-wallet', assetId: 'ETH-on-rollup', bridge: 'ether other' },
];

const entry = (
  id: string,
  direction: 'in' | 'out',
  holding: number,
  size: number,
  minutes: number,
  dayOnly = false,
): TransferEntry => ({
  id,
  direction,
  ...(holdings[holding] as (typeof holdings)[number]),
  size: BigInt(size),
  at: start + minutes * MINUTE,
  dayOnly,
});

/** Few sizes and a short time, so that near misses, ties and crowds are common. */
const ledger = fc
  .array(
    fc.record({
      direction: fc.constantFrom('in' as const, 'out' as const),
      holding: fc.integer({ min: 0, max: holdings.length - 1 }),
      size: fc.oneof(
        fc.integer({ min: 0, max: 6 }),
        fc.integer({ min: 980, max: 1120 }),
        fc.constantFrom(1000, 10_000),
      ),
      minutes: fc.oneof(fc.integer({ min: 0, max: 90 }), fc.integer({ min: 0, max: 60 * 24 * 9 })),
      dayOnly: fc.boolean(),
    }),
    { maxLength: 40 },
  )
  .map((rows) =>
    rows.map((row, index) =>
      entry(`e${String(index).padStart(2, '0')}`, row.direction, row.holding, row.size, row.minutes, row.dayOnly),
    ),
  );
const places = fc.array(fc.tuple(fc.nat(39), fc.nat(39)), { maxLength: 12 });

function refusalsOf(entries: readonly TransferEntry[], pairs: readonly (readonly [number, number])[]): TransferPair[] {
  const seen = new Set<string>();
  return pairs.flatMap(([one, other]) => {
    const [out, into] = [entries[one], entries[other]];
    if (out?.direction !== 'out' || into?.direction !== 'in' || seen.has(out.id + into.id)) return [];
    seen.add(out.id + into.id);
    return [{ outId: out.id, inId: into.id }];
  });
}

/** What the words say, pair by pair. */
function naive(entries: readonly TransferEntry[], refusals: readonly TransferPair[]) {
  const refused = new Set(refusals.map(({ outId, inId }) => outId + inId));
  const others = (of: TransferEntry, among: readonly TransferEntry[], closeness = LINK_CLOSENESS): TransferEntry[] =>
    among.filter((one) => {
      const [out, into] = of.direction === 'out' ? [of, one] : [one, of];
      return of.size > 0n && one.size > 0n && mayBeOneMove(out, into, closeness) && !refused.has(out.id + into.id);
    });
  const pairs = entries.flatMap((out) => {
    const [only, ...more] = out.direction === 'out' ? others(out, entries) : [];
    return only && more.length === 0 && others(only, entries).length === 1 ? [{ outId: out.id, inId: only.id }] : [];
  });
  const linked = new Set(pairs.flatMap(({ outId, inId }) => [outId, inId]));
  const open = entries.filter((one) => !linked.has(one.id));
  return { pairs, review: open.filter((one) => others(one, open, REVIEW_CLOSENESS).length > 0).map((one) => one.id) };
}
const sorted = ({ pairs, review }: { pairs: TransferPair[]; review: string[] }) => ({
  pairs: pairs.map(({ outId, inId }) => `${outId} ${inId}`).sort(),
  review: [...review].sort(),
});

describe('linkTransfers', () => {
  test('says what comparing every entry with every other says', () => {
    fc.assert(
      fc.property(ledger, places, (entries, pairs) => {
        const refusals = refusalsOf(entries, pairs);
        expect(sorted(linkTransfers(entries, refusals))).toEqual(sorted(naive(entries, refusals)));
      }),
      { numRuns: 2_000 },
    );
  });

  test('does not depend on the order of insertion', () => {
    const shuffled = ledger.chain((entries) =>
      fc.tuple(fc.constant(entries), fc.shuffledSubarray(entries, { minLength: entries.length })),
    );
    fc.assert(
      fc.property(shuffled, ([entries, again]) => {
        expect(linkTransfers(again)).toEqual(linkTransfers(entries));
      }),
    );
  });

  test('changes no pair when unrelated evidence comes, and finds nothing among what it left', () => {
    fc.assert(
      fc.property(ledger, ledger, (entries, more) => {
        const linked = linkTransfers(entries);
        const apart = more.map((one) => ({
          ...one,
          id: `x${one.id}`,
          holdingId: `x${one.holdingId}`,
          assetId: `x${one.assetId}`,
          bridge: null,
        }));
        const both = linkTransfers([...entries, ...apart]);
        expect(both.pairs.filter(({ outId }) => !outId.startsWith('x'))).toEqual(linked.pairs);
        expect(linkTransfers(entries)).toEqual(linked);
      }),
    );
  });

  test.each<[string, TransferEntry[], number]>([
    ['a withdrawal that arrives', [entry('a', 'out', 0, 1000, 0), entry('b', 'in', 1, 1000, 12)], 1],
    ['one per cent less, at the last minute', [entry('a', 'out', 0, 1000, 0), entry('b', 'in', 1, 990, 30)], 1],
    ['a little too late', [entry('a', 'out', 0, 1000, 0), entry('b', 'in', 1, 1000, 31)], 0],
    ['a little too little', [entry('a', 'out', 0, 1000, 0), entry('b', 'in', 1, 989, 0)], 0],
    ['arriving before it leaves, clocks differ', [entry('a', 'out', 0, 1000, 20), entry('b', 'in', 1, 1000, 0)], 1],
    ['another asset', [entry('a', 'out', 0, 1000, 0), entry('b', 'in', 2, 1000, 0)], 0],
    ['the same holding', [entry('a', 'out', 0, 1000, 0), entry('b', 'in', 0, 1000, 0)], 0],
    ['a bridge within a wallet', [entry('a', 'out', 3, 1000, 0), entry('b', 'in', 4, 1000, 9)], 1],
    ['the bridged asset in another wallet', [entry('a', 'out', 3, 1000, 0), entry('b', 'in', 5, 1000, 9)], 0],
    [
      'two that could be it',
      [entry('a', 'out', 0, 1000, 0), entry('b', 'in', 1, 1000, 3), entry('c', 'in', 1, 1000, 5)],
      0,
    ],
    ['one day, one side without a time', [entry('a', 'out', 0, 1000, 60, true), entry('b', 'in', 1, 1000, 23 * 60)], 1],
    [
      'the day after, one side without a time',
      [entry('a', 'out', 0, 1000, 60, true), entry('b', 'in', 1, 1000, 25 * 60)],
      0,
    ],
  ])('%s', (_, entries, pairs) => expect(linkTransfers(entries).pairs).toHaveLength(pairs));

  test('two alike in one hour are left to a person, and a refusal makes the other the only one', () => {
    const entries = [entry('a', 'out', 0, 1000, 0), entry('b', 'in', 1, 1000, 3), entry('c', 'in', 1, 1000, 5)];
    expect(linkTransfers(entries)).toEqual({ pairs: [], review: ['a', 'b', 'c'] });
    expect(linkTransfers(entries, [{ outId: 'a', inId: 'b' }])).toEqual({
      pairs: [{ outId: 'a', inId: 'c' }],
      review: [],
    });
  });

  test('thirty thousand of one size on one day are counted, not compared', () => {
    const crowd = Array.from({ length: 30_000 }, (_, index) => [
      entry(`o${index}`, 'out', 0, 1000, 0, true),
      entry(`i${index}`, 'in', 1, 1000, 1, true),
    ]).flat();
    const { pairs, review } = linkTransfers(crowd);
    expect([pairs.length, review.length]).toEqual([0, 60_000]);
  });
});

describe('transferCandidates', () => {
  test('the likeliest comes first, by time and quantity', () => {
    const out = entry('a', 'out', 0, 1000, 0);
    const others = [
      entry('week', 'in', 1, 1000, 7 * 24 * 60),
      entry('less', 'in', 1, 900, 0),
      entry('near', 'in', 1, 1001, 40),
      entry('far', 'in', 1, 1000, 7 * 24 * 60 + 1),
      entry('little', 'in', 1, 899, 0),
    ];
    const ranked = transferCandidates(out, others);
    expect(ranked.map((one) => one.entry.id)).toEqual(['near', 'less', 'week']);
    expect(ranked[0]).toMatchObject({ timeApart: 40 * MINUTE, quantityApart: -1n });
  });

  test('an inflow looks for its outflow, and days count whole where there is no time', () => {
    const [candidate] = transferCandidates(entry('a', 'in', 1, 990, 100), [entry('b', 'out', 0, 1000, 2880, true)]);
    expect(candidate).toMatchObject({ timeApart: 2 * DAY_MS, quantityApart: 10n });
  });
});
