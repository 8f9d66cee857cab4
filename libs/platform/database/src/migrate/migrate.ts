import { setTimeout as pause } from 'node:timers/promises';
import type { DataSource, MigrationInterface, QueryRunner } from 'typeorm';
import { isPooled } from '../connection.js';
import { createDataSource } from '../data-source.js';
import { MIGRATION_FACTS, type MigrationFacts } from '../migrations/facts.js';
import { migrations } from '../migrations/index.js';
import { type Db, rowOf, rowsOf } from '../sql.js';
import { checksumOf } from './checksum.js';
import { MigrationRefused } from './migrate.error.js';
import { schemaStatus, type SchemaStatus } from './schema.status.js';

/** Any number will do, as long as every release uses the same one. */
const MIGRATION_LOCK = 7_264_001;
/** Postgres: lock_not_available, deadlock_detected. */
const BUSY = new Set(['55P03', '40P01']);
/** An instance that was not heard of for so long is gone. */
const LIVE_SECONDS = 90;

export interface MigrateOptions {
  /** A direct URL: through a pooler the settings of a session would go astray. */
  url: string;
  /** The build that applies them. */
  appliedBy: string;
  say: (line: string) => void;
  /** How long one try waits for locks, so that nobody queues behind it for longer. */
  lockTimeoutMs?: number;
  /** How long it goes on trying. */
  patienceMs?: number;
  /** Those of this build, when left out. */
  release?: Release;
}

/** The migrations of a build, in order, with what is said of them. */
export interface Release {
  migrations: readonly (new () => MigrationInterface)[];
  facts: Readonly<Record<string, MigrationFacts>>;
}

const THIS: Release = { migrations, facts: MIGRATION_FACTS };

/** A migration that is not applied yet, and what applying it will do. */
export interface PendingMigration extends MigrationFacts {
  name: string;
  /** The schema's number once it is applied. */
  number: number;
}

const LOCK_TIMEOUT_MS = 5_000;
const PATIENCE_MS = 600_000;
const FIRST_PAUSE_MS = 250;
const LONGEST_PAUSE_MS = 10_000;

/**
 * Applies what is missing, each migration in a transaction of its own that begins with a lock for its length alone. Any
 * number of callers at once is fine: each step is applied by one of them, the others find it done. A step that does not get
 * its locks in time is rolled back and tried again. Throws MigrationRefused.
 */
export async function migrateUp(options: MigrateOptions): Promise<SchemaStatus> {
  refusePooled(options.url);
  const source = createDataSource({ url: options.url, poolMax: 1, applicationName: 'scani-migrate' });
  await source.initialize();
  try {
    await patiently(options, () => inLock(source, options, prepare));
    await refuseAhead(source);
    for (;;) {
      const applied = await patiently(options, () => inLock(source, options, (runner) => next(runner, options)));
      if (applied === undefined) return await schemaStatus((sql) => source.query(sql));
      options.say(`applied ${applied}`);
    }
  } finally {
    await source.destroy();
  }
}

/** What `migrateUp` would apply, in order. */
export async function pendingMigrations(db: Db, release: Release = THIS): Promise<PendingMigration[]> {
  const applied = await appliedNames(db);
  return release.migrations.flatMap(({ name }, index) =>
    applied.has(name) ? [] : [{ name, number: index + 1, ...factsOf(release, name) }],
  );
}

/** Applied migrations whose SQL was another than this build's. Empty: all is as it was released. */
export async function changedMigrations(db: Db): Promise<{ name: string; applied: string; known: string }[]> {
  if (!(await isThere(db, 'scani_migration'))) return [];
  const rows = await rowsOf<{ name: string; checksum: string }>(db, 'select name, checksum from scani_migration');
  const applied = new Map(rows.map((row) => [row.name, row.checksum]));
  const changed: { name: string; applied: string; known: string }[] = [];
  for (const Migration of migrations) {
    const [known, then] = [await checksumOf(new Migration()), applied.get(Migration.name)];
    if (then !== undefined && then !== known) changed.push({ name: Migration.name, applied: then, known });
  }
  return changed;
}

function refusePooled(url: string): void {
  if (!isPooled(url)) return;
  throw new MigrationRefused(
    'pooled',
    'Migrations need a direct connection: set MIGRATION_DATABASE_URL to a URL without pgbouncer=true.',
  );
}

async function refuseAhead(source: DataSource): Promise<void> {
  const { current, floor, required, ahead } = await schemaStatus((sql) => source.query(sql));
  if (ahead === 0 || floor <= required) return;
  throw new MigrationRefused(
    'ahead',
    `The schema is at ${current} and needs builds from ${floor} on; this one knows ${required}. Use a newer image, or restore.`,
  );
}

