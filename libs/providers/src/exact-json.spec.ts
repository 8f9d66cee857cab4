import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { decimalTextOf, integerOf, NumberText, parseExact } from './exact-json.js';

const decimalOf = (text: string): string | undefined => decimalTextOf(parseExact(text));

test.each([
  ['0.1000000000000000055511151231257827', '0.1000000000000000055511151231257827'],
  ['12345678901234567890.123456789012345678', '12345678901234567890.123456789012345678'],
  ['4.7101e-6', '0.0000047101'],
  ['1E3', '1000'],
  ['-0', '0'],
  ['93412.070', '93412.07'],
])('%s keeps its digits', (text, expected) => {
  expect(decimalOf(text)).toBe(expected);
});

test.each(['"12"', 'null', 'true', '[1]', '{}', '1e400', '1e-400'])('%s is no price', (text) => {
  expect(decimalOf(text)).toBeUndefined();
});

test('any written decimal comes back as written', () => {
  const written = fc
    .tuple(fc.stringMatching(/^[1-9][0-9]{0,24}$/), fc.stringMatching(/^[0-9]{0,17}[1-9]$/))
    .map(([whole, part]) => `${whole}.${part}`);
  fc.assert(fc.property(written, (text) => decimalOf(text) === text));
});

test('numbers inside lists and records are kept as text too', () => {
  expect(parseExact('{"a":[1.10]}')).toEqual({ a: [new NumberText('1.10')] });
  expect(integerOf(parseExact('1767268800000'))).toBe(1_767_268_800_000);
  expect(integerOf(parseExact('1.5'))).toBeUndefined();
});
