import { fixedOf } from '@scani/money';
import { expect, test } from 'vitest';
import { RATE_DECIMALS } from '../constants.js';
import { currencyEffect } from './currency-effect.js';

const rate = (text: string) => ({ units: fixedOf(text, RATE_DECIMALS) });

test('what a currency gains and loses from evening to evening, on what was held in it', () => {
  expect(currencyEffect(8_000_000_000n, rate('0.8'), rate('0.9'))).toBe(1_000_000_000n);
  expect(currencyEffect(12_000_000_000n, rate('0.9'), rate('0.6'))).toBe(-4_000_000_000n);
  expect(currencyEffect(700_000_000n, rate('1.2'), rate('1.2'))).toBe(0n);
});

test('is not known where a rate is not, unless nothing was held', () => {
  expect(currencyEffect(1n, rate('0.6'), undefined)).toBeUndefined();
  expect(currencyEffect(0n, rate('0.6'), undefined)).toBe(0n);
});