/** Tries until the locks are there, or patience ends. */
async function patiently<T>({ say, patienceMs = PATIENCE_MS }: MigrateOptions, work: () => Promise<T>): Promise<T> {
  const until = Date.now() + patienceMs;
  for (let pauseMs = FIRST_PAUSE_MS; ; pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS)) {
    try {
      return await work();
    } catch (error) {
      if (!BUSY.has(codeOf(error))) throw error;
      if (Date.now() + pauseMs > until) {
        throw new MigrationRefused(
          'lock-timeout',
          'Others hold locks that a migration needs. Nothing was changed; end long transactions and run it again.',
        );
      }
      say(`waiting for locks, again in ${pauseMs} ms`);
      await pause(pauseMs);
    }
  }
}

const codeOf = (error: unknown): string =>
  (error as { driverError?: { code?: string } } | null)?.driverError?.code ?? (error as { code?: string })?.code ?? '';

/** One transaction, and nobody else's migration beside it. */
async function inLock<T>(
  source: DataSource,
  { lockTimeoutMs = LOCK_TIMEOUT_MS }: MigrateOptions,
  work: (runner: QueryRunner) => Promise<T>,
): Promise<T> {
  const runner = source.createQueryRunner();
  await runner.startTransaction();
  try {
    await runner.query(`select set_config('lock_timeout', $1, true)`, [`${lockTimeoutMs}ms`]);
    await runner.query('select pg_advisory_xact_lock($1)', [MIGRATION_LOCK]);
    const done = await work(runner);
    await runner.commitTransaction();
    return done;
  } catch (error) {
    await runner.rollbackTransaction();
    throw error;
  } finally {
    await runner.release();
  }
}

/** The tables in which migrations are kept. `migrations` is TypeORM's own; builds before this one knew nothing else. */
async function prepare({ manager: db }: QueryRunner): Promise<void> {
  await db.query(`
    create table if not exists migrations (id serial primary key, timestamp bigint not null, name varchar not null);
    create table if not exists scani_migration (
      name text primary key,
      checksum text not null,
      applied_by text not null,
      applied_at timestamptz not null default now(),
      ms int
    );
    create table if not exists scani_schema_meta (
      one boolean primary key default true check (one),
      current int not null,
      floor int not null,
      applied_by text not null,
      applied_at timestamptz not null default now()
    )`);
  const applied = await appliedNames(db);
  for (const Migration of migrations.filter(({ name }) => applied.has(name))) {
    await db.query(
      `insert into scani_migration (name, checksum, applied_by) values ($1, $2, 'an earlier build') on conflict do nothing`,
      [Migration.name, await checksumOf(new Migration())],
    );
  }
}

/** Applies the first migration that is missing; undefined when there is none. */
async function next(runner: QueryRunner, options: MigrateOptions): Promise<string | undefined> {
  const db = runner.manager;
  const applied = await appliedNames(db);
  const release = options.release ?? THIS;
  const index = release.migrations.findIndex(({ name }) => !applied.has(name));
  const Migration = release.migrations[index];
  if (!Migration) return undefined;
  const { floor } = factsOf(release, Migration.name);
  if (floor !== undefined) await refuseToBreak(db, Migration.name, floor);
  const started = performance.now();
  const migration = new Migration();
  await migration.up(runner);
  await db.query('insert into migrations (timestamp, name) values ($1, $2)', [
    Migration.name.slice(-13),
    Migration.name,
  ]);
  await db.query('insert into scani_migration (name, checksum, applied_by, ms) values ($1, $2, $3, $4)', [
    Migration.name,
    await checksumOf(migration),
    options.appliedBy,
    Math.round(performance.now() - started),
  ]);
  await db.query(
    `insert into scani_schema_meta (current, floor, applied_by) values ($1, $2, $3)
     on conflict (one) do update set current = greatest(scani_schema_meta.current, excluded.current),
       floor = greatest(scani_schema_meta.floor, excluded.floor), applied_by = excluded.applied_by, applied_at = now()`,
    [index + 1, floor ?? 1, options.appliedBy],
  );
  return Migration.name;
}

/** What takes something away waits until nobody who needs it runs any more. */
async function refuseToBreak(db: Db, name: string, floor: number): Promise<void> {
  if (!(await isThere(db, 'scani_instances'))) return;
  const old = await rowOf<{ component: string; version: string; required: number }>(
    db,
    `select component, version, required from scani_instances
     where required < $1 and last_seen_at > now() - $2 * interval '1 second' order by required limit 1`,
    [floor, LIVE_SECONDS],
  );
  if (!old) return;
  throw new MigrationRefused(
    'live-instance',
    `${name} takes away what ${old.component} ${old.version}, which still runs, needs. Stop it first.`,
  );
}

async function appliedNames(db: Db): Promise<Set<string>> {
  if (!(await isThere(db, 'migrations'))) return new Set();
  const rows = await rowsOf<{ name: string }>(db, 'select name from migrations');
  return new Set(rows.map((row) => row.name));
}

async function isThere(db: Db, table: string): Promise<boolean> {
  const row = await rowOf<{ there: boolean }>(db, 'select to_regclass($1) is not null as there', [table]);
  return row?.there ?? false;
}

function factsOf({ facts: known }: Release, name: string): MigrationFacts {
  const facts = known[name];
  if (!facts) throw new Error(`nothing is said of what ${name} costs`);
  return facts;
}
