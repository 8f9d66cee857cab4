/** How often interest can be paid, by payouts in a year. */
export const PAYOUT_WORDS: Readonly<Record<number, string>> = {
  365: 'every day',
  260: 'every weekday',
  52: 'every week',
  12: 'every month',
  1: 'every year',
};

/** A frequency in words; one that has none of its own is counted. */
export function payoutWords(payoutsPerYear: number): string {
  return PAYOUT_WORDS[payoutsPerYear] ?? `${payoutsPerYear} times a year`;
}

/** Until when the terms hold, and since when. */
export function spanWords(startsOn: string, endsOn: string | null, day: (day: string) => string): string {
  return endsOn === null ? `since ${day(startsOn)}` : `from ${day(startsOn)} to ${day(endsOn)}`;
}
