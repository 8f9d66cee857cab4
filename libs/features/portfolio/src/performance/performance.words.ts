import type { MoneyWeighted, TimeWeighted } from '@scani/domain';
import { decimalText } from '@scani/money';
import type { MoneyWeightedReturn, TimeWeightedReturn } from './performance.dto.js';

export const BUILDING = 'The daily values are still being worked out.';

export function shownTimeWeighted(found: TimeWeighted): TimeWeightedReturn {
  if (!found.known) return unknownTimeWeighted(whyNotChained(found));
  return {
    value: decimalText(found.value),
    annualised: found.annualised && decimalText(found.annualised),
    reason: null,
    from: found.from,
    to: found.to,
  };
}

export const unknownTimeWeighted = (reason: string): TimeWeightedReturn => ({
  value: null,
  annualised: null,
  reason,
  from: null,
  to: null,
});

function whyNotChained(found: TimeWeighted & { known: false }): string {
  if (found.reason === 'never-invested') return 'Nothing was held for a whole day in this time.';
  const when = found.days === 1 ? `on ${found.day}` : `on ${found.days} days, the first of them ${found.day}`;
  switch (found.reason) {
    case 'value-unknown':
      return `The value is not known ${when}.`;
    case 'nothing-invested':
      return `Nothing was held ${when}.`;
    case 'below-zero':
      return `It was worth less than nothing ${when}.`;
  }
}

const NO_RATE = {
  'no-flows': 'No money was at work in this time.',
  'within-a-day': 'All of it happened within one day.',
  'no-sign-change': 'Money only went one way: there is nothing to compare it with.',
  'no-rate': 'No yearly rate explains these flows.',
} as const;

export function shownMoneyWeighted(found: MoneyWeighted): MoneyWeightedReturn {
  if (found.state === 'known') return { state: 'known', value: decimalText(found.value), reason: null };
  if (found.state === 'undefined') return unknownMoneyWeighted(NO_RATE[found.reason]);
  return {
    state: 'not-unique',
    value: null,
    reason: `${found.rates} different yearly rates explain these flows equally well.`,
  };
}

export const unknownMoneyWeighted = (reason: string): MoneyWeightedReturn => ({
  state: 'undefined',
  value: null,
  reason,
});

/** What was left out of a return, and from when. */
export function notesOf<T>(
  holdings: readonly T[],
  priced: (holding: T) => { atStart: boolean; atEnd: boolean },
): string[] {
  const known = holdings.map(priced);
  const never = known.filter((one) => !one.atEnd).length;
  const later = known.filter((one) => one.atEnd && !one.atStart).length;
  const said = (count: number, one: string, many: string): string[] =>
    count === 0 ? [] : [`${count} ${count === 1 ? one : many}.`];
  return [
    ...said(never, 'holding has no price and is left out', 'holdings have no price and are left out'),
    ...said(later, 'holding is measured from its first price on', 'holdings are measured from their first price on'),
  ];
}
