import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type KnownRow, match, type MatchableRow, type Span } from './matching.js';

const row = (change: Partial<MatchableRow> = {}): MatchableRow => ({
  currency: 'EUR',
  occurredAt: '2026-03-01T12:00:00.000Z',
  dayOnly: true,
  quantity: '-4.2',
  description: 'Bakery',
  balance: null,
  id: null,
  ...change,
});

/** The ledger of one account as far as matching sees it. */
class Ledger {
  rows: KnownRow[] = [];
  get span(): Span | null {
    const days = this.rows.map(({ occurredAt }) => occurredAt.slice(0, 10)).sort();
    return days.length === 0 ? null : { from: days[0] as string, to: days.at(-1) as string };
  }
  import(rows: readonly MatchableRow[]): ReturnType<typeof match> {
    const matches = match(rows, this.rows, this.span);
    this.rows = [
      ...this.rows,
      ...rows.flatMap((one, index) => {
        const found = matches[index];
        return found?.state === 'new' ? [{ ...one, externalId: found.externalId }] : [];
      }),
    ];
    return matches;
  }
}

type Shape = 'days' | 'days with balances' | 'times' | 'times with balances' | 'ids';
const SHAPES: readonly Shape[] = ['days', 'days with balances', 'times', 'times with balances', 'ids'];

/** Few days, amounts and shops, so that identical rows are common. */
const statement = (shape: Shape): fc.Arbitrary<MatchableRow[]> =>
  fc
    .array(
      fc.record({
        day: fc.integer({ min: 1, max: 6 }),
        minute: fc.integer({ min: 0, max: 2 }),
        cents: fc.constantFrom(-420, -420, 420, 1000),
        description: fc.constantFrom('Bakery', 'Café'),
      }),
      { minLength: 1, maxLength: 24 },
    )
    .map((events) => {
      const timed = shape.startsWith('times');
      const inOrder = events.toSorted((one, other) => one.day - other.day || (timed ? one.minute - other.minute : 0));
      let balance = 100_000;
      return inOrder.map(({ day, minute, cents, description }, index): MatchableRow => {
        balance += cents;
        const time = timed ? `08:0${minute}:00` : '12:00:00';
        return {
          currency: 'EUR',
          occurredAt: `2026-03-0${day}T${time}.000Z`,
          dayOnly: !timed,
          quantity: String(cents / 100),
          description,
          balance: shape.endsWith('balances') ? String(balance / 100) : null,
          // Some banks count their ids anew every day.
          id: shape === 'ids' ? `${day}-${index}` : null,
        };
      });
    });

const sameToTheEye = (row: MatchableRow): string =>
  JSON.stringify([row.occurredAt, row.quantity, row.description, row.balance, row.id]);

/** Cuts may fall anywhere but between rows that the file itself cannot tell apart. */
function cutsOf(rows: readonly MatchableRow[], shape: Shape): number[] {
  return [...rows.keys(), rows.length].filter((at) => {
    const before = new Set(rows.slice(0, at).map(sameToTheEye));
    const together = rows.slice(at).some((row) => before.has(sameToTheEye(row)));
    const withinDay = rows[at - 1]?.occurredAt.slice(0, 10) === rows[at]?.occurredAt.slice(0, 10);
    return !together && !(shape === 'days' && withinDay);
  });
}

/** Slices that together cover the statement, in any order, some of them twice. */
const slicesOf = (rows: readonly MatchableRow[], shape: Shape): fc.Arbitrary<MatchableRow[][]> => {
  const cuts = cutsOf(rows, shape);
  return fc
    .tuple(
      fc.shuffledSubarray(cuts),
      fc.array(fc.tuple(fc.constantFrom(...cuts), fc.constantFrom(...cuts)), { maxLength: 5 }),
      fc.infiniteStream(fc.nat()),
    )
    .map(([inner, extra, order]) => {
      const bounds = [...new Set([0, ...inner, rows.length])].sort((one, other) => one - other);
      const cover = bounds.slice(1).map((to, index) => [bounds[index] as number, to] as const);
      const all = [...cover, ...extra.map(([one, other]) => [Math.min(one, other), Math.max(one, other)] as const)];
      return all
        .map((slice) => ({ slice, at: order.next().value as number }))
        .sort((one, other) => one.at - other.at)
        .map(({ slice: [from, to] }) => rows.slice(from, to));
    });
};

const multiset = (rows: readonly MatchableRow[]): string[] => rows.map(sameToTheEye).sort();

test.each(SHAPES)('%s: overlapping slices in any order, some twice, give exactly the statement', (shape) => {
  const cases = statement(shape).chain((rows) => slicesOf(rows, shape).map((slices) => ({ rows, slices })));
  fc.assert(
    fc.property(cases, ({ rows, slices }) => {
      const ledger = new Ledger();
      for (const slice of slices) ledger.import(slice);
      expect(multiset(ledger.rows)).toEqual(multiset(rows));
      expect(new Set(ledger.rows.map(({ externalId }) => externalId)).size).toBe(rows.length);
    }),
    { numRuns: 1_000 },
  );
});

