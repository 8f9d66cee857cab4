import fc from 'fast-check';
import { expect, test } from 'vitest';
import { gainsCsvHead, gainsCsvLines } from './gains.csv.js';
import type { Disposal } from './gains.dto.js';

const report = { year: 2025, base: 'EUR' } as const;
const gainsCsv = (disposals: readonly Disposal[]): string => gainsCsvHead() + gainsCsvLines(report, disposals);
const lot = {
  acquiredAt: null,
  acquisitionId: null,
  quantity: '1',
  proceeds: '5',
  cost: null,
  gain: null,
  rule: 'fifo',
  of: { quantity: '1', cost: null },
} as const;
const sale: Disposal = {
  id: '0190a000-0000-7000-8000-000000000001',
  holdingId: '0190a000-0000-7000-8000-000000000002',
  symbol: 'BTC',
  accountName: 'Kraken',
  kind: 'sell',
  soldAt: '2025-03-01T10:00:00.000Z',
  quantity: '3',
  proceeds: '15',
  cost: null,
  gain: null,
  short: false,
  method: 'fifo',
  lots: [
    lot,
    { ...lot, acquiredAt: '2024-01-01T00:00:00.000Z', quantity: '2', proceeds: '10', cost: '12', gain: '-2' },
  ],
};

test('every lot is a line, and what is not known says so', () => {
  expect(gainsCsv([sale]).split('\r\n')).toEqual([
    'Year,Method,Currency,Asset,Account,Kind,Sold at,Acquired at,Rule,Quantity,Proceeds,Cost,Gain,Transaction',
    '2025,fifo,EUR,BTC,Kraken,sell,2025-03-01T10:00:00.000Z,,fifo,1,5,unknown,unknown,0190a000-0000-7000-8000-000000000001',
    '2025,fifo,EUR,BTC,Kraken,sell,2025-03-01T10:00:00.000Z,2024-01-01T00:00:00.000Z,fifo,2,10,12,-2,0190a000-0000-7000-8000-000000000001',
    '',
  ]);
});

test('no name becomes a formula, and none breaks a line', () => {
  fc.assert(
    fc.property(fc.string({ maxLength: 12 }), fc.constantFrom('=', '+', '-', '@', '\t', '\r', ''), (name, first) => {
      const accountName = `${first}${name}`;
      const text = gainsCsv([{ ...sale, accountName, lots: [lot] }]);
      const cells = read(text)[1] ?? [];
      expect(cells).toHaveLength(14);
      expect([accountName, `'${accountName}`]).toContain(cells[4]);
      expect(/^[=+@\t\r]|^-(?![\d.]+$)/.test(cells[4] ?? '')).toBe(false);
    }),
  );
});

/** A reader of RFC 4180 of its own. */
function read(text: string): string[][] {
  const rows: string[][] = [];
  for (const line of text.match(/(?:"(?:[^"]|"")*"|[^"\r\n])*\r\n/g) ?? [])
    rows.push(
      [...line.slice(0, -2).matchAll(/(?:^|,)("(?:[^"]|"")*"|[^",]*)/g)].map((found) =>
        (found[1] ?? '').replace(/^"([\s\S]*)"$/, '$1').replaceAll('""', '"'),
      ),
    );
  return rows;
}
