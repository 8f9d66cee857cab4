import fc from 'fast-check';
import { expect, test } from 'vitest';
import { columnsOf, documentOf, screenshotOf } from './ai.answers.js';
import { CloudError } from './cloud.error.js';

const position = {
  name: 'Apple Inc.',
  symbol: 'AAPL',
  kind: 'stock',
  quantity: '10',
  price: null,
  value: null,
  currency: 'EUR',
  unreadable: [],
  confidence: 'high',
};
const row = {
  page: 1,
  day: '2026-11-03',
  description: 'Rent',
  amount: '-950,00',
  direction: 'out',
  currency: null,
  balance: null,
  problem: null,
};
const columns = {
  date: 0,
  dateFormat: null,
  amount: 1,
  debit: null,
  credit: null,
  decimalSeparator: null,
  description: [2],
  balance: null,
  currency: null,
  id: null,
};

test('answers of this version come through as they are', () => {
  const screenshot = { positions: [position], problems: ['Something.'] };
  expect(screenshotOf({ ...screenshot, usage: {} })).toEqual(screenshot);
  const document = { rows: [row], closing: { balance: '1,00', day: '2026-11-30' }, currency: 'EUR', problems: [] };
  expect(documentOf(document)).toEqual(document);
  expect(columnsOf({ columns }, 3)).toEqual(columns);
  expect(columnsOf({ columns: null }, 3)).toBeNull();
});

test.each<[string, () => unknown]>([
  ['an amount that is a number', () => screenshotOf({ positions: [{ ...position, quantity: 10 }], problems: [] })],
  ['a confidence of another word', () => screenshotOf({ positions: [{ ...position, confidence: 0.9 }], problems: [] })],
  ['a very long name', () => screenshotOf({ positions: [{ ...position, name: 'x'.repeat(301) }], problems: [] })],
  ['a currency that is none', () => screenshotOf({ positions: [{ ...position, currency: 'euro' }], problems: [] })],
  [
    'a day that does not exist',
    () => documentOf({ rows: [{ ...row, day: '2026-02-30' }], closing: null, currency: null, problems: [] }),
  ],
  ['a column that is not there', () => columnsOf({ columns: { ...columns, date: 3 } }, 3)],
  ['a description that is not there', () => columnsOf({ columns: { ...columns, description: [-1] } }, 3)],
  ['no problems', () => screenshotOf({ positions: [] })],
])('%s is not taken', (_what, read) => {
  expect(read).toThrow(CloudError);
});

test('any answer maps or is refused as a CloudError', () => {
  const anything = fc.oneof(
    fc.jsonValue(),
    fc.record({ positions: fc.array(fc.jsonValue()), rows: fc.array(fc.jsonValue()), problems: fc.jsonValue() }),
    fc.record({
      positions: fc.constant([position]),
      rows: fc.array(fc.record(Object.fromEntries(Object.keys(row).map((key) => [key, fc.jsonValue()])))),
      problems: fc.array(fc.string()),
      closing: fc.jsonValue(),
    }),
  );
  fc.assert(
    fc.property(anything, (body) => {
      for (const read of [screenshotOf, documentOf, (value: unknown) => columnsOf(value, 3)]) {
        try {
          read(body);
        } catch (error) {
          expect(error).toBeInstanceOf(CloudError);
        }
      }
    }),
  );
});
