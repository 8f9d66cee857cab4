import { addDays, day, type Day, dayOf, Decimal, decimal, endOf, fixedDecimal, fixedOf, ZERO } from '@scani/money';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { balanceColumns, type Evidence } from '../balance-at.js';
import { QUANTITY_DECIMALS, RATE_DECIMALS, VALUE_DECIMALS } from '../constants.js';
import { type DayMoney, type MoneyEntry, moneyOfDays } from './day-money.js';
import { chainedReturns, type DayValue, timeWeighted } from './time-weighted.js';

const first = day('2025-01-01');
const units = (text: string): bigint => fixedOf(text, VALUE_DECIMALS);
const values = (...amounts: (string | null)[]): DayValue[] =>
  amounts.map((amount, index) => ({ day: addDays(first, index), value: amount === null ? null : units(amount) }));
const flow = (after: number, amount: string, priced = '0'): DayMoney => ({
  day: addDays(first, after),
  flow: units(amount),
  priced: units(priced),
  income: 0n,
  costs: 0n,
});
const told = (...args: Parameters<typeof timeWeighted>): string => {
  const found = timeWeighted(...args);
  return found.known ? found.value.toFixed() : `${found.reason}${'day' in found ? ` ${found.day} ${found.days}` : ''}`;
};

describe('the chain', () => {
  test('multiplies the returns of the days', () => expect(told(values('100', '110', '99'), [])).toBe('-0.01'));
  test('money that comes in at the close earns from the next day on', () =>
    expect(told(values('100', '210', '231'), [flow(1, '100')])).toBe('0.21'));
  test('money that comes in at a known price earns on its day', () =>
    expect(told(values('0', '105', '210'), [flow(1, '100', '100')])).toBe('1.1'));
  test('what is taken out has earned until then', () =>
    expect(told(values('100', '0'), [flow(1, '-110', '-110')])).toBe('0.1'));
  test('all can be lost', () => expect(told(values('100', '0'), [])).toBe('-1'));
  test('starts with the first money and ends with the last', () =>
    expect(timeWeighted(values('0', '0', '100', '120', '0', '0'), [flow(2, '100'), flow(4, '-120')])).toEqual({
      known: true,
      value: decimal('0.2'),
      annualised: null,
      from: '2025-01-03',
      to: '2025-01-05',
    }));
  test('without anything invested there is no return', () => expect(told(values('0', '0'), [])).toBe('never-invested'));
  test('a day in between without anything invested breaks it', () =>
    expect(told(values('100', '0', '0', '50', '55'), [flow(1, '-100'), flow(3, '50')])).toBe(
      'nothing-invested 2025-01-03 2',
    ));
  test('a day whose value is not known breaks it, wherever it is', () => {
    expect(told(values('100', null, '100'), [])).toBe('value-unknown 2025-01-02 2');
    expect(told(values(null, '100', '100'), [])).toBe('value-unknown 2025-01-02 1');
    expect(told(values('100', '100', null), [])).toBe('value-unknown 2025-01-03 1');
    expect(told(values(null, null), [])).toBe('value-unknown 2025-01-02 1');
  });
  test('what is worth less than nothing has no return', () =>
    expect(told(values('-5', '-6'), [])).toBe('below-zero 2025-01-02 1'));
  test('is told day by day, and not at all where it is broken', () => {
    const points = chainedReturns(values('0', '100', '110', '99', '0'), [flow(1, '100'), flow(4, '-99')], 9);
    expect(points.map((point) => `${point.day} ${point.value.toFixed()}`)).toEqual([
      '2025-01-02 0',
      '2025-01-03 0.1',
      '2025-01-04 -0.01',
      '2025-01-05 -0.01',
    ]);
    expect(chainedReturns(values('100', null, '100'), [], 9)).toEqual([]);
  });
  test('is told by the year from 365 days on', () => {
    const days = (count: number): DayValue[] =>
      Array.from({ length: count + 1 }, (_, index) => ({
        day: addDays(first, index),
        value: units(index === count ? '121' : '100'),
      }));
    const year = (count: number): string | undefined => {
      const found = timeWeighted(days(count), []);
      return found.known ? found.annualised?.toFixed() : undefined;
    };
    expect([year(364), year(365), year(730)]).toEqual([undefined, '0.21', '0.1']);
  });
});

const at = (after: number, hour = 12): number => Date.parse(addDays(first, after)) + hour * 3_600_000;
const entry = (kind: MoneyEntry['kind'], after: number, quantity: string, paid?: string): MoneyEntry => ({
  at: at(after),
  kind,
  quantity: fixedOf(quantity, QUANTITY_DECIMALS),
  ...(paid === undefined ? {} : { moved: units(paid), priced: true }),
});
type RateOn = (on: Day) => Decimal | undefined;
/** The money of the days after the first, up to `to`. */
const moneyOf = (
  entries: MoneyEntry[],
  to: number,
  rateOn: RateOn,
  sightings: Evidence['sightings'] = [],
): DayMoney[] => {
  const movements = entries.map((one) => ({ at: one.at, quantity: fixedDecimal(one.quantity, QUANTITY_DECIMALS) }));
  const days = Array.from({ length: to + 1 }, (_, index) => addDays(first, index));
  const { quantities } = balanceColumns(
    { movements, sightings, liability: false },
    days.map((one) => endOf(one).getTime()),
  );
  const rates = days.map((one) => {
    const rate = rateOn(one);
    return rate && { units: fixedOf(rate.toFixed(), RATE_DECIMALS) };
  });
  return moneyOfDays({ days: days.slice(1), quantities, rates, entries, fromNothing: false });
};
const shown = (days: DayMoney[]): string[] =>
  days.map((one) => {
    const [flow, priced, income, costs] = [one.flow, one.priced, one.income, one.costs].map((amount) =>
      fixedDecimal(amount, VALUE_DECIMALS).toFixed(),
    );
    return `${one.day} ${flow} priced ${priced} income ${income} costs ${costs}`;
  });
