import type { Performance } from '../../api/models';
import { formatMoney, formatRatio, signOf } from '../ui/format';
import { factsOf } from './facts';

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
