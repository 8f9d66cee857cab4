import type { AccountKind, Exclusion, ReturnGap } from '../../api/models';

export const EXCLUSION_WORDS: Record<Exclusion, string> = {
  hidden: 'You have hidden this holding, so it is not counted.',
  archived: 'Its account is archived, so it is not counted.',
  scam: 'It may be a scam (its name lures or imitates, or it came unasked and has no price), so it is not counted.',
};
const EXCLUSIONS: ReadonlyMap<string, string> = new Map(Object.entries(EXCLUSION_WORDS));

/** Why a holding is left out of totals; a reason that is new here keeps its own name. */
export function uncountedWords(reason: string): string {
  return EXCLUSIONS.get(reason) ?? `Not counted in your net worth: ${reason}`;
}

export const GAP_WORDS: Record<ReturnGap, string> = {
  'value-unknown': 'its value is not known',
  'nothing-invested': 'nothing was invested',
  'below-zero': 'it was below zero',
};

const UNITS: readonly [name: string, seconds: number][] = [
  ['year', 31_536_000],
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
];

/** How far a quote lies from the instant of the figure, given in seconds; in the largest unit that fits, rounded down. */
export function ageWords(seconds: number): string {
  const size = Math.abs(seconds);
  for (const [name, unit] of UNITS) {
    const count = Math.floor(size / unit);
    if (count > 0) return `${count} ${name}${count === 1 ? '' : 's'} ${seconds < 0 ? 'after' : 'before'}`;
  }
  return 'at that moment';
}

/** What a seen balance and the rows after or before it are called. */
export function walkedWords(seenAt: string | null, at: string): string {
  if (seenAt === null) return 'All rows up to then';
  return Date.parse(seenAt) <= Date.parse(at) ? 'What happened since' : 'What happened later, taken off again';
}

/** Why a holding has no value. */
export function unpricedWords(symbol: string, base: string, unpriceable: boolean): string {
  return unpriceable
    ? `Nobody offers prices for ${symbol} and you have set none, so it is left out and does not count against the coverage.`
    : `No price led from ${symbol} to ${base} at that time, so it is left out of the total.`;
}

/**
 * The days to ask for. A day that is later than what was known cannot have a figure, so it is the last day that was known;
 * days are of UTC, and what was known on a day is what had been recorded at its end.
 */
export function momentOf(on: string, knownOn: string, today: string): { on?: string; knownAt?: string } {
  const known = knownOn && knownOn < today ? knownOn : '';
  if (!known) return on && on < today ? { on } : {};
  return { on: on && on < known ? on : known, knownAt: `${known}T23:59:59.999Z` };
}

/** Of accounts of this kind, what the balance is. */
export function balanceWords(kind: AccountKind): string {
  return kind === 'liability' ? 'Owed' : 'Balance';
}
