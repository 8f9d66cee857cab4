import { percentOf, ratioOf } from './percent';

it.each([
  ['0.0425', '4.25'],
  ['0.05', '5'],
  ['1', '100'],
  ['10', '1000'],
  ['0', '0'],
  ['-0.005', '-0.5'],
  ['0.000000000000000001', '0.0000000000000001'],
  ['12.345', '1234.5'],
])('%s is %s per cent', (ratio, percent) => {
  expect(percentOf(ratio)).toBe(percent);
  expect(ratioOf(percent)).toBe(ratio);
});

it('reads per cent as they may be typed', () => {
  expect(ratioOf('3.50')).toBe('0.035');
  expect(ratioOf('0.5')).toBe('0.005');
  expect(ratioOf('250')).toBe('2.5');
});
