import { decimal } from '@scani/money';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type PricePoint, siftPrices } from './sift-prices.js';

const HOUR_MS = 3_600_000;
const START = Date.parse('2026-01-01T00:00:00Z');
const series = (values: readonly (number | string)[], everyHours = 24, from = START): PricePoint[] =>
  values.map((value, index) => ({ at: new Date(from + index * everyHours * HOUR_MS), value: String(value) }));
const texts = (points: readonly PricePoint[]): string[] => points.map(({ value }) => value);
const before = (value: string): PricePoint => ({ at: new Date(START - 24 * HOUR_MS), value });

describe('a price beside its neighbours', () => {
  test.each<[string, number[], number[], number[]]>([
    ['ordinary ones are believed', [100, 130, 60, 99], [100, 130, 60, 99], []],
    ['one that is ten times too high', [100, 1_000, 101], [100, 101], [1_000]],
    ['one that is a tenth', [100, 10, 101], [100, 101], [10]],
    ['almost ten times is a market', [100, 999, 101], [100, 999, 101], []],
    ['cents for dollars, again and again, when no two agree', [100, 1, 101, 5_000, 99], [100, 101, 99], [1, 5_000]],
    [
      'a split: the second price of the new level confirms the first',
      [200, 201, 202, 10, 10.2, 10.1],
      [200, 201, 202, 10, 10.2, 10.1],
      [],
    ],
    ['a wrong first one', [0.001, 50, 51, 52, 53, 54], [50, 51, 52, 53, 54], [0.001]],
  ])('%s', (_what, given, believed, setAside) => {
    const sifted = siftPrices(series(given), undefined, undefined);
    expect(texts(sifted.believed)).toEqual(believed.map(String));
    expect(texts(sifted.setAside.map(({ price }) => price))).toEqual(setAside.map(String));
  });

  test('an hour later is no confirmation, six hours later is', () => {
    const jump = series([10, 10.1, 10.2, 10.3, 10.4, 10.5, 10.6], 1);
    const hourly = siftPrices(jump.slice(0, 6), before('200'), undefined);
    expect([texts(hourly.believed), hourly.setAside.length]).toEqual([[], 6]);
    expect(texts(siftPrices(jump, before('200'), undefined).believed)).toEqual(['10', '10.6']);
  });

  test('what waits from an earlier day is believed with the one that confirms it', () => {
    const [waiting] = series([10]);
    const [next] = series([10.5], 24, START + 24 * HOUR_MS);
    expect(siftPrices([next as PricePoint], before('200'), waiting)).toEqual({
      believed: [waiting, next],
      setAside: [],
    });
  });

  test('a neighbour from long ago says nothing', () => {
    const old = { at: new Date(START - 31 * 24 * HOUR_MS), value: '200' };
    expect(texts(siftPrices(series([1]), old, undefined).believed)).toEqual(['1']);
  });
});

const price = fc.integer({ min: 1, max: 1_000_000_000 }).map((cents) => decimal(String(cents)).div(100).toFixed());

test('every price is either believed or set aside, and neighbours that are believed are near or confirmed', () => {
  fc.assert(
    fc.property(fc.array(price, { maxLength: 40 }), (values) => {
      const given = series(values);
      const { believed, setAside } = siftPrices(given, undefined, undefined);
      const all = [...believed, ...setAside.map((one) => one.price)];
      expect(all.toSorted((a, b) => a.at.getTime() - b.at.getTime())).toEqual(given);
      for (const { price: one, beside } of setAside) {
        const [low, high] = [decimal(one.value), decimal(beside.value)].toSorted((a, b) => a.comparedTo(b));
        expect(high?.div(low ?? 1).greaterThanOrEqualTo(10)).toBe(true);
      }
    }),
  );
});

test('a series without jumps is believed whole', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 101, max: 999 }), { minLength: 1, maxLength: 40 }), (values) => {
      expect(siftPrices(series(values), undefined, undefined).setAside).toEqual([]);
    }),
  );
});
