import { addDays, day, type Day, Decimal, decimal, fixedOf } from '@scani/money';
import fc from 'fast-check';
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { moneyWeighted as solved, type MoneyWeighted } from './money-weighted.js';

interface CashFlow {
  day: Day;
  amount: Decimal;
}
const SCALE = 50;
const moneyWeighted = (flows: readonly CashFlow[]): MoneyWeighted =>
  solved(
    flows.map(({ day: on, amount: units }) => ({ day: on, amount: fixedOf(units.toFixed(), SCALE) })),
    SCALE,
  );

const blocks = readFileSync(new URL('xirr.cases.txt', import.meta.url), 'utf8')
  .split(/\n\n+/)
  .filter((block) => !block.startsWith('#'))
  .map((block) => {
    const [name = '', ...lines] = block.trim().split('\n');
    const flows = lines
      .filter((line) => line.startsWith('  '))
      .map((line): CashFlow => {
        const [on = '', amount = ''] = line.trim().split(/\s+/);
        return { day: day(on), amount: decimal(amount) };
      });
    return { name, flows, expected: (lines.at(-1) ?? name).replace('= ', '') };
  });

test.each(blocks)('$name', ({ flows, expected }) => {
  const found = moneyWeighted(flows);
  if (found.state === 'known') {
    const [said = '', within] = expected.split(' within ');
    if (within) expect(found.value.minus(said).abs().lte(within)).toBe(true);
    else expect(found.value.toDecimalPlaces(said.split('.')[1]?.length ?? 0).toFixed()).toBe(said);
  } else {
    expect(found.state === 'undefined' ? `undefined: ${found.reason}` : found.state).toBe(expected);
  }
});

test('every case of the file is read', () => expect(blocks).toHaveLength(12));

const start = day('2020-02-28');
const amount = fc.integer({ min: 1, max: 1_000_000_000 }).map((cents) => new Decimal(cents).div(100));
const portfolio = fc
  .record({
    paid: fc.array(fc.tuple(fc.integer({ min: 0, max: 1_000 }), amount), { minLength: 1, maxLength: 12 }),
    end: fc.integer({ min: 1_500, max: 2_500 }),
    worth: amount,
  })
  .map(({ paid, end, worth }): CashFlow[] => [
    ...paid.map(([after, units]) => ({ day: addDays(start, after), amount: units.neg() })),
    { day: addDays(start, end), amount: worth },
  ]);

test('one deposit that grows at a rate gives that rate', () => {
  fc.assert(
    fc.property(fc.integer({ min: -900, max: 5_000 }), fc.integer({ min: 1, max: 4_000 }), (permille, days) => {
      const rate = new Decimal(permille).div(1000);
      const grown = rate.plus(1).pow(new Decimal(days).div(365)).times(1000);
      const flows = [
        { day: start, amount: new Decimal(-1000) },
        { day: addDays(start, days), amount: grown },
      ];
      expect(moneyWeighted(flows)).toEqual({ state: 'known', value: rate });
    }),
  );
});

test('the sum of the discounted flows is nothing at the rate that is given', () => {
  fc.assert(
    fc.property(portfolio, (flows) => {
      const found = moneyWeighted(flows);
      if (found.state !== 'known') throw new Error(found.state);
      const first = flows.map((flow) => flow.day).sort()[0] ?? start;
      const at = (rate: Decimal): Decimal =>
        flows.reduce((total, flow) => {
          const years = new Decimal((Date.parse(flow.day) - Date.parse(first)) / 86_400_000).div(365);
          return total.plus(flow.amount.div(rate.plus(1).pow(years)));
        }, new Decimal(0));
      const reach = new Decimal('2e-10').times(found.value.plus(2));
      expect(at(found.value.minus(reach)).isNegative()).not.toBe(at(found.value.plus(reach)).isNegative());
    }),
    { numRuns: 40 },
  );
});

test('neither larger amounts nor other days with the same distances change it', () => {
  fc.assert(
    fc.property(
      portfolio,
      fc.integer({ min: 1, max: 1_000 }),
      fc.integer({ min: -9_000, max: 9_000 }),
      (flows, by, days) => {
        const other = flows.map((flow) => ({ day: addDays(flow.day, days), amount: flow.amount.times(by) }));
        expect(moneyWeighted(other)).toEqual(moneyWeighted(flows));
      },
    ),
    { numRuns: 40 },
  );
});

test('the order in which flows are told changes nothing', () => {
  fc.assert(
    fc.property(portfolio, (flows) => {
      expect(moneyWeighted(flows.toReversed())).toEqual(moneyWeighted(flows));
    }),
    { numRuns: 40 },
  );
});
