import type { Vault } from '../../api/models';
import { signOf } from '../ui/format';

type Words = { money(amount: string, currency: string): string; day(day: string): string };

/** What is still to be done for a vault. */
export function toGoWords(
  vault: Pick<Vault, 'missing' | 'monthly' | 'dueOn' | 'currency'>,
  words: Words,
  today: string,
): string {
  const { missing, monthly, dueOn, currency } = vault;
  if (missing === null) return 'How much is missing is not known: there is a price missing.';
  if (signOf(missing) <= 0) return dueOn ? `Reached; it is due on ${words.day(dueOn)}.` : 'Reached.';
  const gap = `${words.money(missing, currency)} to go`;
  if (dueOn === null) return `${gap}, with no day set.`;
  if (dueOn < today) return `${gap}; it was due on ${words.day(dueOn)}.`;
  return monthly === null
    ? `${gap} until ${words.day(dueOn)}.`
    : `${gap}: ${words.money(monthly, currency)} a month until ${words.day(dueOn)}.`;
}

/** The fields that the server refused, by their place in what was sent: `/slices/2/percent` is the third. */
export function refusedSlices(errors: readonly { pointer: string; detail: string }[]): Map<number, string> {
  const refused = new Map<number, string>();
  for (const { pointer, detail } of errors) {
    const place = /^\/slices\/(\d+)(?:\/|$)/.exec(pointer)?.[1];
    if (place !== undefined) refused.set(Number(place), detail);
  }
  return refused;
}
