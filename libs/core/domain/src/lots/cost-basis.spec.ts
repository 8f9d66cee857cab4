import { day, DAY_MS, fixedOf } from '@scani/money';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { COST_DECIMALS, QUANTITY_DECIMALS } from '../constants.js';
import { TRANSACTION_KINDS, type TransactionKind } from '../transaction-kind.js';
import {
  connected,
  COST_BASIS_METHODS,
  type CostBasis,
  costBasis,
  type CostBasisMethod,
  heldAtCost,
  type LotAction,
  type LotHolding,
  type LotMovement,
  type LotSet,
  type Piece,
  realised,
  startOfLondonDay,
} from './index.js';
import { londonDay } from './london-day.js';

const start = Date.UTC(2024, 0, 1);
const hundredths = (places: number, most: number): fc.Arbitrary<bigint> =>
  fc.integer({ min: 1, max: most }).map((value) => fixedOf(String(value), places) / 100n);
const sizes = (most: number): fc.Arbitrary<bigint> => hundredths(QUANTITY_DECIMALS, most);
const cents = (most: number): fc.Arbitrary<bigint> => hundredths(COST_DECIMALS, most);

const ACTIONS: ReadonlySet<TransactionKind> = new Set([
  'split',
  'spin-off',
  'merger',
  'symbol-change',
  'return-of-capital',
]);
const KINDS = TRANSACTION_KINDS.filter((kind) => !ACTIONS.has(kind));
const OUTGOING: ReadonlySet<TransactionKind> = new Set(['withdraw', 'transfer-out', 'sell', 'fee', 'tax']);
const EITHER: ReadonlySet<TransactionKind> = new Set(['adjustment', 'opening-balance']);
const signed = (kind: TransactionKind, size: bigint, up: boolean): bigint =>
  (EITHER.has(kind) ? !up : OUTGOING.has(kind)) ? -size : size;

const HOLDINGS = ['broker', 'wallet', 'cold', 'other'] as const;
const hour = fc.integer({ min: 0, max: 24 * 120 }).map((hours) => start + hours * 3_600_000);

/** Any row of any holding, unknown prices and fees included. */
const single = fc
  .record({
    kind: fc.constantFrom(...KINDS),
    size: sizes(100_000),
    up: fc.boolean(),
    at: hour,
    unitPrice: fc.option(cents(1_000_000), { nil: undefined, freq: 4 }),
    fee: fc.option(cents(1000), { nil: undefined, freq: 6 }),
    holdingId: fc.constantFrom(...HOLDINGS),
  })
  .map(({ kind, size, up, ...row }) => [{ ...row, kind, quantity: signed(kind, size, up) }]);

const side = (
  kind: TransactionKind,
  holdingId: string,
  at: number,
  quantity: bigint,
  more: Partial<LotMovement> = {},
): Omit<LotMovement, 'id'> => ({ kind, holdingId, at, quantity, unitPrice: undefined, fee: 0n, ...more });

/** A move to another holding or two, with a loss on the way, now and then dated before it left. */
const move = fc
  .record({
    group: fc.uuid(),
    from: fc.constantFrom(...HOLDINGS),
    to: fc.uniqueArray(fc.constantFrom(...HOLDINGS), { minLength: 1, maxLength: 2 }),
    size: sizes(100_000),
    lost: fc.integer({ min: 0, max: 3 }),
    at: hour,
    late: fc.integer({ min: -20, max: 20 }),
  })
  .map(({ group: transferId, from, to, size, lost, at, late }) => {
    const each = (size * BigInt(1000 - lost)) / 1000n / BigInt(to.length);
    return [
      side('withdraw', from, at, -size, { transferId }),
      ...to.map((holdingId) => side('deposit', holdingId, at + late * 60_000, each, { transferId })),
    ];
  });

type Rows = Omit<LotMovement, 'id'>[];
const ledger = fc
  .array(fc.oneof({ arbitrary: single, weight: 4 }, { arbitrary: move, weight: 1 }), { maxLength: 30 })
  .map((groups): Rows => groups.flat());
const methods = fc.tuple(...HOLDINGS.map(() => fc.constantFrom(...COST_BASIS_METHODS))).map((chosen): LotHolding[] =>
  HOLDINGS.map((id, index) => ({
    id,
    assetId: id === 'other' ? 'Y' : 'X',
    method: chosen[index] as CostBasisMethod,
    liability: false,
  })),
);
const named = (rows: Rows): LotMovement[] => rows.map((row, index) => ({ ...row, id: String(index).padStart(3, '0') }));

