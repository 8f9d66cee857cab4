import { day, DAY_MS, type Decimal, decimal, sum, ZERO } from '@scani/money';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { signedQuantity, TRANSACTION_KINDS } from '../transaction-kind.js';
import {
  COST_BASIS_METHODS,
  type CostBasis,
  costBasis,
  type LotMovement,
  realised,
  startOfLondonDay,
} from './index.js';
import { londonDay } from './london-day.js';

const start = Date.UTC(2024, 0, 1);
const cents = (most: number): fc.Arbitrary<Decimal> =>
  fc.integer({ min: 1, max: most }).map((value) => decimal(String(value)).div(100));

/** Any ledger, unknown prices and fees included, with several rows a day and some at one instant. */
const movement = fc
  .record({
    kind: fc.constantFrom(...TRANSACTION_KINDS),
    size: cents(100_000),
    up: fc.boolean(),
    hours: fc.integer({ min: 0, max: 24 * 120 }),
    unitPrice: fc.option(cents(1_000_000), { nil: undefined, freq: 4 }),
    fee: fc.option(cents(1000), { nil: undefined, freq: 6 }),
  })
  .map(({ kind, size, up, hours, unitPrice, fee }) => ({
    kind,
    quantity: signedQuantity(kind, up ? size : size.neg()),
    at: start + hours * 3_600_000,
    unitPrice,
    fee,
  }));
const ledger = fc
  .array(movement, { maxLength: 40 })
  .map((rows) => rows.map((row, index): LotMovement => ({ ...row, id: String(index).padStart(3, '0') })));
const method = fc.constantFrom(...COST_BASIS_METHODS);

/** Purchases with known costs, then nothing left: what is sold is exactly what was bought, a year later. */
const soldOut = fc
  .array(fc.record({ size: cents(10_000), price: cents(10_000), fee: cents(100) }), { minLength: 1, maxLength: 12 })
  .map((rows): LotMovement[] => [
    ...rows.map(({ size, price, fee }, index) => ({
      id: String(index).padStart(3, '0'),
      at: start + index * DAY_MS,
      kind: 'buy' as const,
      quantity: size,
      unitPrice: price,
      fee,
    })),
    {
      id: 'sold',
      at: start + 400 * DAY_MS,
      kind: 'sell',
      quantity: sum(rows.map((row) => row.size)).neg(),
      unitPrice: decimal('7'),
      fee: ZERO,
    },
  ]);

const allPieces = (basis: CostBasis): { quantity: Decimal; cost: Decimal | null; rule?: string }[] => [
  ...basis.disposals.flatMap((one) => one.lots),
  ...basis.departures.flatMap((one) => one.lots),
  ...basis.open,
];
const quantityOf = (parts: readonly { quantity: Decimal }[]): Decimal => sum(parts.map((part) => part.quantity));
/** Divisions keep 60 digits; what is shown is rounded to 8. */
const same = (one: Decimal, other: Decimal): boolean => one.minus(other).abs().lt('1e-40');

