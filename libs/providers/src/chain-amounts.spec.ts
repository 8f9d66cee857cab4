import { decimal } from '@scani/money';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { changeOf, decimalsOf, holding, instantOf, onlyOne, quantityOf, unitsOf } from './chain-amounts.js';
import { tokenAsset } from './chain-assets.js';
import { NumberText } from './exact-json.js';

test('base units become exact text and back, whatever the decimals', () => {
  fc.assert(
    fc.property(fc.bigInt({ min: 0n, max: 10n ** 50n - 1n }), fc.integer({ min: 0, max: 36 }), (units, decimals) => {
      const quantity = quantityOf(units, decimals);
      expect(quantity).toMatch(/^\d+(\.\d*[1-9])?$/);
      expect(
        decimal(quantity)
          .times(decimal(`1${'0'.repeat(decimals)}`))
          .toFixed(),
      ).toBe(String(units));
      expect(unitsOf(String(units))).toBe(units);
      expect(unitsOf(new NumberText(String(units)))).toBe(units);
      expect(changeOf(`-${units}`)).toBe(-units);
    }),
  );
});

test.each([-1, '-1', '1.5', '1e9', '', ' 1', null, undefined, {}, '9'.repeat(51), new NumberText('1.0')])(
  '%s is no number of base units',
  (value) => {
    expect(unitsOf(value)).toBeUndefined();
  },
);

test.each([
  ['18', 18],
  [new NumberText('6'), 6],
  ['0', 0],
  ['37', undefined],
  ['-1', undefined],
  ['', undefined],
])('decimals %s are %s', (value, decimals) => {
  expect(decimalsOf(value)).toBe(decimals);
});

test('nothing is held where nothing is, or more went out than came in', () => {
  const asset = tokenAsset('ethereum', '0xA0b86991c6218b36c1d19D4a2e9Eb0cE3606eB48', { decimals: 6 });
  expect([holding(asset, 0n), holding(asset, -1n), holding(asset, 1n)[0]?.quantity]).toEqual([[], [], '0.000001']);
  expect(asset).toMatchObject({ symbol: '0xA0b8…eB48', name: '0xA0b8…eB48' });
});

test('names of tokens are cut to what can be shown in one line', () => {
  const rude = tokenAsset(undefined, '0x1234567890', { symbol: `A\u202e\n\u0000B ${'x'.repeat(99)}`, decimals: 0 });
  expect(rude.symbol).toBe(`A B ${'x'.repeat(60)}`);
  expect(rude.identities).toEqual([]);
});

test('times and the other side', () => {
  expect(instantOf('1700000000')).toBe('2023-11-14T22:13:20.000Z');
  expect([instantOf('soon'), instantOf(new NumberText('-5')), instantOf('99999999999999')]).toEqual([
    undefined,
    undefined,
    undefined,
  ]);
  expect([onlyOne([]), onlyOne(['a', 'a', undefined]), onlyOne(['a', 'b'])]).toEqual([null, 'a', null]);
});