const sum = (values: readonly bigint[]): bigint => values.reduce((all, one) => all + one, 0n);
const quantityOf = (parts: readonly { quantity: bigint }[]): bigint => sum(parts.map((part) => part.quantity));
const gone = ({ disposals, departures }: CostBasis): { quantity: bigint; cost: bigint | null; rule: string }[] => [
  ...disposals.flatMap(({ lots }) => lots),
  ...departures.flatMap(({ lots }) => lots),
];
const costsOf = (parts: readonly { cost: bigint | null }[]): bigint => sum(parts.flatMap(({ cost }) => cost ?? []));
const openOf = ({ open }: CostBasis): CostBasis['open'][number]['lots'] => open.flatMap(({ lots }) => lots);
const told = (basis: CostBasis): string =>
  JSON.stringify([basis.disposals, basis.departures, basis.moves, basis.open], (key, value: unknown) =>
    key === 'id' || key === 'acquisitionId' ? undefined : typeof value === 'bigint' ? String(value) : value,
  );

describe('over several holdings, each by its method, with moves between them', () => {
  test('what came is what was taken and what is open; what went is made of its parts', () => {
    fc.assert(
      fc.property(ledger, methods, (rows, holdings) => {
        const basis = costBasis({ holdings, movements: named(rows) });
        for (const one of [...basis.disposals, ...basis.departures, ...basis.moves])
          expect(quantityOf(one.lots)).toBe(one.quantity);
        // What was lost on the way left with its move.
        const moved = new Set(basis.moves.map(({ id }) => id));
        const left = [...basis.disposals, ...basis.departures.filter(({ id }) => !moved.has(id)), ...basis.moves];
        const short = left.flatMap((one): readonly Piece[] => one.lots).filter(({ rule }) => rule === 'unmatched');
        // Beyond what the rows say, nothing is there but what went without ever having come.
        expect(quantityOf(openOf(basis))).toBe(sum(rows.map(({ quantity }) => quantity)) + quantityOf(short));
      }),
    );
  });

  test('no cost is lost and none is made, to the last unit', () => {
    fc.assert(
      fc.property(ledger, methods, (rows, holdings) => {
        const alone = rows.map((row) => ({ ...row, transferId: undefined }));
        const paid = costBasis({ holdings, movements: named(alone) });
        const basis = costBasis({ holdings, movements: named(rows) });
        expect(costsOf(gone(basis)) + costsOf(openOf(basis))).toBe(costsOf(gone(paid)) + costsOf(openOf(paid)));
      }),
    );
  });

  test('the parts of a disposal add up to it, and what is not known is never told', () => {
    fc.assert(
      fc.property(ledger, methods, (rows, holdings) => {
        const { disposals } = costBasis({ holdings, movements: named(rows) });
        for (const one of disposals) {
          const unknown = one.lots.some((lot) => lot.cost === null);
          expect(one.cost === null).toBe(unknown);
          expect(one.gain === null).toBe(unknown || one.proceeds === null);
          if (one.proceeds !== null) expect(sum(one.lots.flatMap((lot) => lot.proceeds ?? []))).toBe(one.proceeds);
          if (one.gain !== null) expect(sum(one.lots.flatMap((lot) => lot.gain ?? []))).toBe(one.gain);
          for (const { of, quantity, cost } of one.lots) {
            if (of.cost === null || cost === null) expect(cost).toBe(of.cost);
            else expect(of.cost * quantity - cost * of.quantity <= of.quantity).toBe(true);
          }
        }
        expect(realised(disposals).unknown).toBe(disposals.filter((one) => one.gain === null).length);
      }),
    );
  });

  test('the order in which rows were written down makes no difference', () => {
    const shuffled = ledger.chain((rows) =>
      fc.tuple(fc.constant(rows), fc.shuffledSubarray(rows, { minLength: rows.length, maxLength: rows.length })),
    );
    fc.assert(
      fc.property(shuffled, methods, ([rows, mixed], holdings) => {
        expect(told(costBasis({ holdings, movements: named(mixed) }))).toBe(
          told(costBasis({ holdings, movements: named(rows) })),
        );
      }),
    );
  });

  test('what is not connected does not matter', () => {
    fc.assert(
      fc.property(ledger, methods, (rows, holdings) => {
        const movements = named(rows);
        const links = [...Map.groupBy(movements, ({ id, transferId }) => transferId ?? id).values()];
        const sets = connected(
          holdings,
          links.map((of) => of.map(({ holdingId }) => holdingId)),
        );
        expect(sets.flat()).toHaveLength(holdings.length);
        const whole = costBasis({ holdings, movements });
        for (const part of sets) {
          const ids = part.map(({ id }) => id);
          const of = costBasis({
            holdings: part,
            movements: movements.filter(({ holdingId }) => ids.includes(holdingId)),
          });
          expect(of.disposals).toEqual(whole.disposals.filter(({ holdingId }) => ids.includes(holdingId)));
        }
      }),
    );
  });
});

