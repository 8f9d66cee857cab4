declare const dayBrand: unique symbol;

/** A calendar day, `YYYY-MM-DD`. Days of the ledger are UTC days. Compare with `<`. */
export type Day = string & { readonly [dayBrand]: true };

export const DAY_MS = 86_400_000;

/** Reads `YYYY-MM-DD`; undefined for anything that is not a day of the calendar (30 February included). */
export function parseDay(text: string): Day | undefined {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return undefined;
  const ms = Date.parse(`${text}T00:00:00Z`);
  if (Number.isNaN(ms)) return undefined;
  return new Date(ms).toISOString().slice(0, 10) === text ? (text as Day) : undefined;
}

/** Like parseDay, but throws RangeError. */
export function day(text: string): Day {
  const parsed = parseDay(text);
  if (parsed === undefined) throw new RangeError(`not a day: ${JSON.stringify(text)}`);
  return parsed;
}

/** The UTC day of an instant. */
export function dayOf(instant: Date): Day {
  return instant.toISOString().slice(0, 10) as Day;
}

/** Midnight UTC at which the day begins. */
export function startOf(value: Day): Date {
  return new Date(`${value}T00:00:00Z`);
}

/** The last millisecond of the day, UTC. */
export function endOf(value: Day): Date {
  return new Date(startOf(value).getTime() + DAY_MS - 1);
}

/** The day `count` days later (earlier when negative). */
export function addDays(value: Day, count: number): Day {
  return dayOf(new Date(startOf(value).getTime() + count * DAY_MS));
}

/** Whole days from `from` to `to`; negative when `to` is earlier. */
export function daysBetween(from: Day, to: Day): number {
  return Math.round((startOf(to).getTime() - startOf(from).getTime()) / DAY_MS);
}

/** Every day from `from` to `to`, both included; nothing when `to` is earlier. */
export function* daysFrom(from: Day, to: Day): Generator<Day> {
  for (let at = from; at <= to; at = addDays(at, 1)) yield at;
}
