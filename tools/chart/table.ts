import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { root } from '../stack/places.ts';

export const chart = join(root, 'charts', 'scani');

export const processes = ['api', 'worker', 'data-provider', 'migrate'] as const;
export type Process = (typeof processes)[number];

/** One row of the chart's files/env.yaml. */
export interface EnvRow {
  name: string;
  in: Process[];
  secret?: 'required' | 'optional';
  when?: string;
  requiredWhen?: string;
  value?: true;
  setting?: true;
  notSet?: string;
}

export function envTable(): EnvRow[] {
  return parse(readFileSync(join(chart, 'files', 'env.yaml'), 'utf8')) as EnvRow[];
}

const namesOf = (rows: readonly EnvRow[]): string[] => [...new Set(rows.map((row) => row.name))].sort();

/** Names of all secrets that a Secret may hold. */
export const secretNames = (): string[] => namesOf(envTable().filter((row) => row.secret));

/** What `<component>.settings` may hold. */
export const settingNames = (process: Process): string[] =>
  namesOf(envTable().filter((row) => row.setting && row.in.includes(process)));
