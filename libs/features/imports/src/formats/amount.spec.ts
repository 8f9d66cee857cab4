import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readAmount } from './amount.js';
import type { DecimalSeparator } from './mapping.js';

const value = (written: string, separator: DecimalSeparator = '.') => {
  const read = readAmount(written, separator);
  return read.ok ? read.value : undefined;
};

test.each([
  ['1234.50', '1234.5'],
  ['1,234.50', '1234.5'],
  ['+12', '12'],
  ['-12.00', '-12'],
  ['−12.00', '-12'],
  ['12.00-', '-12'],
  ['(12.00)', '-12'],
  ['($1,012.00)', '-1012'],
  ['$-12', '-12'],
  ['-$12', '-12'],
  ['€ 12.30', '12.3'],
  ['12.30 EUR', '12.3'],
  ['EUR -12.30', '-12.3'],
  ['USD12', '12'],
  ['12,34,567.89', '1234567.89'],
  ["1'234.50", '1234.5'],
  ['1\u00A0234.50', '1234.5'],
  ['12.00 DR', '-12'],
  ['12.00CR', '12'],
  ['.5', '0.5'],
  ['-0.00', '0'],
  ['0.000000000000000000000001', '0.000000000000000000000001'],
])('%s is %s', (written, expected) => expect(value(written)).toBe(expected));

test.each([
  ['1.234,50', '1234.5'],
  ['1.234', '1234'],
  ['-1.012,65', '-1012.65'],
  ['80,00-', '-80'],
])('with a decimal comma %s is %s', (written, expected) => expect(value(written, ',')).toBe(expected));

test.each(['', '-', 'abc', '12.34.56', '1,23', '12,3456.00', '--1', '-1-', '1e5', '(1', '12..0', 'NaN', '0x10'])(
  '%j is refused',
  (written) => expect(value(written)).toBeUndefined(),
);

test('an amount that fits only the other separator says so', () => {
  expect(readAmount('12,50', '.')).toEqual({ ok: false, why: expect.stringContaining('decimal separator "."') });
});

test('every amount survives being written with separators of either kind', () => {
  fc.assert(
    fc.property(
      fc.bigInt({ min: 0n, max: 10n ** 27n }),
      fc.integer({ min: 0, max: 24 }),
      fc.boolean(),
      fc.constantFrom<DecimalSeparator>('.', ','),
      (units, decimals, negative, separator) => {
        const digits = units.toString().padStart(decimals + 1, '0');
        const whole = digits.slice(0, digits.length - decimals);
        const part = decimals === 0 ? '' : digits.slice(-decimals);
        const grouped = whole.replaceAll(/\B(?=(\d{3})+$)/g, separator === '.' ? ',' : '.');
        const written = `${negative ? '-' : ''}${grouped}${part ? separator + part : ''}`;
        const plain = `${whole}${part.replace(/0+$/, '') ? `.${part.replace(/0+$/, '')}` : ''}`;
        expect(value(written, separator)).toBe(negative && plain !== '0' ? `-${plain}` : plain);
      },
    ),
  );
});
