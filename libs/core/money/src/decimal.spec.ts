import fc from 'fast-check';
import { expect, test } from 'vitest';
import { decimal, decimalText, isDecimalText, sum } from './decimal.js';

const digits = (most: number) => fc.stringMatching(new RegExp(`^[0-9]{1,${most}}$`));
const text = fc
  .tuple(fc.boolean(), digits(20), fc.option(digits(24), { nil: undefined }))
  .map(([minus, whole, part]) => `${minus ? '-' : ''}${whole}${part === undefined ? '' : `.${part}`}`);

const canonical = (value: string): string => {
  const [whole = '', part = ''] = value.replace('-', '').split('.');
  const plain = `${whole.replace(/^0+(?=\d)/, '')}${part.replace(/0+$/, '') ? `.${part.replace(/0+$/, '')}` : ''}`;
  return value.startsWith('-') && plain !== '0' ? `-${plain}` : plain;
};

test('24 decimals survive to the last digit', () => {
  fc.assert(fc.property(text, (value) => decimalText(decimal(value)) === canonical(value)));
});

test('the order of a sum does not change a digit', () => {
  fc.assert(
    fc.property(fc.array(text, { maxLength: 30 }), (values) => {
      const terms = values.map(decimal);
      expect(decimalText(sum(terms))).toBe(decimalText(sum(terms.toReversed())));
    }),
  );
});

test.each(['', '1e5', '1,5', '.5', '5.', 'NaN', ' 1', '0x10', '1'.repeat(70)])('%j is not a decimal', (value) => {
  expect(isDecimalText(value)).toBe(false);
  expect(() => decimal(value)).toThrow(RangeError);
});
