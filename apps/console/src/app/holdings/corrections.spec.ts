import type { Transaction } from '../../api/models';
import { canCorrect, canTakeBack, chipOf, takeBackWords } from './corrections';

const row = { kind: 'buy', reversedById: null, reversesId: null, transfer: null } as const;
const transfer = {} as NonNullable<Transaction['transfer']>;

it('offers what the server would do', () => {
  expect([canTakeBack(row), canCorrect(row)]).toEqual([true, true]);
  expect([canTakeBack({ ...row, kind: 'split' }), canCorrect({ ...row, kind: 'split' })]).toEqual([true, false]);
  for (const gone of [
    { ...row, reversedById: 'a' },
    { ...row, reversesId: 'a' },
    { ...row, kind: 'opening-balance' as const },
  ]) {
    expect([canTakeBack(gone), canCorrect(gone)]).toEqual([false, false]);
  }
});

it('says what goes along', () => {
  expect(takeBackWords(row)).not.toMatch(/corporate|link/);
  expect(takeBackWords({ ...row, kind: 'merger' })).toContain('all rows of that are taken back');
  expect(takeBackWords({ ...row, kind: 'transfer-in', transfer })).toContain('is dissolved');
});

it('marks both rows, and no others', () => {
  expect(chipOf(row)).toBeNull();
  expect(chipOf({ ...row, reversedById: 'a' })).toBe('taken back');
  expect(chipOf({ ...row, reversesId: 'a' })).toBe('takes a row back');
});
