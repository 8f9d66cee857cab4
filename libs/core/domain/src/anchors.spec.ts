import { type Decimal, decimal, decimalText, ZERO } from '@scani/money';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Anchors, balanceFrom } from './anchors.js';
import { balanceAt, type Evidence, firstEvidenceAt, openingBalance, settlementOf } from './balance-at.js';

const amount = fc.integer({ min: -1_000_000, max: 1_000_000 }).map((cents) => decimal(String(cents)).div(100));
const positive = fc.integer({ min: 0, max: 1_000_000 }).map((cents) => decimal(String(cents)).div(100));
const instant = fc.integer({ min: 1, max: 200 }).map((step) => step * 1000);
const byTime = <T extends { at: number }>(items: T[]): T[] => items.toSorted((one, other) => one.at - other.at);
const evidence: fc.Arbitrary<Evidence> = fc.record({
  movements: fc.array(fc.record({ at: instant, quantity: amount }), { maxLength: 20 }).map(byTime),
  sightings: fc.array(fc.record({ at: instant, balance: positive }), { maxLength: 6 }).map(byTime),
  liability: fc.boolean(),
});
const between = fc.integer({ min: 0, max: 210_000 });

/** As the ledger keeps it: with the opening row that its other rows call for. */
function withOpening(known: Evidence): Evidence {
  const { opening } = openingBalance(settlementOf(known));
  return opening ? { ...known, movements: byTime([opening, ...known.movements]) } : known;
}

/** As the database adds them up. */
function anchorsAt(evidence: Evidence, instant: number): Anchors {
  const { movements, sightings, liability } = evidence;
  const before = sightings.findLast((one) => one.at < instant);
  // Of several at one time the last holds.
  const nextAt = sightings.find((one) => one.at >= instant)?.at;
  const after = nextAt === undefined ? undefined : sightings.findLast((one) => one.at === nextAt);
  const total = (from: number, to: number): Decimal =>
    movements.reduce(
      (sum, { at, quantity, opening }) => (!opening && at > from && at <= to ? sum.plus(quantity) : sum),
      ZERO,
    );
  return {
    before,
    after,
    since: total(before?.at ?? -Infinity, instant),
    until: after ? total(instant, after.at) : ZERO,
    start: firstEvidenceAt(evidence),
    liability,
  };
}

test('the sums around an instant give the same balance as the whole evidence', () => {
  fc.assert(
    fc.property(
      evidence,
      fc.oneof(
        instant,
        between,
        instant.map((at) => at - 1),
      ),
      (known, at) => {
        const expected = balanceAt(withOpening(known), at);
        const { quantity, beforeRecords, drifting } = balanceFrom(anchorsAt(known, at), at);
        expect({ quantity: decimalText(quantity), beforeRecords, drifting }).toEqual({
          ...expected,
          quantity: decimalText(expected.quantity),
        });
      },
    ),
    { numRuns: 2_000 },
  );
});

test('anchor, what was walked and what drifted add up to the balance', () => {
  fc.assert(
    fc.property(evidence, between, (known, at) => {
      const { quantity, anchor, walked, drift } = balanceFrom(anchorsAt({ ...known, liability: true }, at), at);
      expect(decimalText((anchor?.balance ?? decimal('0')).plus(walked).plus(drift))).toBe(decimalText(quantity));
    }),
  );
});
