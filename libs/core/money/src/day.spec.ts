import fc from 'fast-check';
import { expect, test } from 'vitest';
import { addDays, day, dayOf, daysBetween, daysFrom, endOf, parseDay } from './day.js';

test.each(['2026-02-30', '2026-2-3', '2026-13-01', 'today', ''])('%j is not a day', (text) => {
  expect(parseDay(text)).toBeUndefined();
});

test('adding days and counting them agree', () => {
  fc.assert(
    fc.property(fc.integer({ min: -40_000, max: 40_000 }), (count) => {
      const from = day('2024-02-29');
      expect(daysBetween(from, addDays(from, count))).toBe(count);
    }),
  );
});

test('a range holds both ends, across a leap day', () => {
  expect([...daysFrom(day('2024-02-28'), day('2024-03-01'))]).toEqual(['2024-02-28', '2024-02-29', '2024-03-01']);
  expect([...daysFrom(day('2024-03-01'), day('2024-02-28'))]).toEqual([]);
});

test('the end of a day still belongs to it', () => {
  expect(dayOf(endOf(day('2025-12-31')))).toBe('2025-12-31');
});
