import { ageWords, momentOf, unpricedWords, walkedWords } from './words';

describe('ageWords', () => {
  it.each([
    [0, 'at that moment'],
    [59, 'at that moment'],
    [60, '1 minute before'],
    [7_199, '1 hour before'],
    [7_200, '2 hours before'],
    [86_400 * 3 + 5, '3 days before'],
    [31_536_000 * 2, '2 years before'],
    [-120, '2 minutes after'],
  ])('%i seconds: %s', (seconds, words) => {
    expect(ageWords(seconds)).toBe(words);
  });
});

describe('momentOf', () => {
  const today = '2026-05-10';
  it.each([
    ['', '', {}],
    [today, '', {}],
    ['2026-03-01', '', { on: '2026-03-01' }],
    ['2026-03-01', today, { on: '2026-03-01' }],
    ['2026-03-01', '2026-05-01', { on: '2026-03-01', knownAt: '2026-05-01T23:59:59.999Z' }],
    ['', '2026-05-01', { on: '2026-05-01', knownAt: '2026-05-01T23:59:59.999Z' }],
    ['2026-05-09', '2026-05-01', { on: '2026-05-01', knownAt: '2026-05-01T23:59:59.999Z' }],
  ])('on %j, known on %j', (on, knownOn, asked) => {
    expect(momentOf(on, knownOn, today)).toEqual(asked);
  });
});

it('says what lies between a seen balance and the instant', () => {
  expect(walkedWords(null, '2026-03-01T00:00:00Z')).toBe('All rows up to then');
  expect(walkedWords('2026-02-01T00:00:00Z', '2026-03-01T00:00:00Z')).toBe('What happened since');
  expect(walkedWords('2026-04-01T00:00:00Z', '2026-03-01T00:00:00Z')).toBe('What happened later, taken off again');
});

it('tells what cannot have a price from what has none', () => {
  expect(unpricedWords('GEM', 'EUR', true)).toContain('Nobody offers prices for GEM');
  expect(unpricedWords('GEM', 'EUR', false)).toContain('from GEM to EUR');
});
