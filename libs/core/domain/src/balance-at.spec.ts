import { type Decimal, decimal, decimalText, sum, ZERO } from '@scani/money';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { balanceAt, balancesAt, type Evidence, openingBalance, settledBalance, settlementOf } from './balance-at.js';

const amount = fc.integer({ min: -1_000_000, max: 1_000_000 }).map((cents) => decimal(String(cents)).div(100));
const positive = fc.integer({ min: 0, max: 1_000_000 }).map((cents) => decimal(String(cents)).div(100));
const instant = fc.integer({ min: 1, max: 200 }).map((step) => step * 1000);
const byTime = <T extends { at: number }>(items: T[]): T[] => items.toSorted((one, other) => one.at - other.at);

const movements = fc.array(fc.record({ at: instant, quantity: amount }), { maxLength: 20 }).map(byTime);
const sightings = fc
  .uniqueArray(fc.record({ at: instant, balance: positive }), { maxLength: 6, selector: ({ at }) => at })
  .map(byTime);
const evidence = fc.record({ movements, sightings, liability: fc.boolean() });

/** The last sighting with all that happened since; without sightings the sum of what happened. */
function currentBalance({ movements, sightings }: Evidence): Decimal {
  const last = sightings.at(-1);
  const since = movements.filter((movement) => !last || movement.at > last.at);
  return sum([last?.balance ?? ZERO, ...since.map((movement) => movement.quantity)]);
}

describe('a balance at an instant', () => {
  test('what was seen is what is shown, at the very instant', () => {
    fc.assert(
      fc.property(evidence, (known) => {
        for (const seen of known.sightings)
          expect(decimalText(balanceAt(known, seen.at).quantity)).toBe(decimalText(seen.balance));
      }),
    );
  });

  test('asset accounts never go below zero, liabilities may', () => {
    fc.assert(
      fc.property(evidence, instant, (known, at) => {
        expect(balanceAt({ ...known, liability: false }, at).quantity.gte(ZERO)).toBe(true);
      }),
    );
    const debt: Evidence = { movements: [{ at: 5, quantity: decimal('-10') }], sightings: [], liability: true };
    expect(decimalText(balanceAt(debt, 9).quantity)).toBe('-10');
  });

  test('after everything it is the current balance, before everything it is flagged', () => {
    fc.assert(
      fc.property(evidence, (known) => {
        const late = balanceAt({ ...known, liability: true }, 1_000_000);
        expect(decimalText(late.quantity)).toBe(decimalText(currentBalance(known)));
        expect(balanceAt(known, 0).beforeRecords).toBe(true);
      }),
    );
  });

  test('the settled balance is the balance at the end of all evidence, with the opening row in it', () => {
    fc.assert(
      fc.property(evidence, (known) => {
        const settlement = settlementOf(known);
        const { opening } = openingBalance(settlement);
        const whole = opening ? { ...known, movements: [opening, ...known.movements] } : known;
        expect(decimalText(settledBalance(settlement))).toBe(decimalText(balanceAt(whole, 1_000_000).quantity));
      }),
    );
  });

  test('one walk over many instants equals a question for each', () => {
    fc.assert(
      fc.property(evidence, fc.uniqueArray(instant, { maxLength: 20 }), (known, instants) => {
        const ascending = instants.toSorted((one, other) => one - other);
        const shown = (balance: { quantity: { toString(): string } }): string => balance.quantity.toString();
        expect(balancesAt(known, ascending).map(shown)).toEqual(ascending.map((at) => shown(balanceAt(known, at))));
      }),
    );
  });

  test('the order in which rows of one instant were recorded changes nothing', () => {
    fc.assert(
      fc.property(evidence, instant, (known, at) => {
        const shuffled = { ...known, movements: byTime(known.movements.toReversed()) };
        expect(decimalText(balanceAt(shuffled, at).quantity)).toBe(decimalText(balanceAt(known, at).quantity));
      }),
    );
  });

  test('drift between two sightings is spread over the time between them', () => {
    const known: Evidence = {
      movements: [],
      sightings: [
        { at: 1000, balance: decimal('100') },
        { at: 2000, balance: decimal('140') },
      ],
      liability: false,
    };
    expect(balanceAt(known, 1250)).toEqual({ quantity: decimal('110'), beforeRecords: false, drifting: true });
    expect(balanceAt(known, 2000).drifting).toBe(false);
  });

  test('of two sightings at one instant the later recorded one holds', () => {
    const known: Evidence = {
      movements: [],
      sightings: [
        { at: 1000, balance: decimal('1') },
        { at: 1000, balance: decimal('2') },
      ],
      liability: false,
    };
    expect(decimalText(balanceAt(known, 1000).quantity)).toBe('2');
    expect(decimalText(balanceAt(known, 3000).quantity)).toBe('2');
  });
});

describe('the opening balance', () => {
  test('with it the transactions add up to the first sighting', () => {
    fc.assert(
      fc.property(evidence, (known) => {
        const first = known.sightings[0];
        const { opening, missingInflows } = openingBalance(settlementOf(known));
        if (!first || missingInflows) return;
        const rows = [...(opening ? [opening] : []), ...known.movements].filter((row) => row.at <= first.at);
        expect(decimalText(sum(rows.map((row) => row.quantity)))).toBe(decimalText(first.balance));
      }),
    );
  });

  test('computing it again with it in place gives the same row', () => {
    fc.assert(
      fc.property(evidence, (known) => {
        const { opening } = openingBalance(settlementOf(known));
        if (opening)
          expect(openingBalance(settlementOf({ ...known, movements: [opening, ...known.movements] })).opening).toEqual(
            opening,
          );
      }),
    );
  });

  test('it is dated one millisecond before the earliest evidence', () => {
    const known: Evidence = {
      movements: [{ at: 5_000, quantity: decimal('-20') }],
      sightings: [{ at: 9_000, balance: decimal('80') }],
      liability: false,
    };
    expect(openingBalance(settlementOf(known)).opening).toEqual({ at: 4_999, quantity: decimal('100'), opening: true });
  });

  test('more inflow than was ever seen makes no row but a note', () => {
    const known: Evidence = {
      movements: [{ at: 5_000, quantity: decimal('20') }],
      sightings: [{ at: 9_000, balance: decimal('5') }],
      liability: false,
    };
    expect(openingBalance(settlementOf(known))).toEqual({ opening: undefined, missingInflows: true });
    expect(openingBalance(settlementOf({ ...known, liability: true })).opening?.quantity.toString()).toBe('-15');
  });
});
