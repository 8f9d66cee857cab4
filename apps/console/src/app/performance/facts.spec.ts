import type { Benchmark, Performance } from '../../api/models';
import { formatMoney, formatRatio, signOf } from '../ui/format';
import { chosenFrom } from './benchmark-choice';
import { besideFacts, factsOf } from './facts';
import { returnOption, type ReturnWords } from './return-option';

const prefs: Parameters<typeof factsOf>[1] = {
  money: (amount, currency = 'EUR', options = {}) =>
    amount == null ? '—' : formatMoney('en', amount, currency, options),
  ratio: (value, signed = false) => (value == null ? '—' : formatRatio('en', value, { signed })),
  calendarDay: (day) => day,
};
const known: Performance = {
  base: 'EUR',
  scope: 'user',
  range: '1Y',
  from: '2025-01-01',
  to: '2026-01-01',
  start: '100',
  end: '140',
  netFlows: '50',
  income: '2',
  costs: '1',
  gain: '-10',
  twr: { value: '-0.0512', annualised: null, reason: null, from: '2025-01-01', to: '2026-01-01' },
  xirr: { state: 'known', value: '0.1', reason: null },
  currencyEffect: '0',
  benchmark: null,
  notes: [],
};
const said = (it: Performance): string[] =>
  factsOf(it, prefs, signOf).map((fact) => `${fact.sign} ${fact.text} (${fact.sub})`);

describe('the figures of a performance', () => {
  it('have a sign where they are a gain or a loss', () => {
    expect(said(known)).toEqual([
      '-1 −5.12% (Whatever you put in or took out)',
      '1 +10.00% (A year, on your money)',
      '-1 −€10.00 (Beyond what was put in)',
      '0 +€50.00 (Net of each other)',
      '0 €2.00 (Costs: €1.00)',
      '0 €0.00 (Their part of the gain)',
    ]);
  });

  it('say why one of them is not known, and never show a zero for it', () => {
    const reason = 'The value is not known on 2025-03-01.';
    const unknown: Performance = {
      ...known,
      start: null,
      gain: null,
      netFlows: null,
      income: null,
      costs: null,
      twr: { value: null, annualised: null, reason, from: null, to: null },
      xirr: { state: 'not-unique', value: null, reason: '2 different yearly rates explain these flows equally well.' },
      currencyEffect: null,
    };
    const lines = said(unknown);
    expect(lines.every((line) => line.startsWith('0 Not known ('))).toBe(true);
    expect(lines[0]).toContain(reason);
    expect(lines[1]).toContain('2 different yearly rates');
  });

  it('say for which days the chain holds, and that a short time is told by the year', () => {
    const shorter = { ...known, to: '2025-03-01', twr: { ...known.twr, from: '2025-01-09', to: '2025-03-01' } };
    expect(said(shorter)[0]).toContain('(2025-01-09 to 2025-03-01)');
    expect(said(shorter)[1]).toContain('if it went on like this');
    expect(said({ ...known, twr: { ...known.twr, annualised: '-0.02' } })[0]).toContain('(−2.00% a year)');
  });
});

const gold: Benchmark = {
  assetId: 'gold',
  from: '2025-01-02',
  to: '2026-01-01',
  value: '0.6',
  worth: '257',
  difference: '-117',
  reason: null,
  series: [
    { day: '2025-01-02', own: '0', other: '0' },
    { day: '2025-06-02', own: '-0.1', other: null },
    { day: '2026-01-01', own: '-0.0512', other: '0.6' },
  ],
};
const compared = (beside: Benchmark, it = known): string[] =>
  besideFacts(it, beside, prefs, signOf).map((fact) => `${fact.sign} ${fact.label}: ${fact.text} (${fact.sub})`);

describe('the figures beside another asset', () => {
  it('are its own return, what the same money would be, and what is left between them', () => {
    expect(compared(gold)).toEqual([
      '1 Its own return: +60.00% (Yours: −5.12%, 2025-01-02 to 2026-01-01)',
      '0 Your money in it: €257.00 (Put in and taken out on the same days)',
      '-1 Difference: −€117.00 (You have less than that)',
    ]);
    expect(compared({ ...gold, difference: '3' })[2]).toBe('1 Difference: +€3.00 (You have more than that)');
    expect(compared({ ...gold, difference: '0' })[2]).toContain('(You have as much)');
  });

  it('say why they are not known', () => {
    const reason = 'It has no price on 2025-01-02.';
    const lines = compared({ ...gold, value: null, worth: null, difference: null, reason });
    expect(lines.every((line) => line.endsWith(`Not known (${reason})`))).toBe(true);
    expect(compared({ ...gold, difference: null })[2]).toContain('A value at the start or the end is missing');
    expect(compared(gold, { ...known, twr: { ...known.twr, value: null, reason: 'Why' } })[0]).toContain(
      'Yours is not known',
    );
  });
});

describe('the chart of both returns', () => {
  const palette = { text: '', text2: 'grey', text3: '', line: '', grid: '', surface: '', accent: 'blue' };
  const words: ReturnWords = {
    ratio: (value) => value ?? 'Not known',
    axis: (ratio, digits) => ratio.toFixed(digits),
    day: (day) => day,
    own: 'You',
    other: 'Gold',
  };
  const option = returnOption(gold.series, words)(palette) as {
    series: { data: [number, number | null][]; lineStyle: { color: string } }[];
    yAxis: { min: number; max: number; axisLabel: { formatter: (ratio: number) => string } };
    tooltip: { formatter: (hits: object[]) => HTMLElement };
  };

  it('has a line each, with a gap where the other is not known', () => {
    expect(option.series.map((one) => [one.lineStyle.color, ...one.data.map(([, value]) => value)])).toEqual([
      ['grey', 0, null, 0.6],
      ['blue', 0, -0.1, -0.0512],
    ]);
    expect([option.yAxis.min < -0.1, option.yAxis.max > 0.6]).toEqual([true, true]);
  });

  it('has an axis whose lines do not say the same', () => {
    expect([0, 0.25].map((ratio) => option.yAxis.axisLabel.formatter(ratio))).toEqual(['0', '0']);
    const flat = [
      { day: '2025-01-02', own: '0', other: '0' },
      { day: '2026-01-01', own: '0.01', other: '0.004' },
    ];
    const narrow = returnOption(flat, words)(palette) as typeof option;
    expect([0, 0.25].map((ratio) => narrow.yAxis.axisLabel.formatter(ratio))).toEqual(['0', '0.25']);
  });

  it('says both on a day', () => {
    const said = option.tooltip.formatter([{ value: [Date.parse('2025-06-02'), 0] }]);
    expect([...said.children].map((child) => child.textContent)).toEqual(['2025-06-02', 'You -0.1', 'Gold Not known']);
  });
});

describe('what was remembered', () => {
  it('is a choice, or nothing', () => {
    const chosen = { id: 'a', symbol: 'AU', name: 'Gold' };
    expect(chosenFrom(JSON.stringify(chosen))).toEqual(chosen);
    for (const text of [null, '', 'gold', '7', 'null', '{"id":1}']) expect(chosenFrom(text)).toBeUndefined();
  });
});
