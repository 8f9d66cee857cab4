import { isDecimalText } from '@scani/money';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readPositions, type WrittenPosition } from './positions.js';

const position = (more: Partial<WrittenPosition>): WrittenPosition => ({
  name: 'Apple',
  symbol: 'AAPL',
  kind: 'stock',
  quantity: null,
  price: null,
  value: null,
  currency: 'EUR',
  unreadable: [],
  confidence: 'high',
  ...more,
});
const one = (more: Partial<WrittenPosition>, ...others: Partial<WrittenPosition>[]) =>
  readPositions([position(more), ...others.map(position)])[0];

describe('amounts as apps write them', () => {
  test.each<[string, string]>([
    ['10', '10'],
    ['1,234.5', '1234.5'],
    ['1.234,5', '1234.5'],
    ["1'234.50", '1234.5'],
    ['1 234,50 €', '1234.5'],
    ['$1,234.50', '1234.5'],
    ['0,00000001 BTC', '0.00000001'],
    ['12 shares', '12'],
    ['Qty 5', '5'],
    ['0.5 DOGE', '0.5'],
    ['12 Stk.', '12'],
    ['−3', '-3'],
    ['(1,234.00)', '-1234'],
    ['1,23,456.78', '123456.78'],
  ])('%s is %s', (written, expected) => {
    expect(one({ quantity: written })).toMatchObject({ read: { quantity: expected }, doubts: [] });
  });

  test.each(['1.2M', '12.5k', '3 Mio', '1.2.3,4.5', '…', '1,5 bn'])('%s is no quantity', (written) => {
    const read = one({ quantity: written });
    expect(read?.read.quantity).toBeNull();
    expect(read?.doubts.join()).toContain('could not be read');
  });
});

describe('which mark is the decimal one', () => {
  test('other amounts of the picture tell', () => {
    expect(one({ quantity: '1.234' }, { quantity: '7,5' })?.read.quantity).toBe('1234');
    expect(one({ quantity: '1.234' }, { quantity: '7.5' })?.read.quantity).toBe('1.234');
  });
  test('so does the value', () => {
    expect(one({ quantity: '1,234', price: '1000', value: '1234' })?.read.quantity).toBe('1.234');
    expect(one({ quantity: '1,234', price: '2', value: '2468' })?.read.quantity).toBe('1234');
  });
  test('what could be both is said', () => {
    expect(one({ quantity: '1,234' })?.doubts.join()).toContain('other decimal mark');
  });
});

describe('doubts', () => {
  test('quantity times price is not the value', () => {
    expect(one({ quantity: '10', price: '100', value: '1005' })?.doubts).toEqual([]);
    expect(one({ quantity: '10', price: '100', value: '2000' })?.doubts.join()).toContain('is not the value');
  });
  test('of a value alone no quantity is made, even where a price is known', () => {
    const read = one({ price: '100', value: '1000' });
    expect(read?.read.quantity).toBeNull();
    expect(read?.doubts.join()).toContain('Only its value');
  });
  test('of money the value is the quantity', () => {
    const cash = { kind: 'fiat', name: 'Cash', symbol: 'EUR', value: '1.500,00 €' } as const;
    expect(one(cash)).toMatchObject({ read: { quantity: '1500' }, doubts: [] });
    expect(one({ ...cash, symbol: 'USD' })?.read.quantity).toBeNull();
  });
  test('what the model could not read, and what it is not sure of', () => {
    expect(one({ unreadable: ['quantity'], confidence: 'low' })?.doubts).toHaveLength(3);
  });
});

test('whatever is written, an amount is exact text or nothing', () => {
  const written = fc.option(
    fc.oneof(fc.string(), fc.stringMatching(/^[ -]?[0-9.,' ]{0,12}[0-9](?: ?[A-Z]{0,4}|%| €)$/)),
    { nil: null },
  );
  fc.assert(
    fc.property(fc.array(fc.tuple(written, written, written), { maxLength: 4 }), (all) => {
      for (const { read, doubts } of readPositions(
        all.map(([quantity, price, value]) => position({ quantity, price, value })),
      )) {
        for (const amount of Object.values(read)) expect(amount === null || isDecimalText(amount)).toBe(true);
        if (read.quantity === null) expect(doubts).not.toEqual([]);
      }
    }),
    { numRuns: 500 },
  );
});
