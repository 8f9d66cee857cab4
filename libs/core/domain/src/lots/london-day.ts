import { type Day, DAY_MS, dayOf } from '@scani/money';

const LONDON = new Intl.DateTimeFormat('en-GB', { timeZone: 'Europe/London', timeZoneName: 'longOffset' });
const HOUR_MS = DAY_MS / 24;
const AHEAD = new Map<number, number>();

/** The calendar day of an instant (ms) in London, summer time included. */
export function londonDay(at: number): Day {
  return dayOf(new Date(at + aheadOf(at)));
}

/** The same as a count of days since 1970, to reckon with. */
export const londonDayNumber = (at: number): number => Math.floor((at + aheadOf(at)) / DAY_MS);

/** The first instant (ms) of a London day. */
export function startOfLondonDay(value: Day): number {
  const midnight = Date.parse(`${value}T00:00:00Z`);
  // London is at UTC or an hour ahead of it: the day begins at 23:00 UTC of the day before, or at midnight.
  const ahead = midnight - HOUR_MS;
  return londonDay(ahead) === value ? ahead : midnight;
}

/** How far London is ahead of UTC; asked for once an hour of the calendar, since the calendar is slow to ask. */
function aheadOf(at: number): number {
  const hour = Math.floor(at / HOUR_MS);
  let ahead = AHEAD.get(hour);
  if (ahead === undefined) {
    const name = LONDON.formatToParts(at).find(({ type }) => type === 'timeZoneName')?.value;
    ahead = name === 'GMT+01:00' ? HOUR_MS : 0;
    AHEAD.set(hour, ahead);
  }
  return ahead;
}
