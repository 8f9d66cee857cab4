import { kindOf, takenAt } from './file-kind';

test.each([
  ['screen.PNG', '', 'picture'],
  ['photo', 'image/jpeg', 'picture'],
  ['statement.pdf', '', 'document'],
  ['x', 'application/pdf', 'document'],
  ['bank.csv', 'text/csv', 'statement'],
  ['bank.ofx', '', 'statement'],
])('%s of type "%s" is a %s', (name, type, kind) => {
  expect(kindOf({ name, type })).toBe(kind);
});

test('a picture was taken when its file was written, and never later than now', () => {
  const now = Date.parse('2026-11-20T12:00:00Z');
  expect(takenAt({ lastModified: now - 60_000 }, now)).toBe('2026-11-20T11:59:00.000Z');
  for (const lastModified of [now + 1, 0, Number.NaN])
    expect(takenAt({ lastModified }, now)).toBe('2026-11-20T12:00:00.000Z');
});
