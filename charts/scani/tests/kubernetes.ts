import { Ajv, type ValidateFunction } from 'ajv';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { KubeObject } from './chart.js';

interface Schemas {
  kinds: Record<string, Record<string, unknown>>;
  components?: unknown;
}

const read = (name: string): Schemas =>
  JSON.parse(readFileSync(join(import.meta.dirname, 'schemas', `${name}.json`), 'utf8')) as Schemas;

const ajv = new Ajv({ strict: false, allErrors: true });
const compiled = new Map<string, ValidateFunction | null>();

export type KubernetesVersion = '1.33' | '1.36';

function validatorOf(kind: string, version: KubernetesVersion): ValidateFunction | null {
  const key = `${version} ${kind}`;
  const known = compiled.get(key);
  if (known !== undefined) return known;
  let made: ValidateFunction | null = null;
  for (const { kinds, components } of [read(`kubernetes-${version}`), read('custom')]) {
    if (kinds[kind]) made = ajv.compile({ ...kinds[kind], ...(components ? { components } : {}) });
  }
  compiled.set(key, made);
  return made;
}

/**
 * What a strict api server of that version would refuse in an object: unknown fields, wrong types, missing ones. Kinds
 * that the chart itself never has are said to be unknown.
 */
export function problemsOf(object: KubeObject, version: KubernetesVersion): string[] {
  const validate = validatorOf(`${object.apiVersion} ${object.kind}`, version);
  if (!validate) return [`${object.apiVersion} ${object.kind} is not known here`];
  if (validate(object)) return [];
  return (validate.errors ?? []).map(
    ({ instancePath, message, params }) => `${instancePath} ${message} ${JSON.stringify(params)}`,
  );
}