/** Purchases of one share in one account, an action, and what is left of it. */
const bought = fc.array(fc.record({ size: sizes(10_000), price: cents(10_000) }), { minLength: 1, maxLength: 8 });
const ratio = fc.record({ new: fc.bigInt({ min: 1n, max: 30n }), old: fc.bigInt({ min: 1n, max: 30n }) });
const purchases = (rows: { size: bigint; price: bigint }[]): LotMovement[] =>
  named(rows.map(({ size, price }, index) => side('buy', 'old', start + index * DAY_MS, size, { unitPrice: price })));
const actedAt = start + 100 * DAY_MS;
const row = (kind: TransactionKind, holdingId: string, quantity: bigint): LotMovement => ({
  ...side(kind, holdingId, actedAt, quantity, { actionId: 'action' }),
  id: `${kind}-${holdingId}`,
});
const shares = (method: CostBasisMethod): LotHolding[] =>
  ['old', 'new'].map((id) => ({ id, assetId: id, method, liability: false }));
const openIn = (basis: CostBasis, id: string): CostBasis['open'][number]['lots'] =>
  basis.open.find(({ holdingIds }) => holdingIds.includes(id))?.lots ?? [];

describe.each(COST_BASIS_METHODS)('by %s, corporate actions keep every unit of cost', (method) => {
  const after = (movements: LotMovement[], action: Omit<LotAction, 'id'>): CostBasis =>
    costBasis({ holdings: shares(method), movements, actions: [{ ...action, id: 'action' }] } satisfies LotSet);

  test('through a split, and the units are those that the ledger says', () => {
    fc.assert(
      fc.property(bought, ratio, (rows, by) => {
        const before = purchases(rows);
        const held = quantityOf(before);
        const change = (held * by.new) / by.old - held;
        const basis = after([...before, row('split', 'old', change)], {
          kind: 'split',
          ratio: by,
          costShare: undefined,
        });
        expect(heldAtCost(openIn(basis, 'old'))).toMatchObject({
          quantity: held + change,
          cost: costsOf(openIn(costBasis({ holdings: shares(method), movements: before }), 'old')),
        });
      }),
    );
  });

  test('through a merger, and lots keep their days', () => {
    fc.assert(
      fc.property(bought, ratio, (rows, by) => {
        const before = purchases(rows);
        const held = quantityOf(before);
        const basis = after([...before, row('merger', 'old', -held), row('merger', 'new', (held * by.new) / by.old)], {
          kind: 'merger',
          ratio: by,
          costShare: undefined,
        });
        const was = openIn(costBasis({ holdings: shares(method), movements: before }), 'old');
        expect(openIn(basis, 'old')).toEqual([]);
        expect(openIn(basis, 'new').map(({ acquiredAt, cost }) => [acquiredAt, cost])).toEqual(
          was.map(({ acquiredAt, cost }) => [acquiredAt, cost]),
        );
        expect(quantityOf(openIn(basis, 'new'))).toBe((held * by.new) / by.old);
      }),
    );
  });

  test('through a spin-off, which takes its share', () => {
    fc.assert(
      fc.property(bought, ratio, fc.integer({ min: 1, max: 99 }), (rows, by, percent) => {
        const before = purchases(rows);
        const held = quantityOf(before);
        const basis = after([...before, row('spin-off', 'old', 0n), row('spin-off', 'new', (held * by.new) / by.old)], {
          kind: 'spin-off',
          ratio: by,
          costShare: fixedOf(String(percent), COST_DECIMALS) / 100n,
        });
        const was = costsOf(openIn(costBasis({ holdings: shares(method), movements: before }), 'old'));
        const spun = costsOf(openIn(basis, 'new'));
        expect(spun + costsOf(openIn(basis, 'old'))).toBe(was);
        const off = spun * 100n - was * BigInt(percent);
        expect(off <= 1000n && off >= -1000n).toBe(true);
      }),
    );
  });
});

