import { durationWords, partWords, stepWords, troubleWords } from './night-words';

it.each([
  ['2026-01-01T00:00:00Z', '2026-01-01T00:00:12Z', '12 s'],
  ['2026-01-01T00:00:00Z', '2026-01-01T00:02:05Z', '2 min 5 s'],
  ['2026-01-01T00:00:00Z', '2026-01-01T05:30:59Z', '5 h 30 min'],
])('from %s to %s: %s', (from, to, words) => {
  expect(durationWords(from, to)).toBe(words);
});

it.each([
  [{ parts: 0, failed: 0, state: 'completed' as const }, ''],
  [{ parts: 1, failed: 0, state: 'completed' as const }, ' · 1 part'],
  [{ parts: 120, failed: 3, state: 'failed' as const }, ' · 120 parts · 3 failed'],
  [{ parts: 0, failed: 1, state: 'failed' as const }, ' · it failed'],
])('%j: %s', (step, words) => {
  expect(partWords(step)).toBe(words);
});

it('names what failed, and leaves unknown steps their own name', () => {
  expect(stepWords('something-new')).toBe('something-new');
  expect(troubleWords([{ name: 'yield-night', state: 'completed' }])).toBe('');
  expect(
    troubleWords([
      { name: 'fill-daily-prices', state: 'failed' },
      { name: 'something-new', state: 'failed' },
    ]),
  ).toBe('; failed: Closing prices, something-new');
});
