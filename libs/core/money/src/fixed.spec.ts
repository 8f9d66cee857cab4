import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Decimal, decimalText } from './decimal.js';
import { divided, fixedOf, fixedText } from './fixed.js';

const units = fc.bigInt({ min: -(10n ** 40n), max: 10n ** 40n });
const scale = fc.integer({ min: 0, max: 30 });

test('text and units are two spellings of one number', () => {
  fc.assert(
    fc.property(units, scale, (amount, places) => {
      const text = fixedText(amount, places);
      expect(fixedOf(text, places)).toBe(amount);
      expect(text).toBe(decimalText(new Decimal(text)));
    }),
  );
});

test('digits beyond the scale, and quotients, are rounded half to even like Decimal rounds them', () => {
  fc.assert(
    fc.property(units, fc.integer({ min: 0, max: 12 }), (amount, places) => {
      const text = fixedText(amount, 20);
      const rounded = new Decimal(text).toDecimalPlaces(places, Decimal.ROUND_HALF_EVEN);
      expect(fixedText(fixedOf(text, places), places)).toBe(decimalText(rounded));
    }),
  );
  fc.assert(
    fc.property(fc.integer({ min: -999, max: 999 }), fc.integer({ min: 1, max: 40 }), (dividend, divisor) => {
      const expected = new Decimal(dividend).div(divisor).toDecimalPlaces(0, Decimal.ROUND_HALF_EVEN);
      expect(divided(BigInt(dividend), BigInt(-divisor)).toString()).toBe(decimalText(expected.neg()));
    }),
  );
  expect(['0.5', '1.5', '2.5', '-0.5', '-1.5'].map((text) => fixedOf(text, 0))).toEqual([0n, 2n, 2n, 0n, -2n]);
});
