import { refusedSlices, toGoWords } from './words';

const words = { money: (amount: string, currency: string) => `${amount} ${currency}`, day: (day: string) => day };
const vault = { missing: '300', monthly: '100', dueOn: '2026-09-01', currency: 'EUR' };
const said = (changes: Partial<Record<keyof typeof vault, string | null>>) =>
  toGoWords({ ...vault, ...changes } as Parameters<typeof toGoWords>[0], words, '2026-06-15');

it.each([
  [{}, '300 EUR to go: 100 EUR a month until 2026-09-01.'],
  [{ monthly: null }, '300 EUR to go until 2026-09-01.'],
  [{ dueOn: null, monthly: null }, '300 EUR to go, with no day set.'],
  [{ dueOn: '2026-06-14', monthly: null }, '300 EUR to go; it was due on 2026-06-14.'],
  [{ missing: '0' }, 'Reached; it is due on 2026-09-01.'],
  [{ missing: '0', dueOn: null }, 'Reached.'],
  [{ missing: null }, 'How much is missing is not known: there is a price missing.'],
])('%j: %s', (changes, expected) => {
  expect(said(changes)).toBe(expected);
});

it('finds the slice that a refusal is about', () => {
  const refused = refusedSlices([
    { pointer: '/slices/2/percent', detail: 'must be at most 40: the rest is in other vaults' },
    { pointer: '/slices/0/holdingId', detail: 'is no holding of yours' },
    { pointer: '/name', detail: 'elsewhere' },
  ]);
  expect([...refused]).toEqual([
    [2, 'must be at most 40: the rest is in other vaults'],
    [0, 'is no holding of yours'],
  ]);
});
