import type { Benchmark, Performance } from '../../api/models';
import type { Prefs } from '../ui/prefs';

export interface Fact {
  key: string;
  label: string;
  text: string;
  /** What it means, or why it is not known. */
  sub: string;
  /** Of a gain or loss; 0 where the figure is neither. */
  sign: Sign;
  known: boolean;
}

const NOT_KNOWN = 'Not known';
const NO_VALUE = 'A value at the start or the end is missing';
const YEAR_DAYS = 365;

type Sign = -1 | 0 | 1;

function factOf(
  signOf: (amount: string) => Sign,
  ...[key, label, value, text, sub]: [string, string, string | null, (value: string) => string, string]
): Fact {
  return {
    key,
    label,
    text: value === null ? NOT_KNOWN : text(value),
    sub,
    sign: value === null ? 0 : signOf(value),
    known: value !== null,
  };
}

/** The figures of the card, in its order. */
export function factsOf(
  it: Performance,
  prefs: Pick<Prefs, 'money' | 'ratio' | 'calendarDay'>,
  signOf: (amount: string) => Sign,
): Fact[] {
  const fact = factOf.bind(undefined, signOf);
  const percent = (value: string): string => prefs.ratio(value, true);
  const money = (value: string): string => prefs.money(value, it.base, { signed: true });
  const why = it.twr.reason ?? NO_VALUE;
  return [
    fact('twr', 'Time-weighted', it.twr.value, percent, timeWeightedSub(it, prefs)),
    fact('xirr', 'Money-weighted', it.xirr.value, percent, moneyWeightedSub(it)),
    fact('gain', 'Gain', it.gain, money, it.gain === null ? why : 'Beyond what was put in'),
    plain(fact('flows', 'Money in and out', it.netFlows, money, it.netFlows === null ? why : 'Net of each other')),
    plain(fact('income', 'Income', it.income, (value) => prefs.money(value, it.base), incomeSub(it, prefs, why))),
    fact(
      'currency',
      'Exchange rates',
      it.currencyEffect,
      money,
      it.currencyEffect === null ? 'A rate or a value is missing' : 'Their part of the gain',
    ),
  ];
}

const plain = (one: Fact): Fact => ({ ...one, sign: 0 });

/** How another asset did over the same days, and what the same money would be in it. */
export function besideFacts(
  it: Performance,
  beside: Benchmark,
  prefs: Pick<Prefs, 'money' | 'ratio' | 'calendarDay'>,
  signOf: (amount: string) => Sign,
): Fact[] {
  const fact = factOf.bind(undefined, signOf);
  const why = beside.reason ?? it.twr.reason ?? NO_VALUE;
  const isShorter = beside.from > it.from || beside.to < it.to;
  const days = isShorter ? `, ${prefs.calendarDay(beside.from)} to ${prefs.calendarDay(beside.to)}` : '';
  const own = it.twr.value === null ? 'Yours is not known' : `Yours: ${prefs.ratio(it.twr.value, true)}`;
  return [
    fact(
      'return',
      'Its own return',
      beside.value,
      (value) => prefs.ratio(value, true),
      beside.value === null ? why : own + days,
    ),
    plain(
      fact(
        'worth',
        'Your money in it',
        beside.worth,
        (value) => prefs.money(value, it.base),
        beside.worth === null ? why : 'Put in and taken out on the same days',
      ),
    ),
    fact(
      'difference',
      'Difference',
      beside.difference,
      (value) => prefs.money(value, it.base, { signed: true }),
      beside.difference === null ? (beside.worth === null ? why : NO_VALUE) : lead(signOf(beside.difference)),
    ),
  ];
}

const lead = (sign: Sign): string =>
  sign === 0 ? 'You have as much' : sign === 1 ? 'You have more than that' : 'You have less than that';

function timeWeightedSub({ twr, from, to }: Performance, prefs: Pick<Prefs, 'ratio' | 'calendarDay'>): string {
  if (twr.value === null) return twr.reason ?? '';
  if (twr.annualised !== null && twr.annualised !== twr.value) return `${prefs.ratio(twr.annualised, true)} a year`;
  if (twr.from !== null && twr.to !== null && (twr.from > from || twr.to < to)) {
    return `${prefs.calendarDay(twr.from)} to ${prefs.calendarDay(twr.to)}`;
  }
  return 'Whatever you put in or took out';
}

function moneyWeightedSub({ xirr, from, to }: Performance): string {
  if (xirr.value === null) return xirr.reason ?? '';
  const days = Math.round((Date.parse(to) - Date.parse(from)) / 86_400_000);
  return days < YEAR_DAYS ? 'A year, if it went on like this' : 'A year, on your money';
}

function incomeSub({ income, costs, base }: Performance, prefs: Pick<Prefs, 'money'>, why: string): string {
  if (income === null) return why;
  return costs === null ? 'Dividends, interest, rewards' : `Costs: ${prefs.money(costs, base)}`;
}
