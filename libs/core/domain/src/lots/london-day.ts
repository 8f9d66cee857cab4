import { type Day, DAY_MS, day } from '@scani/money';

const LONDON = new Intl.DateTimeFormat('en-GB', {
  timeZone: 'Europe/London',
  year: 'numeric',
  month: '2-digit',
  day: '2-digit',
});

/** The calendar day of an instant (ms) in London, summer time included. */
export function londonDay(at: number): Day {
  const part = new Map(LONDON.formatToParts(at).map(({ type, value }) => [type, value]));
  return day(`${part.get('year')?.padStart(4, '0')}-${part.get('month')}-${part.get('day')}`);
}

/** The first instant (ms) of a London day. */
export function startOfLondonDay(value: Day): number {
  const midnight = Date.parse(`${value}T00:00:00Z`);
  // London is at UTC or an hour ahead of it: the day begins at 23:00 UTC of the day before, or at midnight.
  const ahead = midnight - DAY_MS / 24;
  return londonDay(ahead) === value ? ahead : midnight;
}
