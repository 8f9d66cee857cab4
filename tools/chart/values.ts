import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { chart } from './table.ts';

export interface Documented {
  /** Like `image.digests.api`. */
  path: string;
  description: string;
  default: unknown;
}

export const valuesText = (): string => readFileSync(join(chart, 'values.yaml'), 'utf8');
export const values = (): Record<string, unknown> => parse(valuesText()) as Record<string, unknown>;

/** Keys with a `# --` comment, in their order. */
export function documentedValues(): Documented[] {
  const all = values();
  const found: Documented[] = [];
  const parents: { indent: number; key: string }[] = [];
  let description: string | null = null;
  for (const line of valuesText().split('\n')) {
    const comment = /^\s*#\s?(-- )?(.*)$/.exec(line);
    if (comment) {
      if (comment[1]) description = comment[2] ?? '';
      else if (description !== null) description += ` ${comment[2] ?? ''}`;
      continue;
    }
    const [, indent, key] = /^(\s*)([\w.-]+):/.exec(line) ?? [];
    if (key === undefined || indent === undefined) continue;
    while ((parents.at(-1)?.indent ?? -1) >= indent.length) parents.pop();
    parents.push({ indent: indent.length, key });
    if (description === null) continue;
    const path = parents.map((parent) => parent.key);
    found.push({ path: path.join('.'), description: description.trim(), default: valueAt(all, path) });
    description = null;
  }
  return found;
}

export function valueAt(all: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>((at, key) => (at as Record<string, unknown> | undefined)?.[key], all);
}
