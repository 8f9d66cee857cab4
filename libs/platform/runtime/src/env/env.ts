import { readSecretFile, rememberFiles, saidOf, SecretFiles } from './secret-files.js';

/** One environment variable: how it is read and how it is explained in .env.example, the chart and the docs. */
export interface Field<T> {
  readonly description: string;
  readonly secret: boolean;
  /** As it would be written in the environment; undefined when the variable must be set. */
  readonly default: string | undefined;
  readonly required: boolean;
  readonly example: string | undefined;
  parse(text: string): T;
}

export interface Fragment<F extends Record<string, Field<unknown>> = Record<string, Field<unknown>>> {
  readonly name: string;
  readonly fields: F;
  /** What is wrong with variables that are each right by themselves; a sentence per problem. */
  problems?(values: ValuesOf<F>): readonly string[];
}

type ValuesOf<F> = { readonly [K in keyof F]: F[K] extends Field<infer T> ? T : never };
type Merge<U> = (U extends unknown ? (value: U) => void : never) extends (value: infer I) => void ? I : never;
/** The values that a list of fragments reads. */
export type EnvOf<L extends readonly Fragment[]> = Merge<ValuesOf<L[number]['fields']>>;

interface About {
  description: string;
  default?: string;
  secret?: boolean;
  example?: string;
}

function field<T>(about: About, parse: (text: string) => T): Field<T> {
  return {
    description: about.description,
    secret: about.secret ?? false,
    default: about.default,
    required: about.default === undefined,
    example: about.example,
    parse,
  };
}

/** Free text. `minLength` counts characters. */
export function text(about: About & { minLength?: number }): Field<string> {
  return field(about, (value) => {
    if (about.minLength && value.length < about.minLength) {
      throw new Error(`must have at least ${about.minLength} characters, has ${value.length}`);
    }
    return value;
  });
}

/** A whole number within bounds. */
export function integer(about: About & { min?: number; max?: number }): Field<number> {
  return field(about, (value) => {
    const parsed = /^-?\d+$/.test(value) ? Number(value) : Number.NaN;
    if (!Number.isSafeInteger(parsed)) throw new Error(`must be a whole number, is ${JSON.stringify(value)}`);
    if (about.min !== undefined && parsed < about.min) throw new Error(`must be at least ${about.min}, is ${parsed}`);
    if (about.max !== undefined && parsed > about.max) throw new Error(`must be at most ${about.max}, is ${parsed}`);
    return parsed;
  });
}

/** A URL with one of the given protocols (`https:` style), kept as text without a trailing slash. */
export function url(about: About & { protocols?: readonly string[] }): Field<string> {
  const protocols = about.protocols ?? ['http:', 'https:'];
  return field(about, (value) => {
    if (!URL.canParse(value)) throw new Error('must be a URL');
    if (!protocols.includes(new URL(value).protocol)) throw new Error(`must start with ${protocols.join(' or ')}//`);
    return value.replace(/\/+$/, '');
  });
}

/** One word of a list. */
export function choice<const W extends string>(words: readonly W[], about: About): Field<W> {
  return field(about, (value) => {
    const found = words.find((word) => word === value);
    if (found === undefined) throw new Error(`must be one of ${words.join(', ')}, is ${JSON.stringify(value)}`);
    return found;
  });
}

/** `true` or `false`. */
export function flag(about: About): Field<boolean> {
  return field(about, (value) => {
    if (value !== 'true' && value !== 'false') throw new Error(`must be true or false, is ${JSON.stringify(value)}`);
    return value === 'true';
  });
}

/** The same variable, but it may be left out; its value is then undefined. */
export function optional<T>(inner: Field<T>): Field<T | undefined> {
  return { ...inner, required: false, default: undefined };
}

/** The variables that one part of the system reads; `problems` looks at them together, once each is right by itself. */
export function fragment<F extends Record<string, Field<unknown>>>(
  name: string,
  fields: F,
  problems?: (values: ValuesOf<F>) => readonly string[],
): Fragment<F> {
  return { name, fields, ...(problems ? { problems } : {}) };
}

/** Every bad variable at once, so that an operator fixes a deployment in one go. */
export class BadEnv extends Error {
  constructor(readonly problems: readonly string[]) {
    super(`The settings are not usable:\n${problems.map((problem) => `  - ${problem}`).join('\n')}`);
    this.name = 'BadEnv';
  }
}

const secretTexts = new WeakMap<object, readonly string[]>();

/** What the secrets of an environment were when it was read; nothing of a copy. */
export function secretsOf(env: object): readonly string[] {
  return secretTexts.get(env) ?? [];
}

/**
 * Reads the variables of all fragments. A secret `NAME` may come from the file named by `NAME_FILE`
 * (trailing newline removed); the file wins. An empty variable counts as not set.
 * Throws BadEnv that lists every bad variable, without what secrets contain.
 */
export function readEnv<const L extends readonly Fragment[]>(
  fragments: L,
  source: Record<string, string | undefined> = process.env,
): EnvOf<L> {
  const problems: string[] = [];
  const values: Record<string, unknown> = {};
  const files = new SecretFiles();
  const secrets: string[] = [];
  for (const { fields, problems: together } of fragments) {
    const before = problems.length;
    for (const [name, spec] of Object.entries(fields)) {
      let raw: string | undefined;
      try {
        const file = spec.secret ? source[`${name}_FILE`] : undefined;
        raw = file ? readSecretFile(name, file) : source[name];
        raw ||= spec.default;
        if (raw === undefined && spec.required) problems.push(`${name} is not set: ${spec.description}`);
        values[name] = raw === undefined ? undefined : spec.parse(raw);
        if (spec.secret && raw !== undefined) secrets.push(raw);
        if (file) files.add(name, file, spec, raw ?? '', values[name]);
      } catch (error) {
        problems.push(`${name} ${saidOf(spec, raw ?? '', error)}`);
      }
    }
    if (problems.length === before) problems.push(...(together?.(values) ?? []));
  }
  if (problems.length > 0) throw new BadEnv(problems);
  rememberFiles(values, files);
  secretTexts.set(values, secrets);
  return values as EnvOf<L>;
}