const ten = (): Decimal => decimal('10');

describe('what moved on a day', () => {
  test('is a flow at the price paid, or at the close', () =>
    expect(shown(moneyOf([entry('buy', 1, '2', '19'), entry('deposit', 2, '1')], 3, ten))).toEqual([
      '2025-01-02 19 priced 19 income 0 costs 0',
      '2025-01-03 10 priced 0 income 0 costs 0',
    ]));
  test('is income or a cost by its kind, and then no flow', () =>
    expect(
      shown(moneyOf([entry('deposit', 1, '5'), entry('reward', 2, '1'), entry('fee', 2, '-2')], 3, ten)).at(-1),
    ).toBe('2025-01-03 0 priced 0 income 10 costs 20'));
  test('is a flow where no transaction explains what was seen, spread as the balance is', () => {
    const seen = [
      { at: at(0, 0), balance: decimal('4') },
      { at: at(2, 0), balance: decimal('6') },
    ];
    expect(shown(moneyOf([], 3, ten, seen))).toEqual([
      '2025-01-02 10 priced 0 income 0 costs 0',
      '2025-01-03 0.00000012 priced 0 income 0 costs 0',
    ]);
  });
  test('comes in with the first price', () => {
    const rateOn = (on: Day): Decimal | undefined => (on >= '2025-01-03' ? ten() : undefined);
    expect(shown(moneyOf([entry('deposit', 1, '3')], 4, rateOn))).toEqual(['2025-01-03 30 priced 0 income 0 costs 0']);
    expect(moneyOf([entry('deposit', 1, '3')], 4, () => undefined)).toEqual([]);
  });
  test('is what it was said to move, and what was lost on the way is a cost', () => {
    const sent = { ...entry('transfer-out', 2, '-5'), moved: units('-48') };
    const arrived = { ...entry('transfer-in', 2, '4.5'), moved: units('48'), cost: units('3') };
    const out = moneyOf([entry('deposit', 0, '5'), sent], 3, ten);
    expect(shown([...out, ...moneyOf([arrived], 3, ten)])).toEqual([
      '2025-01-03 -48 priced 0 income 0 costs 0',
      '2025-01-03 48 priced 0 income 0 costs 3',
    ]);
  });
  test('is the cash that came for each unit held at that moment', () => {
    const back = { ...entry('return-of-capital', 2, '0'), moved: 0n, perUnit: { units: fixedOf('3', RATE_DECIMALS) } };
    const later = { ...entry('deposit', 2, '4'), at: back.at + 1 };
    expect(shown(moneyOf([entry('deposit', 0, '5'), back, later], 3, ten))).toEqual([
      '2025-01-03 25 priced 0 income 0 costs 0',
    ]);
  });
  test('moves units and no money where a share is split', () =>
    expect(moneyOf([entry('deposit', 0, '5'), entry('split', 2, '5')], 3, ten)).toEqual([]));
});

test('with the prices given, what goes in and out changes nothing', () => {
  const price = fc.integer({ min: 1, max: 100_000 }).map((cents) => new Decimal(cents).div(100));
  const move = fc.tuple(fc.integer({ min: 1, max: 29 }), fc.integer({ min: -900, max: 5_000 }));
  fc.assert(
    fc.property(
      fc.array(price, { minLength: 31, maxLength: 31 }),
      fc.array(move, { maxLength: 20 }),
      fc.integer({ min: 2, max: 40 }),
      (prices, moves, most) => {
        // A thousand units at first and never less than one: the chain stays whole.
        let held = 1_000;
        const kept = moves
          .toSorted(([one], [other]) => one - other)
          .filter(([, moved]) => {
            if (held + moved < 1 || moved === 0) return false;
            held += moved;
            return true;
          });
        const entries = [
          { ...entry('deposit', 0, '1000') },
          ...kept.map(([after, moved]) => entry(moved > 0 ? 'transfer-in' : 'withdraw', after, String(moved))),
        ];
        const rateOn = (on: Day): Decimal => prices[(Date.parse(on) - Date.parse(first)) / 86_400_000] as Decimal;
        const worth = prices.map((one, index): DayValue => {
          const on = addDays(first, index);
          const owned = entries
            .filter((each) => dayOf(new Date(each.at)) <= on)
            .reduce((total, each) => total.plus(fixedDecimal(each.quantity, QUANTITY_DECIMALS)), ZERO);
          return { day: on, value: units(owned.times(one).toFixed()) };
        });
        const found = timeWeighted(worth, moneyOf(entries, 30, rateOn));
        if (!found.known) throw new Error(found.reason);
        const path = (prices[30] as Decimal).div(prices[0] as Decimal).minus(1);
        expect(found.value.minus(path).abs().lte('1e-9')).toBe(true);
        const points = chainedReturns(worth, moneyOf(entries, 30, rateOn), most);
        expect(points.length).toBe(Math.min(most, 31));
        expect([points[0]?.day, points[0]?.value.isZero(), points.at(-1)?.day]).toEqual([found.from, true, found.to]);
        expect(points.at(-1)?.value).toEqual(found.value);
      },
    ),
    { numRuns: 60 },
  );
});