test.each(SHAPES)('%s: whatever the order of slices, the same rows have the same ids', (shape) => {
  const cases = statement(shape).chain((rows) =>
    fc.tuple(slicesOf(rows, shape), slicesOf(rows, shape)).map(([one, other]) => ({ one, other })),
  );
  const idsOf = (slices: MatchableRow[][]): string[] => {
    const ledger = new Ledger();
    for (const slice of slices) ledger.import(slice);
    return ledger.rows.map(({ externalId }) => externalId).sort();
  };
  fc.assert(
    fc.property(cases, ({ one, other }) => {
      expect(idsOf(one)).toEqual(idsOf(other));
    }),
    { numRuns: 300 },
  );
});

test.each(SHAPES)('%s: two files staged before either is recorded meet under the same ids', (shape) => {
  fc.assert(
    fc.property(
      statement(shape).chain((rows) => fc.tuple(fc.constant(rows), slicesOf(rows, shape))),
      ([rows, slices]) => {
        const staged = slices.map((slice) => match(slice, [], null));
        const ids = new Set(staged.flat().map(({ externalId }) => externalId));
        expect(ids.size).toBe(rows.length);
      },
    ),
    { numRuns: 300 },
  );
});

test('every row of a file is new or known, once', () => {
  fc.assert(
    fc.property(statement('days'), statement('days with balances'), (first, second) => {
      const ledger = new Ledger();
      ledger.import(first);
      const matches = ledger.import(second);
      expect(matches).toHaveLength(second.length);
      const known = matches.filter(({ state }) => state === 'known').map(({ externalId }) => externalId);
      expect(new Set(known).size).toBe(known.length);
    }),
  );
});

test('a file with balances and one without tell of the same events', () => {
  fc.assert(
    fc.property(statement('days with balances'), fc.boolean(), (rows, balancesFirst) => {
      const plain = rows.map((one) => ({ ...one, balance: null }));
      const ledger = new Ledger();
      for (const file of balancesFirst ? [rows, plain, rows] : [plain, rows, plain]) ledger.import(file);
      expect(ledger.rows).toHaveLength(rows.length);
    }),
  );
});

test('two identical coffees stay two, and a third one is new', () => {
  const ledger = new Ledger();
  ledger.import([row(), row()]);
  expect(ledger.rows).toHaveLength(2);
  expect(ledger.import([row(), row(), row()]).map(({ state }) => state)).toEqual(['known', 'known', 'new']);
});

test('one id twice with the same amount is two rows; the same id on another day is another row', () => {
  const ledger = new Ledger();
  const other = row({ id: 'A', occurredAt: '2026-03-02T12:00:00.000Z' });
  ledger.import([row({ id: 'A' }), row({ id: 'A' }), other]);
  expect(ledger.rows).toHaveLength(3);
  ledger.import([other, row({ id: 'A' }), row({ id: 'A' })]);
  expect(ledger.rows).toHaveLength(3);
});

test('different ids are different rows however alike; spacing and case of a description are no difference', () => {
  const ledger = new Ledger();
  ledger.import([row({ id: 'A' }), row({ id: 'B' })]);
  expect(ledger.rows).toHaveLength(2);
  expect(ledger.import([row({ description: ' BAKERY  ' })])[0]?.state).toBe('known');
});

test('a day on which two statements without times meet is doubtful, and said so', () => {
  const at = (day: number, description: string) => row({ occurredAt: `2026-03-0${day}T12:00:00.000Z`, description });
  const doubts = (matches: ReturnType<typeof match>) => matches.map(({ doubt }) => doubt !== null);
  const ledger = new Ledger();
  ledger.import([at(1, 'a'), at(2, 'b')]);
  expect(doubts(ledger.import([at(1, 'a'), at(2, 'b')]))).toEqual([false, false]);
  expect(doubts(ledger.import([at(2, 'b'), at(3, 'c')]))).toEqual([true, false]);
  expect(doubts(ledger.import([at(2, 'b'), at(2, 'd')]))).toEqual([false, false]);
  expect(doubts(ledger.import([at(1, 'a'), at(1, 'x')]))).toEqual([false, false]);
  ledger.import([at(5, 'e'), at(5, 'f')]);
  expect(doubts(ledger.import([at(5, 'e'), at(5, 'g')]))).toEqual([true, false]);
});

test('where a model wrote the words, the same day and amount is the same row, with a doubt; one for one', () => {
  const ledger = new Ledger();
  ledger.import([row({ description: 'BAECKEREI 0815' })]);
  const written = (description: string) => row({ description, wordsVary: true });
  const matches = ledger.import([written('Bakery'), written('Bakery, second coffee')]);
  expect(matches).toMatchObject([
    { state: 'known', doubt: expect.stringContaining('its words are others') as string },
    { state: 'new', doubt: null },
  ]);
  const three = ['Second', 'BAECKEREI 0815', 'Third'].map((description) => row({ description }));
  expect(ledger.import(three).map(({ state }) => state)).toEqual(['known', 'known', 'new']);
});

test('another running balance is another row, whoever wrote the words', () => {
  const ledger = new Ledger();
  ledger.import([row({ description: 'A', balance: '10' })]);
  expect(ledger.import([row({ description: 'B', balance: '5.8', wordsVary: true })])).toMatchObject([{ state: 'new' }]);
});
