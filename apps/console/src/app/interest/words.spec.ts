import { payoutWords, spanWords } from './words';

it('says how often in words', () => {
  expect(payoutWords(260)).toBe('every weekday');
  expect(payoutWords(12)).toBe('every month');
  expect(payoutWords(4)).toBe('4 times a year');
});

it('says how long', () => {
  const day = (text: string) => `<${text}>`;
  expect(spanWords('2026-01-01', null, day)).toBe('since <2026-01-01>');
  expect(spanWords('2026-01-01', '2026-06-30', day)).toBe('from <2026-01-01> to <2026-06-30>');
});
