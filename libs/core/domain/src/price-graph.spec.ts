import { DAY_MS, decimal, decimalText } from '@scani/money';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { PriceGraph, type Quote } from './price-graph.js';

const now = Date.UTC(2026, 10, 20, 12);
const quote = (value: string, ageMs = 0, daily = true): Quote => ({
  at: now - ageMs,
  value: decimal(value),
  daily,
  source: 'test',
});

function graph(...pairs: [string, string, ...Quote[]][]): PriceGraph {
  const made = new PriceGraph(['USD', 'USDT', 'EUR']);
  for (const [asset, other, ...quotes] of pairs)
    made.add(
      asset,
      other,
      quotes.toSorted((one, another) => one.at - another.at),
    );
  return made;
}

const path = (made: PriceGraph, asset: string, base: string, at = now): string | undefined =>
  made
    .rate(asset, base, at, now)
    ?.legs.map((leg) => `${leg.from}>${leg.to}${leg.inverted ? ' inverted' : ''}`)
    .join(' ');
const value = (made: PriceGraph, asset: string, base: string, at = now): string | undefined => {
  const rate = made.rate(asset, base, at, now);
  return rate && decimalText(rate.value);
};

describe('the way through the price graph', () => {
  test('itself, direct, inverted', () => {
    const made = graph(['BTC', 'USD', quote('50000')]);
    expect(value(made, 'BTC', 'BTC')).toBe('1');
    expect(value(made, 'BTC', 'USD')).toBe('50000');
    expect(value(made, 'USD', 'BTC')).toBe('0.00002');
  });

  test('through one hub, through the currency it is quoted in, then through two', () => {
    const made = graph(
      ['BTC', 'USD', quote('50000')],
      ['EUR', 'USD', quote('1.25')],
      ['CHF', 'EUR', quote('1.1')],
      ['NOVN', 'CHF', quote('90')],
    );
    expect(path(made, 'BTC', 'EUR')).toBe('BTC>USD USD>EUR inverted');
    expect(value(made, 'BTC', 'EUR')).toBe('40000');
    expect(path(made, 'NOVN', 'EUR')).toBe('NOVN>CHF CHF>EUR');
    expect(path(made, 'NOVN', 'USD')).toBe('NOVN>CHF CHF>EUR EUR>USD');
    expect(value(made, 'NOVN', 'USD')).toBe('123.75');
  });

  test('no way is no rate, never zero', () => {
    expect(graph(['BTC', 'USD', quote('1')]).rate('BTC', 'JPY', now, now)).toBeUndefined();
    expect(graph(['BTC', 'USD', quote('1')]).rate('BTC', 'USD', now - DAY_MS, now)).toBeUndefined();
  });

  test('a shorter way wins over a fresher one; among ways of one length the freshest wins', () => {
    const made = graph(
      ['BTC', 'EUR', quote('1', 3 * DAY_MS)],
      ['BTC', 'USD', quote('2')],
      ['USD', 'EUR', quote('3')],
      ['ETH', 'USD', quote('5', DAY_MS)],
      ['ETH', 'USDT', quote('7')],
      ['USDT', 'EUR', quote('11')],
    );
    expect(value(made, 'BTC', 'EUR')).toBe('1');
    expect(path(made, 'ETH', 'EUR')).toBe('ETH>USDT USDT>EUR');
  });
});

describe('which price counts', () => {
  const hour = 3_600_000;
  const made = graph(['BTC', 'USD', quote('10', 60 * hour), quote('11', 50 * hour, false), quote('12', hour, false)]);

  test('a fresh valuation takes any granularity, an older one prefers the daily close', () => {
    expect(value(made, 'BTC', 'USD', now)).toBe('12');
    expect(value(made, 'BTC', 'USD', now - 40 * hour)).toBe('10');
  });

  test('an older valuation without a daily close takes what there is', () => {
    expect(value(graph(['X', 'USD', quote('3', 50 * hour, false)]), 'X', 'USD', now - 40 * hour)).toBe('3');
  });

  test('stale after 7 days intraday, 45 days daily, by the oldest leg', () => {
    const stale = (age: number, daily: boolean): boolean | undefined =>
      graph(['X', 'USD', quote('3', age, daily)]).rate('X', 'USD', now, now)?.stale;
    expect([stale(7 * DAY_MS, false), stale(7 * DAY_MS + 1, false)]).toEqual([false, true]);
    expect([stale(45 * DAY_MS, true), stale(45 * DAY_MS + 1, true)]).toEqual([false, true]);
    const rate = graph(['X', 'USD', quote('3')], ['USD', 'CHF', quote('2', 50 * DAY_MS)]).rate('X', 'CHF', now, now);
    expect(rate).toMatchObject({ stale: true, effectiveAt: now - 50 * DAY_MS });
  });

  test('a price that is not above zero is refused', () => {
    expect(() => graph(['X', 'USD', quote('0')])).toThrow(RangeError);
    expect(() => graph(['X', 'USD', quote('-1')])).toThrow(RangeError);
  });
});

test('there and back is one, to 24 digits', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 10 ** 12 }), (cents) => {
      const made = graph(['A', 'USD', quote(decimal(String(cents)).div(1000).toFixed())]);
      const there = made.rate('A', 'USD', now, now)?.value;
      const back = made.rate('USD', 'A', now, now)?.value;
      expect(
        there
          ?.times(back ?? 0)
          .minus(1)
          .abs()
          .lt('1e-24'),
      ).toBe(true);
    }),
  );
});
