import { Logger } from '@nestjs/common';
import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import type { Field } from './env.js';

/** A setting that may change while the process runs. */
export interface Live<T> {
  readonly current: T;
  /** Called after `current` has changed. */
  onChange(listener: (value: T) => void): void;
}

/** Says what happens to secrets; never with their content. */
export interface SecretLog {
  log(line: string): void;
  warn(line: string): void;
}

interface Watched {
  readonly name: string;
  readonly file: string;
  readonly field: Field<unknown>;
  text: string;
  value: unknown;
  /** Whether somebody takes a new value while running; else only a restart does. */
  claimed: boolean;
  /** What was last said against the file. */
  trouble: string | undefined;
  readonly listeners: ((value: unknown) => void)[];
}

/** Kubelet swaps mounted secrets within a minute; this adds little to it and costs a few reads. */
const LOOK_EVERY_MS = 5_000;

const filesOf = new WeakMap<object, SecretFiles>();

/** The secrets of one process that came from files. Files are read again as a whole, so that any way of replacing them is seen. */
export class SecretFiles {
  private readonly watched = new Map<string, Watched>();

  add(name: string, file: string, field: Field<unknown>, text: string, value: unknown): void {
    this.watched.set(name, {
      name,
      file,
      field,
      text,
      value,
      claimed: false,
      trouble: undefined,
      listeners: [],
    });
  }

  get size(): number {
    return this.watched.size;
  }

  live(name: string): Live<unknown> | undefined {
    const one = this.watched.get(name);
    if (!one) return undefined;
    one.claimed = true;
    return {
      get current() {
        return one.value;
      },
      onChange: (listener) => void one.listeners.push(listener),
    };
  }

  /** Reads every file once and tells of what has changed. Never throws. */
  async look(log: SecretLog): Promise<void> {
    for (const one of this.watched.values()) {
      const read = await again(one);
      if (typeof read === 'string') {
        if (read !== one.trouble) log.warn(`${one.name}_FILE (${one.file}) ${read}: the value before it stays in use`);
        one.trouble = read;
        continue;
      }
      one.trouble = undefined;
      if (read.text === one.text) continue;
      one.text = read.text;
      one.value = read.value;
      this.tell(one, log);
    }
  }

  private tell(one: Watched, log: SecretLog): void {
    if (!one.claimed) return log.warn(`${one.name} has changed in its file: restart this process to use it`);
    try {
      for (const listener of one.listeners) listener(one.value);
      log.log(`${one.name} has changed in its file and is used from now on`);
    } catch {
      // What a client says of a secret may contain it.
      log.warn(`${one.name} has changed in its file but could not be taken over: restart this process to use it`);
    }
  }
}

/** The new content, or what is wrong with it. */
async function again({ file, field }: Watched): Promise<{ text: string; value: unknown } | string> {
  let text: string;
  try {
    text = withoutLastNewline(await readFile(file, 'utf8'));
  } catch (error) {
    return `cannot be read (${(error as { code?: string }).code ?? 'unknown'})`;
  }
  if (text === '') return 'is empty';
  try {
    return { text, value: field.parse(text) };
  } catch (error) {
    return saidOf(field, text, error);
  }
}

/** The content of a secret's file. Throws when it cannot be read. */
export function readSecretFile(name: string, file: string): string {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch {
    throw new Error(`cannot be read from ${name}_FILE (${file})`);
  }
  return withoutLastNewline(text);
}

/** What is wrong with a value, without the value where it is a secret. */
export function saidOf(field: Field<unknown>, text: string, error: unknown): string {
  const said = error instanceof Error ? error.message : String(error);
  if (text === '') return said;
  const tells = said.includes(text) || said.includes(JSON.stringify(text).slice(1, -1));
  return field.secret && tells ? 'is not usable' : said;
}

const withoutLastNewline = (text: string): string => text.replace(/\r?\n$/, '');

/** Remembers where the secrets of an environment came from. */
export function rememberFiles(env: object, files: SecretFiles): void {
  if (files.size > 0) filesOf.set(env, files);
}

/**
 * A setting as it is now. Whoever asks promises to take a new value without a restart. Of what did not come from a file,
 * and of copies of an environment, it never changes.
 */
export function liveOf<E extends object, K extends keyof E & string>(env: E, name: K): Live<E[K]> {
  return (filesOf.get(env)?.live(name) as Live<E[K]> | undefined) ?? constant(env[name]);
}

export function constant<T>(value: T): Live<T> {
  return { current: value, onChange: () => undefined };
}

/** Begins to watch the secrets of an environment that came from files; returns how to end it. */
export function watchSecrets(env: object, options: { everyMs?: number; log?: SecretLog } = {}): () => void {
  const files = filesOf.get(env);
  if (!files) return () => undefined;
  const log = options.log ?? new Logger('Secrets');
  let looking = false;
  const timer = setInterval(() => {
    // A mount that hangs must not pile up reads.
    if (looking) return;
    looking = true;
    void files.look(log).finally(() => (looking = false));
  }, options.everyMs ?? LOOK_EVERY_MS);
  timer.unref();
  return () => clearInterval(timer);
}
