import { day, decimal, decimalText } from '@scani/money';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Valued } from './figure.js';
import { sliceOf, vaultProgress } from './vaults.js';

const valued = (amount: bigint | null): Valued => ({
  amount,
  stale: false,
  beforeRecords: false,
  drifting: false,
  unpriceable: false,
});

test('slices that make up the whole of a holding add up to it, to a rounding each', () => {
  fc.assert(
    fc.property(
      fc.bigInt({ min: -(10n ** 30n), max: 10n ** 30n }),
      fc.integer({ min: 1, max: 99_999_999 }),
      (amount, millionths) => {
        const percent = decimal(String(millionths)).div(1_000_000);
        const one = sliceOf(valued(amount), percent).amount ?? 0n;
        const other = sliceOf(valued(amount), decimal('100').minus(percent)).amount ?? 0n;
        const lost = one + other - amount;
        expect(lost >= -1n && lost <= 1n).toBe(true);
      },
    ),
  );
  expect(sliceOf(valued(123n), decimal('100')).amount).toBe(123n);
  expect(sliceOf(valued(5n), decimal('50')).amount).toBe(2n);
  expect(sliceOf(valued(null), decimal('50')).amount).toBeNull();
});

describe('progress', () => {
  const of = (saved: string | null, dueOn: string | null): (string | null)[] => {
    const { ratio, missing, monthly } = vaultProgress(
      saved === null ? null : decimal(saved),
      decimal('1000'),
      dueOn === null ? null : day(dueOn),
      day('2026-01-15'),
    );
    return [ratio, missing, monthly].map((value) => value && decimalText(value));
  };
  test.each([
    [null, '2026-12-31', [null, null, null]],
    ['0', null, ['0', '1000', null]],
    ['250', '2026-04-15', ['0.25', '750', '250']],
    ['250', '2026-04-16', ['0.25', '750', '187.5']],
    ['0', '2026-04-14', ['0', '1000', '333.33333334']],
    ['400', '2026-01-15', ['0.4', '600', '600']],
    ['400', '2025-01-01', ['0.4', '600', '600']],
    ['1000', '2026-12-31', ['1', '0', null]],
    ['1234.5', '2026-12-31', ['1.2345', '0', null]],
    ['-100', null, ['-0.1', '1100', null]],
  ] as const)('%s saved, due %s', (saved, dueOn, expected) => {
    expect(of(saved, dueOn)).toEqual(expected);
  });
});
