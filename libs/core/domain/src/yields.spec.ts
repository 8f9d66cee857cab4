import { addDays, type Day, day, daysBetween, decimal, decimalText } from '@scani/money';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { interestOf, PAYOUTS_PER_YEAR, payoutsDue, type YieldTerms } from './yields.js';

const terms = (
  payoutsPerYear: YieldTerms['payoutsPerYear'],
  startsOn: string,
  endsOn: string | null = null,
): YieldTerms => ({
  rate: decimal('0.05'),
  payoutsPerYear,
  startsOn: day(startsOn),
  endsOn: endsOn === null ? null : day(endsOn),
});
const someDay = fc.integer({ min: 0, max: 3_000 }).map((count) => addDays(day('2020-01-01'), count));

describe('days on which a payout is due', () => {
  test.each([
    [365, '2026-03-01', '2026-03-04', ['2026-03-02', '2026-03-03', '2026-03-04']],
    // A Thursday; the weekend pays nothing.
    [260, '2026-03-05', '2026-03-10', ['2026-03-06', '2026-03-09', '2026-03-10']],
    [52, '2026-03-05', '2026-03-20', ['2026-03-12', '2026-03-19']],
    [12, '2026-01-31', '2026-04-30', ['2026-02-28', '2026-03-31', '2026-04-30']],
    [1, '2024-02-29', '2026-12-31', ['2026-02-28']],
  ] as const)('%i times a year from %s to %s', (payouts, from, today, expected) => {
    expect(payoutsDue(terms(payouts, from), null, day(today))).toEqual(expected);
  });

  test('what is due in one look is due in several, each day once', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...PAYOUTS_PER_YEAR),
        someDay,
        fc.integer({ min: 0, max: 366 }),
        fc.nat({ max: 366 }),
        (payouts, from, length, cut) => {
          const of = terms(payouts, from);
          const today = addDays(from, length);
          const middle = addDays(from, Math.min(cut, length));
          const first = payoutsDue(of, null, middle);
          const rest = payoutsDue(of, first.at(-1) ?? null, today);
          expect([...first, ...rest]).toEqual(payoutsDue(of, null, today));
        },
      ),
    );
  });

  test('none lies before the first period has passed, after the end, or more than 366 days back', () => {
    fc.assert(
      fc.property(fc.constantFrom(...PAYOUTS_PER_YEAR), someDay, someDay, someDay, (payouts, from, to, today) => {
        for (const due of payoutsDue(terms(payouts, from, to), null, today)) {
          expect(due > from && due <= to && due <= today).toBe(true);
          expect(daysBetween(due, today)).toBeLessThanOrEqual(366);
        }
      }),
    );
  });

  test('a whole year has as many as its name says', () => {
    const count = (payouts: YieldTerms['payoutsPerYear']): number =>
      payoutsDue(terms(payouts, '2025-01-01' as Day), null, day('2026-01-01')).length;
    expect(PAYOUTS_PER_YEAR.map(count)).toEqual([365, 261, 52, 12, 1]);
  });
});

test.each([
  ['1000', '0.05', 12, '4.16666667'],
  ['-200000', '0.0365', 365, '-20'],
  ['0.00000001', '0.05', 365, '0'],
  ['1000000000000.123456789', '0.1', 1, '100000000000.01234568'],
  // Half to even.
  ['0.00000005', '0.1', 1, '0'],
  ['0.00000015', '0.1', 1, '0.00000002'],
] as const)('%s at %s a year, %i payouts: %s', (balance, rate, payoutsPerYear, expected) => {
  const of = { ...terms(payoutsPerYear, '2026-01-01'), rate: decimal(rate) };
  expect(decimalText(interestOf(decimal(balance), of))).toBe(expected);
});
