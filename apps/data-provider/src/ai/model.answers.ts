import { listOf, NumberText, recordOf } from '@scani/providers';

/** What a model answered, which may be anything, and may say what somebody wrote into a picture for it to say. */
export type Fields = Readonly<Record<string, unknown>>;

const INVISIBLE = /[\p{Cc}\p{Cf}\p{Co}\p{Cn}\p{Zl}\p{Zp}]/gu;

/** One line of at most so many characters, without what cannot be seen; null for what is no text or empty. */
export function lineOf(value: unknown, most: number): string | null {
  if (typeof value !== 'string') return null;
  const line = value
    .slice(0, most * 4)
    .replaceAll(/[\r\n\t]/g, ' ')
    .replaceAll(INVISIBLE, '')
    .replaceAll(/\s+/g, ' ')
    .trim();
  return line === '' ? null : [...line].slice(0, most).join('');
}

/** An amount as it was written: at most 40 characters with a digit among them, no sentence. A bare JSON number is its own text. */
export function writtenOf(value: unknown): string | null {
  const line = value instanceof NumberText ? value.text : lineOf(value, 41);
  if (line === null || line.length > 40 || !/\d/.test(line)) return null;
  return /^[\d\s.,'’+\-−–()\p{Sc}\p{L}]*$/u.test(line) && (line.match(/\p{L}/gu)?.length ?? 0) <= 12 ? line : null;
}

/** Three capitals and such: what stands for an asset or a currency. */
export function symbolOf(value: unknown): string | null {
  const line = lineOf(value, 21)?.toUpperCase() ?? null;
  return line !== null && /^[\p{Lu}\p{N}][\p{Lu}\p{N}.\-:/_$]{0,19}$/u.test(line) ? line : null;
}

export const wordOf = <const W extends string>(value: unknown, words: readonly W[]): W | null =>
  words.find((word) => word === value) ?? null;

/** The records of a list, at most so many; `dropped` counts what is none, and `over` what is too much. */
export function recordsOf(value: unknown, most: number): { records: Fields[]; dropped: number; over: number } {
  const all = listOf(value) ?? [];
  const records = all
    .slice(0, most)
    .map(recordOf)
    .filter((each) => each !== undefined);
  return { records, dropped: Math.min(all.length, most) - records.length, over: Math.max(0, all.length - most) };
}
