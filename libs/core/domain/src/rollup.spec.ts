import { addDays, day, type Day, DAY_MS, decimal, decimalText, startOf, sum } from '@scani/money';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { uncountedReason } from './counted.js';
import { figureOf, type Valued } from './figure.js';
import { PriceGraph } from './price-graph.js';
import { figuresNow, rollup, type RollupHolding, type RollupInput, type RollupRow } from './rollup.js';

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

const input = (held: readonly RollupHolding[]): RollupInput => ({
  userId: 'u',
  base: 'EUR',
  holdings: held,
  prices: prices(),
  days,
  now,
});
const rowsOf = (held: readonly RollupHolding[]): RollupRow[] => [...rollup(input(held))];
const text = (rows: readonly RollupRow[]): string[] =>
  rows.map((row) => `${row.scope} ${row.scopeId} ${row.day} ${row.value ?? '?'} ${row.coverage}`).sort();

describe('the rollup', () => {
  test('the headline is the last point of the chart, in every scope', () => {
    fc.assert(
      fc.property(holdings, (held) => {
        const figures = figuresNow({ ...input(held), today: days.at(-1) as Day });
        for (const row of rowsOf(held).filter((one) => one.day === days.at(-1))) {
          const figure = figures.get(`${row.scope}:${row.scopeId}`);
          expect([figure?.amount?.toFixed() ?? null, figure?.coverage]).toEqual([row.value, row.coverage]);
        }
      }),
    );
  });

  test('a second computation, and any order of the holdings, gives the same rows digit for digit', () => {
    fc.assert(
      fc.property(holdings, (held) => {
        expect(text(rowsOf(held.toReversed()))).toEqual(text(rowsOf(held)));
      }),
    );
  });

  test('what counts of the parts is the whole, exactly', () => {
    fc.assert(
      fc.property(holdings, (held) => {
        const rows = rowsOf(held);
        const counted = new Set(held.filter((one) => one.counted).map((one) => one.holdingId));
        for (const one of days) {
          const of = (scope: string) => rows.filter((row) => row.scope === scope && row.day === one);
          const total = (scope: string) =>
            sum(of(scope).flatMap((row) => (row.value === null ? [] : decimal(row.value))));
          const parts = sum(
            of('holding').flatMap((row) =>
              counted.has(row.scopeId) ? (row.value === null ? [] : decimal(row.value)) : [],
            ),
          );
          for (const scope of ['user', 'institution', 'account'])
            expect(decimalText(total(scope))).toBe(decimalText(parts));
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
