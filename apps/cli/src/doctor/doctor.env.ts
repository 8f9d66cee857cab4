import { cloudEnv } from '@scani/cloud';
import { cryptoEnv } from '@scani/crypto';
import { databaseEnv, migrationEnv } from '@scani/database';
import { identityEnv } from '@scani/identity';
import { redisEnv } from '@scani/jobs';
import { BadEnv, type EnvOf, type Fragment, logEnv, readEnv } from '@scani/runtime';
import { storageEnv, type StorageSettings, storageSettings } from '@scani/storage';
import { readFileSync } from 'node:fs';
import { type Diagnosis, fail, ok } from './examination.js';

export type Source = Record<string, string | undefined>;

/** What the parts of the installation read, each part by itself: one bad variable hides no other part. */
export interface DoctorEnv {
  database: EnvOf<[typeof databaseEnv, typeof migrationEnv]> | undefined;
  redis: EnvOf<[typeof redisEnv]> | undefined;
  cloud: EnvOf<[typeof cloudEnv]> | undefined;
  crypto: EnvOf<[typeof cryptoEnv]> | undefined;
  identity: EnvOf<[typeof identityEnv]> | undefined;
  log: EnvOf<[typeof logEnv]> | undefined;
  /** Null: no object storage is configured. */
  storage: StorageSettings | null | undefined;
  problems: readonly string[];
}

const FRAGMENTS = [databaseEnv, migrationEnv, redisEnv, cloudEnv, cryptoEnv, identityEnv, storageEnv, logEnv] as const;
/** Shorter parts of a URL are words that stand in ordinary sentences too. */
const SHORTEST_PART = 8;

export function doctorEnv(source: Source): DoctorEnv {
  const problems: string[] = [];
  const part = <T>(read: () => T): T | undefined => {
    try {
      return read();
    } catch (error) {
      if (!(error instanceof BadEnv)) throw error;
      problems.push(...error.problems);
      return undefined;
    }
  };
  return {
    database: part(() => readEnv([databaseEnv, migrationEnv], source)),
    redis: part(() => readEnv([redisEnv], source)),
    cloud: part(() => readEnv([cloudEnv], source)),
    crypto: part(() => readEnv([cryptoEnv], source)),
    identity: part(() => readEnv([identityEnv], source)),
    log: part(() => readEnv([logEnv], source)),
    storage: part(() => storageSettings(readEnv([storageEnv], source))),
    problems,
  };
}

export function examineSettings({ problems }: DoctorEnv): Diagnosis {
  if (problems.length === 0) return ok('Every variable that api and worker need is set and readable.');
  return fail(
    `${problems.length === 1 ? 'One variable is' : `${problems.length} variables are`} not usable: ${problems.join('; ')}`,
    'Set them for api and worker alike; .env.example explains each.',
    { problems },
  );
}

/** Takes every secret of the environment out of a text, whatever an error message may have brought along. */
export function hiderOf(source: Source): (text: string) => string {
  const secrets = secretsOf(source).toSorted((a, b) => b.length - a.length);
  return (text) => secrets.reduce((left, secret) => left.replaceAll(secret, '[hidden]'), text);
}

function secretsOf(source: Source): string[] {
  const found = new Set<string>();
  for (const fragment of FRAGMENTS as readonly Fragment[]) {
    for (const [name, { secret }] of Object.entries(fragment.fields)) {
      const value = secret ? (contentOf(source[`${name}_FILE`]) ?? source[name]) : undefined;
      if (!value) continue;
      found.add(value);
      // REDIS_URL may list several.
      for (const text of value.split(',').filter((part) => URL.canParse(part))) {
        found.add(text);
        const { password } = new URL(text);
        for (const part of [password, decoded(password)]) if (part.length >= SHORTEST_PART) found.add(part);
      }
    }
  }
  return [...found].filter(Boolean);
}

function contentOf(file: string | undefined): string | undefined {
  try {
    return file ? readFileSync(file, 'utf8').trim() : undefined;
  } catch {
    // Settings say that it cannot be read.
    return undefined;
  }
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
