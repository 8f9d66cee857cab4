import {
  cannotConnect,
  changedMigrations,
  connectionTrouble,
  createDataSource,
  databaseEnv,
  migrateUp,
  migrationEnv,
  MigrationRefused,
  type PendingMigration,
  pendingMigrations,
  type SchemaStatus,
  schemaFits as fits,
  schemaStatus,
} from '@scani/database';
import { envOrExit } from '@scani/runtime';
import type { DataSource } from 'typeorm';
import { VERSION } from './version.js';

/** Exit codes are part of the contract with pipelines. */
const CHANGED = 1;
const UNFIT = 1;
const CANNOT_CONNECT = 5;
const REFUSALS: Record<MigrationRefused['reason'], number> = {
  'live-instance': 2,
  ahead: 3,
  'lock-timeout': 4,
  pooled: CANNOT_CONNECT,
};

export interface MigrateFlags {
  json: boolean;
  /** `status` fails unless this build would be ready on the schema. */
  fits: boolean;
  /** Like 5s. */
  lockTimeout: string | undefined;
}

/** `scani migrate up|status|plan|verify`. Returns the exit code. */
export async function migrate(what: string, flags: MigrateFlags): Promise<number> {
  const env = envOrExit([databaseEnv, migrationEnv]);
  const url = env.MIGRATION_DATABASE_URL ?? env.DATABASE_URL;
  const tell = (words: string, facts: object): void =>
    void process.stdout.write(`${flags.json ? JSON.stringify(facts) : words}\n`);
  try {
    switch (what) {
      case 'up':
        return await up(url, flags, tell);
      case 'status':
        return await looking(url, async (source) => {
          const status = await schemaStatus((sql) => source.query(sql));
          tell(wordsOf(status), status);
          return flags.fits && !fits(status) ? UNFIT : 0;
        });
      case 'plan':
        return await looking(url, async (source) => {
          const pending = await pendingMigrations(source.manager);
          tell(pending.length === 0 ? 'nothing is pending' : pending.map(planned).join('\n'), { pending });
          return 0;
        });
      case 'verify':
        return await looking(url, async (source) => {
          const changed = await changedMigrations(source.manager);
          const words = changed.map(({ name }) => `${name} was applied with other SQL than this build has`);
          tell(words.join('\n') || 'every applied migration is as this build has it', { changed });
          return changed.length > 0 ? CHANGED : 0;
        });
      default:
        throw new Error(`scani migrate ${what} is not known: use up, status, plan or verify`);
    }
  } catch (error) {
    if (error instanceof MigrationRefused) {
      process.stderr.write(`${error.message}\n`);
      return REFUSALS[error.reason];
    }
    if (!cannotConnect(error)) throw error;
    const setting = env.MIGRATION_DATABASE_URL === undefined ? 'DATABASE_URL' : 'MIGRATION_DATABASE_URL';
    process.stderr.write(`cannot connect: ${connectionTrouble(error, setting)}\n`);
    return CANNOT_CONNECT;
  }
}

async function up(
  url: string,
  { json, lockTimeout }: MigrateFlags,
  tell: (words: string, facts: object) => void,
): Promise<number> {
  const status = await migrateUp({
    url,
    appliedBy: VERSION,
    say: (line) => json || process.stdout.write(`${line}\n`),
    ...(lockTimeout === undefined ? {} : { lockTimeoutMs: millisecondsOf(lockTimeout) }),
  });
  tell(wordsOf(status), status);
  return 0;
}

async function looking(url: string, look: (source: DataSource) => Promise<number>): Promise<number> {
  const source = createDataSource({ url, poolMax: 1, applicationName: 'scani-migrate' });
  await source.initialize();
  try {
    return await look(source);
  } finally {
    await source.destroy();
  }
}

function wordsOf({ current, required, pending, ahead, floor }: SchemaStatus): string {
  const words = `schema ${current} of ${required}, ${pending} pending`;
  return ahead > 0 ? `${words}, ${ahead} of a newer build (which allows builds from ${floor} on)` : words;
}

function planned({ number, name, cost, locks, floor }: PendingMigration): string {
  const held = Object.entries(locks).map(([table, mode]) => `${table} ${mode}`);
  const taken = floor === undefined ? '' : `, takes away what builds before ${floor} need`;
  return `${number} ${name}: ${cost}, locks ${held.join(', ') || 'nothing that is there'}${taken}`;
}

function millisecondsOf(text: string): number {
  const [, number, unit] = /^(\d+)(ms|s)$/.exec(text) ?? [];
  if (number === undefined) throw new Error(`--lock-timeout ${text} is not a time: write 500ms or 5s`);
  return Number(number) * (unit === 's' ? 1000 : 1);
}
