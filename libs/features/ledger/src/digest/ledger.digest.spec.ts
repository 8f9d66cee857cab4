import fc from 'fast-check';
import { expect, test } from 'vitest';
import { digestOfHoldings, digestOfRows } from './ledger.digest.js';

const row = fc.array(fc.option(fc.string({ maxLength: 4 })), { minLength: 1, maxLength: 4 });
const rows = fc.array(row, { maxLength: 12 });

test('the order of the rows makes no difference', () => {
  fc.assert(
    fc.property(
      rows.chain((all) => fc.tuple(fc.constant(all), fc.shuffledSubarray(all, { minLength: all.length }))),
      ([all, shuffled]) => {
        expect(digestOfRows(shuffled)).toBe(digestOfRows(all));
      },
    ),
  );
});

test('a row more, a row less, a row twice or a field that differs makes another digest', () => {
  fc.assert(
    fc.property(rows, row, fc.nat(), (all, other, pick) => {
      const digest = digestOfRows(all);
      expect(digestOfRows([...all, other])).not.toBe(digest);
      const index = pick % Math.max(all.length, 1);
      if (all.length === 0) return;
      expect(digestOfRows(all.toSpliced(index, 1))).not.toBe(digest);
      const changed = [`${all[index]?.[0] ?? ''}x`, ...(all[index]?.slice(1) ?? [])];
      expect(digestOfRows(all.with(index, changed))).not.toBe(digest);
    }),
  );
});

test('fields do not run into each other', () => {
  expect(digestOfRows([['a', 'b,c']])).not.toBe(digestOfRows([['a', 'b', 'c']]));
  expect(digestOfRows([['a', null]])).not.toBe(digestOfRows([['a', '']]));
});

test('the ledger is told apart by account, asset and rows, and holdings without rows are nothing', () => {
  const one = { institution: 'Bank', account: 'Main', asset: 'fiat:EUR:', rows: 1, digest: 'x' };
  const digest = digestOfHoldings([one]);
  expect(digestOfHoldings([{ ...one, account: 'Other', rows: 0 }, one])).toBe(digest);
  for (const other of [{ account: 'Other' }, { institution: 'Other' }, { asset: 'fiat:USD:' }, { digest: 'y' }])
    expect(digestOfHoldings([{ ...one, ...other }])).not.toBe(digest);
});
