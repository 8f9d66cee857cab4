import { CloudError } from './cloud.error.js';

/** The other side may be somebody else's and of another version: nothing of it is taken on trust. */
export type Fields = Readonly<Record<string, unknown>>;

export function listOf(body: unknown, name: string): Fields[] {
  const list = fieldsOf(body, name)[name];
  if (!Array.isArray(list)) throw unexpected(name);
  return list.map((each) => fieldsOf(each, name));
}

export function fieldsOf(value: unknown, name: string): Fields {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw unexpected(name);
  return value as Fields;
}

export function textOf(fields: Fields, name: string): string {
  const value = fields[name];
  if (typeof value !== 'string') throw unexpected(name);
  return value;
}

export const textOrNullOf = (fields: Fields, name: string): string | null =>
  fields[name] === null ? null : textOf(fields, name);

export function wordOf<const W extends string>(fields: Fields, name: string, words: readonly W[]): W {
  const word = words.find((each) => each === fields[name]);
  if (word === undefined) throw unexpected(name);
  return word;
}

export function wordsOf(fields: Fields, name: string): string[] {
  const words = fields[name];
  if (!Array.isArray(words) || !words.every((each) => typeof each === 'string')) throw unexpected(name);
  return words;
}

export const unexpected = (name: string): CloudError =>
  new CloudError('failed', `the data-provider answered with an unexpected "${name}"; is its version the same as ours?`);
