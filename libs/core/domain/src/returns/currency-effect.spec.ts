import { day, decimal } from '@scani/money';
import { expect, test } from 'vitest';
import { currencyEffect } from './currency-effect.js';

const held = (...values: [on: string, currency: string, value: string][]) =>
  values.map(([on, currency, value]) => ({ day: day(on), currency, value: decimal(value) }));
const rates: Record<string, string> = {
  'USD 2025-01-01': '0.8',
  'USD 2025-01-02': '0.9',
  'USD 2025-01-03': '0.6',
  'GBP 2025-01-01': '1.2',
  'GBP 2025-01-02': '1.2',
};
const rateOn = (currency: string, on: string) => {
  const known = rates[`${currency} ${on}`];
  return known === undefined ? undefined : decimal(known);
};

test('what a currency gains and loses from evening to evening, on what was held in it', () => {
  expect(
    currencyEffect(held(['2025-01-01', 'USD', '80'], ['2025-01-02', 'USD', '120'], ['2025-01-01', 'GBP', '7']), rateOn),
  ).toEqual(decimal('-30'));
});

test('is not known where a rate is not, unless nothing was held', () => {
  expect(currencyEffect(held(['2025-01-03', 'USD', '1']), rateOn)).toBeUndefined();
  expect(currencyEffect(held(['2025-01-03', 'USD', '0']), rateOn)).toEqual(decimal('0'));
});