/** Purchases with known costs, then nothing left: what is sold is exactly what was bought, a year later. */
const soldOut = fc
  .array(fc.record({ size: sizes(10_000), price: cents(10_000), fee: cents(100) }), { minLength: 1, maxLength: 12 })
  .map((rows): LotMovement[] =>
    named([
      ...rows.map(({ size, price, fee }, index) =>
        side('buy', 'old', start + index * DAY_MS, size, { unitPrice: price, fee }),
      ),
      side('sell', 'old', start + 400 * DAY_MS, -sum(rows.map(({ size }) => size)), {
        unitPrice: fixedOf('7', COST_DECIMALS),
      }),
    ]),
  );

test.each(['fifo', 'lifo', 'average'] as const)(
  'by %s, what is owed gains what the same trades the other way round lose',
  (method) => {
    fc.assert(
      fc.property(
        fc.array(fc.record({ size: sizes(1000), price: cents(1000), opens: fc.boolean() }), { maxLength: 20 }),
        (trades) => {
          const gainOf = (liability: boolean): bigint | null => {
            const rows = trades.map(({ size, price, opens }, index) =>
              side(
                opens === liability ? 'sell' : 'buy',
                'old',
                start + index * DAY_MS,
                opens === liability ? -size : size,
                {
                  unitPrice: price,
                },
              ),
            );
            const holdings = [{ id: 'old', assetId: 'old', method, liability }];
            return realised(costBasis({ holdings, movements: named(rows) }).disposals).amount;
          };
          const [owed, owned] = [gainOf(true), gainOf(false)];
          expect(owed === null ? null : -owed).toBe(owned);
        },
      ),
    );
  },
);

test('when everything is sold, every method finds the same gain', () => {
  fc.assert(
    fc.property(soldOut, (movements) => {
      const gains = COST_BASIS_METHODS.map((method) => {
        const basis = costBasis({ holdings: shares(method), movements });
        expect(openOf(basis)).toEqual([]);
        return realised(basis.disposals).amount;
      });
      expect(new Set(gains).size).toBe(1);
    }),
  );
});

test('highest cost first never gains more at the first sale than any other order of lots', () => {
  fc.assert(
    fc.property(soldOut, fc.integer({ min: 1, max: 99 }), (rows, percent) => {
      const sold = rows.at(-1) as LotMovement;
      const movements = [...rows.slice(0, -1), { ...sold, quantity: (sold.quantity * BigInt(percent)) / 100n }];
      const gain = (method: CostBasisMethod): bigint =>
        realised(costBasis({ holdings: shares(method), movements }).disposals).amount as bigint;
      const rounding = 1000n;
      expect(gain('hifo') - gain('fifo') <= rounding).toBe(true);
      expect(gain('hifo') - gain('lifo') <= rounding).toBe(true);
    }),
  );
});

test('the lots that were chosen are taken, as far as they are there, and the oldest for the rest', () => {
  fc.assert(
    fc.property(bought, fc.nat(), sizes(20_000), (rows, which, chosen) => {
      const before = purchases(rows);
      const one = before[which % before.length] as LotMovement;
      const sale = { ...side('sell', 'old', actedAt, -quantityOf(before) / 2n), id: 'sale' };
      if (sale.quantity === 0n) return;
      const { disposals } = costBasis({
        holdings: shares('specific'),
        movements: [...before, sale],
        choices: [{ disposalId: 'sale', acquisitionId: one.id, quantity: chosen }],
      });
      const picked = disposals[0]?.lots.filter(({ rule }) => rule === 'specific') ?? [];
      const most = [chosen, one.quantity, -sale.quantity].reduce((least, size) => (size < least ? size : least));
      expect(quantityOf(picked)).toBe(most);
      expect(picked.every(({ acquisitionId }) => acquisitionId === one.id)).toBe(true);
      expect(quantityOf(disposals[0]?.lots ?? [])).toBe(-sale.quantity);
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
    ['1970-06-30T23:30:00.000Z', '1970-07-01'],
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
