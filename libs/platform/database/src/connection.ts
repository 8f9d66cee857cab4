import { readFileSync } from 'node:fs';
import { type Field, fragment, integer, optional, text } from '@scani/runtime';
import pg, { type PoolConfig } from 'pg';

function postgresUrl(about: { description: string; example?: string }): Field<string> {
  return {
    ...text({ ...about, secret: true }),
    parse(value) {
      connectionOf(value);
      return value;
    },
  };
}

export const databaseEnv = fragment('database', {
  DATABASE_URL: postgresUrl({
    description:
      'Postgres 16 or newer: postgres://user:password@host:5432/scani?sslmode=require. A pooled URL is welcome.',
    example: 'postgres://scani:secret@postgres:5432/scani',
  }),
  POSTGRES_POOL_MAX: integer({
    description: 'Connections that each process keeps at most.',
    default: '20',
    min: 1,
    max: 500,
  }),
});

export const migrationEnv = fragment('migration', {
  MIGRATION_DATABASE_URL: optional(
    postgresUrl({ description: 'Direct Postgres URL for migrations where DATABASE_URL goes through a pooler.' }),
  ),
});

const OWN_PARAMETERS = ['sslmode', 'sslrootcert', 'pgbouncer'];
/** More than this is no use behind a transaction pooler, which shares out its own connections. */
const POOLED_MAX = 10;

// A `date` column is a calendar day; a Date object would move it by the time zone of the process.
pg.types.setTypeParser(pg.types.builtins.DATE, (text: string) => text);

/**
 * Reads a Postgres URL with libpq's meaning of `sslmode` (node-pg reads `require` as verify-full):
 * `disable`; `require` encrypts and verifies only where `sslrootcert` names a CA; `verify-ca` and `verify-full` verify.
 * Throws when the URL or the CA file cannot be used.
 */
export function connectionOf(databaseUrl: string): PoolConfig {
  if (!URL.canParse(databaseUrl))
    throw new Error('must be a URL (special characters in the password are written as %XX)');
  const parsed = new URL(databaseUrl);
  if (!['postgres:', 'postgresql:'].includes(parsed.protocol)) throw new Error('must start with postgres://');
  const mode = parsed.searchParams.get('sslmode') ?? 'disable';
  const rootCert = parsed.searchParams.get('sslrootcert');
  for (const name of OWN_PARAMETERS) parsed.searchParams.delete(name);
  return { connectionString: parsed.toString(), ...sslOf(mode, rootCert) };
}

/** Whether the URL says that it goes through a transaction pooler. */
export function isPooled(databaseUrl: string): boolean {
  return URL.canParse(databaseUrl) && new URL(databaseUrl).searchParams.get('pgbouncer') === 'true';
}

/** What an operator should be told at the start of a process whose pool is larger than a pooler makes sense of. */
export function poolWarning(databaseUrl: string, poolMax: number): string | undefined {
  if (!isPooled(databaseUrl) || poolMax <= POOLED_MAX) return undefined;
  return `DATABASE_URL goes through a pooler: POSTGRES_POOL_MAX=${poolMax} is more than it needs, 5 will do`;
}

function sslOf(mode: string, rootCert: string | null): Pick<PoolConfig, 'ssl'> {
  const ca = rootCert === null ? undefined : readCa(rootCert);
  switch (mode) {
    case 'disable':
    case 'allow':
    case 'prefer':
      return { ssl: false };
    case 'require':
    case 'no-verify':
      return { ssl: ca === undefined ? { rejectUnauthorized: false } : { ca, checkServerIdentity: () => undefined } };
    case 'verify-ca':
      return { ssl: { ...(ca ? { ca } : {}), checkServerIdentity: () => undefined } };
    case 'verify-full':
      return { ssl: ca ? { ca } : true };
    default:
      throw new Error(`sslmode=${mode} is not one of disable, require, verify-ca, verify-full`);
  }
}

function readCa(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    throw new Error(`sslrootcert=${path} cannot be read`);
  }
}
