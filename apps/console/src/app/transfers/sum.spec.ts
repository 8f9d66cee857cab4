import { expect, test } from 'vitest';
import { leftOf } from './sum';

test.each([
  ['-100', ['60', '40'], '0'],
  ['-100.03', ['60', '40'], '0.03'],
  ['100', ['-60.5', '-40'], '-0.5'],
  ['-0.3', ['0.1', '0.2'], '0'],
  ['-1', ['0.999999999999999999999999'], '0.000000000000000000000001'],
  ['-12', [], '12'],
])('%s without %s leaves %s', (whole, parts, left) => expect(leftOf(whole, parts)).toBe(left));
