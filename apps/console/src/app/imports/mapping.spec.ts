import type { Mapping } from '../../api/models';
import { draftOf, mappingOf, roleOf } from './mapping';

const one: Mapping = {
  delimiter: ';',
  headerLine: 1,
  date: 0,
  dateFormat: 'DD.MM.YYYY',
  amount: 2,
  debit: null,
  credit: null,
  decimalSeparator: ',',
  description: [1, 4],
  balance: 3,
  currency: null,
  id: null,
};
const two: Mapping = { ...one, amount: null, debit: 2, credit: 5, headerLine: null };

describe('mapping drafts', () => {
  it.each([
    ['one amount column', one],
    ['two amount columns and no header', two],
    ['an amount in the first column', { ...one, amount: 0, date: 1 }],
  ])('come back as they went in: %s', (_what, mapping) => {
    expect(mappingOf(draftOf(mapping))).toEqual({ mapping, missing: [] });
  });
  it('give amount or debit and credit, never both', () => {
    const draft = { ...draftOf(one), amounts: 'two' as const, debit: '5', credit: '6' };
    expect(mappingOf(draft).mapping).toMatchObject({ amount: null, debit: 5, credit: 6 });
    expect(mappingOf({ ...draft, amounts: 'one' }).mapping).toMatchObject({ amount: 2, debit: null, credit: null });
  });
  it('say what is missing instead of guessing', () => {
    expect(mappingOf({ ...draftOf(one), date: '' })).toEqual({
      mapping: null,
      missing: ['Say which column has the date.'],
    });
    expect(mappingOf({ ...draftOf(two), credit: '' }).mapping).toBeNull();
    expect(mappingOf({ ...draftOf(two), credit: '2' }).missing).toEqual([
      'Money out and money in cannot be the same column.',
    ]);
  });
  it('keep description columns in the order of the file', () => {
    expect(mappingOf({ ...draftOf(one), description: [4, 1] }).mapping?.description).toEqual([1, 4]);
  });
});

describe('roleOf', () => {
  it('names every use of a column', () => {
    expect(roleOf(draftOf(one), 2)).toBe('amount');
    expect(roleOf({ ...draftOf(one), description: [0] }, 0)).toBe('date, description');
    expect(roleOf(draftOf(two), 5)).toBe('money in');
    expect(roleOf(draftOf(one), 9)).toBe('');
  });
});