describe('for every method', () => {
  test('what came is what was taken and what is open; what went is made of its parts', () => {
    fc.assert(
      fc.property(ledger, method, (rows, by) => {
        const basis = costBasis(rows, by);
        const came = sum(rows.flatMap((row) => (row.quantity.isPositive() ? [row.quantity] : [])));
        const found = quantityOf(allPieces(basis).filter((piece) => piece.rule !== 'unmatched'));
        expect(found.toFixed()).toBe(came.toFixed());
        for (const one of [...basis.disposals, ...basis.departures])
          expect(quantityOf(one.lots).toFixed()).toBe(one.quantity.toFixed());
        const went = sum(rows.flatMap((row) => (row.quantity.isNegative() ? [row.quantity.neg()] : [])));
        expect(quantityOf([...basis.disposals, ...basis.departures]).toFixed()).toBe(went.toFixed());
        expect(basis.short.toFixed()).toBe(went.minus(came.minus(quantityOf(basis.open))).toFixed());
      }),
    );
  });

  test('no cost is lost and none is made', () => {
    fc.assert(
      fc.property(ledger, method, (rows, by) => {
        const paid = sum(
          rows.flatMap(({ kind, quantity, unitPrice, fee }) => {
            if (!quantity.isPositive() || !unitPrice || (kind === 'buy' && !fee)) return [];
            return [quantity.times(unitPrice).plus(kind === 'buy' && fee ? fee : ZERO)];
          }),
        );
        const found = sum(allPieces(costBasis(rows, by)).flatMap((piece) => piece.cost ?? []));
        expect(same(found, paid)).toBe(true);
      }),
    );
  });

  test('the parts of a disposal add up to it, and what is not known is never told', () => {
    fc.assert(
      fc.property(ledger, method, (rows, by) => {
        const { disposals } = costBasis(rows, by);
        for (const one of disposals) {
          const unknown = one.lots.some((lot) => lot.cost === null);
          expect(one.cost === null).toBe(unknown);
          expect(one.gain === null).toBe(unknown || one.proceeds === null);
          if (one.proceeds) expect(same(sum(one.lots.flatMap((lot) => lot.proceeds ?? [])), one.proceeds)).toBe(true);
          if (one.gain) expect(same(sum(one.lots.flatMap((lot) => lot.gain ?? [])), one.gain)).toBe(true);
        }
        expect(realised(disposals).unknown).toBe(disposals.filter((one) => one.gain === null).length);
      }),
    );
  });

  test('the order in which rows were written down makes no difference', () => {
    const shuffled = ledger.chain((rows) =>
      fc.tuple(fc.constant(rows), fc.shuffledSubarray(rows, { minLength: rows.length, maxLength: rows.length })),
    );
    const told = (basis: CostBasis): string =>
      JSON.stringify([basis.disposals, basis.departures, basis.open], (key, value: unknown) =>
        key === 'id' ? undefined : value,
      );
    fc.assert(
      fc.property(shuffled, method, ([rows, mixed], by) => {
        const renamed = mixed.map((row, index) => ({ ...row, id: String(index).padStart(3, '0') }));
        expect(told(costBasis(renamed, by))).toBe(told(costBasis(rows, by)));
      }),
    );
  });
});

test('when everything is sold, every method finds the same gain', () => {
  fc.assert(
    fc.property(soldOut, (rows) => {
      const [first, ...others] = COST_BASIS_METHODS.map((by) => {
        const basis = costBasis(rows, by);
        expect(basis.open).toEqual([]);
        return realised(basis.disposals).amount as Decimal;
      });
      for (const other of others) expect(same(other, first as Decimal)).toBe(true);
    }),
  );
});

test('highest cost first never gains more at the first sale than any other order of lots', () => {
  fc.assert(
    fc.property(soldOut, fc.integer({ min: 1, max: 99 }), (rows, percent) => {
      const sold = rows.at(-1) as LotMovement;
      const some = [...rows.slice(0, -1), { ...sold, quantity: sold.quantity.times(percent).div(100) }];
      const gain = (by: 'fifo' | 'lifo' | 'hifo'): Decimal => realised(costBasis(some, by).disposals).amount as Decimal;
      expect(gain('hifo').minus(gain('fifo')).lt('1e-40')).toBe(true);
      expect(gain('hifo').minus(gain('lifo')).lt('1e-40')).toBe(true);
    }),
  );
});

describe('the day in London', () => {
  test.each([
    ['2023-07-10T22:59:59.999Z', '2023-07-10'],
    ['2023-07-10T23:00:00.000Z', '2023-07-11'],
    ['2023-01-10T23:59:59.999Z', '2023-01-10'],
    ['2023-03-26T00:30:00.000Z', '2023-03-26'],
    ['2023-10-29T00:30:00.000Z', '2023-10-29'],
  ])('%s is in %s', (instant, onDay) => expect(londonDay(Date.parse(instant))).toBe(onDay));

  test('begins where the day before ends', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 30_000 }), (count) => {
        const onDay = day(new Date(count * DAY_MS).toISOString().slice(0, 10));
        const begins = startOfLondonDay(onDay);
        expect([londonDay(begins), londonDay(begins - 1) < onDay]).toEqual([onDay, true]);
      }),
    );
  });
});
