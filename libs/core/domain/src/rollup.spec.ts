import { addDays, day, type Day, DAY_MS, decimal, decimalText, fixedOf, startOf, sum } from '@scani/money';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { uncountedReason } from './counted.js';
import { figureOf, type Valued } from './figure.js';
import { PriceGraph } from './price-graph.js';
import { coverageOf, DailyRollup, figuresNow, type RollupHolding } from './rollup.js';
import { VALUE_DECIMALS } from './constants.js';

const first = day('2026-01-01');
const DAYS = 12;
const days: Day[] = Array.from({ length: DAYS }, (_, index) => addDays(first, index));
const now = startOf(first).getTime() + (DAYS - 1) * DAY_MS + 15 * 3_600_000;

const instant = fc.integer({ min: 0, max: DAYS * 24 - 10 }).map((hour) => startOf(first).getTime() + hour * 3_600_000);
const holding = (index: number): fc.Arbitrary<RollupHolding> =>
  fc.record({
    holdingId: fc.constant(`h${index}`),
    accountId: fc.constant(`a${index % 3}`),
    institutionId: fc.constant(`i${index % 2}`),
    assetId: fc.constantFrom('BTC', 'ETH', 'EUR', 'ODD'),
    counted: fc.boolean(),
    unpriceable: fc.constant(false),
    isCurrency: fc.constant(false),
    evidence: fc.record({
      movements: fc
        .array(
          fc.record({
            at: instant,
            quantity: fc.integer({ min: -500, max: 900 }).map((n) => decimal(String(n)).div(7).toDecimalPlaces(18)),
          }),
          {
            maxLength: 8,
          },
        )
        .map((rows) => rows.toSorted((one, other) => one.at - other.at)),
      sightings: fc.constant([]),
      liability: fc.boolean(),
    }),
  });
const holdings = fc
  .integer({ min: 1, max: 6 })
  .chain((count) => fc.tuple(...Array.from({ length: count }, (_, index) => holding(index))));

function prices(): PriceGraph {
  const graph = new PriceGraph(['USD', 'USDT', 'EUR']);
  const series = (start: string, step: string) =>
    days.map((one, index) => ({
      at: startOf(one).getTime(),
      value: decimal(start).plus(decimal(step).times(index)),
      daily: true,
      source: 'test',
    }));
  graph.add('BTC', 'USD', series('50000', '321.123456789'));
  graph.add('ETH', 'EUR', series('3000.7', '-11.3').slice(4));
  graph.add('EUR', 'USD', series('1.1', '0.0007'));
  return graph;
}

const window = { base: 'EUR', days, now, fromNothing: true };
const last = days.length - 1;

describe('the rollup', () => {
  test('the headline of a holding is the last point of its chart', () => {
    fc.assert(
      fc.property(holdings, (held) => {
        const figures = figuresNow({ userId: 'u', base: 'EUR', holdings: held, prices: prices(), now });
        const daily = new DailyRollup(window, prices());
        for (const one of held) {
          const { amounts, flags } = daily.holding(one, []);
          const figure = figures.get(`holding:${one.holdingId}`);
          const amount = figure?.amount ? fixedOf(figure.amount.toFixed(), VALUE_DECIMALS) : null;
          expect([amount, figure?.coverage]).toEqual([
            amounts[last],
            coverageOf(amounts[last] ?? null, flags[last] ?? 0),
          ]);
        }
      }),
    );
  });

  test('the headline of a scope is the sum of what counts of it', () => {
    fc.assert(
      fc.property(holdings, (held) => {
        const figures = figuresNow({ userId: 'u', base: 'EUR', holdings: held, prices: prices(), now });
        const known = sum(
          held.flatMap((one) => (one.counted && figures.get(`holding:${one.holdingId}`)?.amount) || []),
        );
        for (const scope of ['user', 'institution', 'account']) {
          const parts = [...figures].filter(([key]) => key.startsWith(`${scope}:`));
          expect(decimalText(sum(parts.flatMap(([, figure]) => figure.amount ?? [])))).toBe(decimalText(known));
        }
      }),
    );
  });

  test('a part of the days gives what all of them give, digit for digit', () => {
    fc.assert(
      fc.property(holdings, fc.integer({ min: 1, max: last }), (held, from) => {
        const [all, part] = [
          new DailyRollup(window, prices()),
          new DailyRollup({ ...window, days: days.slice(from), fromNothing: false }, prices()),
        ];
        for (const one of held) {
          const { amounts, flags, effects, money } = all.holding(one, []);
          expect(part.holding(one, [])).toEqual({
            amounts: amounts.slice(from),
            flags: flags.slice(from),
            effects: effects.slice(from),
            money: money.filter((moved) => moved.day >= (days[from] as Day)),
          });
        }
      }),
    );
  });
});

describe('a figure', () => {
  const part = (about: Partial<Valued> = {}): Valued => ({
    amount: 1_000_000_000n,
    stale: false,
    beforeRecords: false,
    drifting: false,
    unpriceable: false,
    ...about,
  });
  const many = (count: number, about: Partial<Valued> = {}): Valued[] =>
    Array.from({ length: count }, () => part(about));
  const coverage = (...parts: Valued[]): string => figureOf(parts).coverage;

  test('is full from 0.95 on, estimated from 0.5, unknown below', () => {
    expect(coverage(...many(19), ...many(1, { amount: null }))).toBe('full');
    expect(coverage(...many(18), ...many(2, { amount: null }))).toBe('estimated');
    expect(coverage(...many(1), ...many(1, { amount: null }))).toBe('estimated');
    expect(coverage(...many(1), ...many(2, { amount: null }))).toBe('unknown');
  });

  test('is partial where a price is stale or a holding has no records yet', () => {
    expect(coverage(part(), part({ stale: true }))).toBe('partial');
    expect(coverage(part(), part({ beforeRecords: true }))).toBe('partial');
  });

  test('leaves out of the reckoning what nobody can price', () => {
    expect(coverage(part(), part({ amount: null, unpriceable: true }))).toBe('full');
    expect(coverage(part({ amount: null, unpriceable: true }))).toBe('unknown');
  });

  test('of nothing known is null, of nothing at all is zero', () => {
    expect(figureOf([part({ amount: null })]).amount).toBeNull();
    expect(figureOf([]).amount?.toFixed()).toBe('0');
  });
});

test('the inclusion rule', () => {
  const held = { hidden: false, active: true, scamProbability: decimal('0.349') };
  expect(uncountedReason(held)).toBeNull();
  expect(uncountedReason({ ...held, hidden: true })).toBe('hidden');
  expect(uncountedReason({ ...held, active: false })).toBe('archived');
  expect(uncountedReason({ ...held, scamProbability: decimal('0.35') })).toBe('scam');
});
