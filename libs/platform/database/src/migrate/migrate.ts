import { Client } from 'pg';
import type { DataSource } from 'typeorm';
import { connectionOf, isPooled } from '../connection.js';
import { createDataSource } from '../data-source.js';
import { REQUIRED_SCHEMA } from '../migrations/index.js';

/** Any number will do, as long as every release uses the same one. */
const MIGRATION_LOCK = 7_264_001;
const FLOOR = 1;

export interface SchemaStatus {
  /** Migrations applied; 0 for an empty database. */
  current: number;
  /** Migrations that this build knows. */
  required: number;
  /** The oldest build that can still work with this schema. */
  floor: number;
  pending: number;
  /** Applied by a newer build. */
  ahead: number;
}

/**
 * Applies what is missing, each migration in a transaction of its own. Any number of callers at once is fine:
 * one works, the others wait and find nothing to do. `url` must be a direct one, since the lock lives in a session.
 */
export async function migrateUp(url: string, appliedBy: string, say: (line: string) => void): Promise<SchemaStatus> {
  if (isPooled(url)) {
    throw new Error('Migrations need a direct connection: set MIGRATION_DATABASE_URL to a URL without pgbouncer=true.');
  }
  const lock = new Client({ ...connectionOf(url), application_name: 'scani-migrate-lock' });
  await lock.connect();
  const source = createDataSource({ url, poolMax: 2, applicationName: 'scani-migrate' });
  try {
    await lock.query('select pg_advisory_lock($1)', [MIGRATION_LOCK]);
    await source.initialize();
    for (const done of await source.runMigrations({ transaction: 'each' })) say(`applied ${done.name}`);
    await writeMeta(source, appliedBy);
    return await schemaStatus((sql) => source.query(sql));
  } finally {
    if (source.isInitialized) await source.destroy();
    await lock.end();
  }
}

async function writeMeta(source: DataSource, appliedBy: string): Promise<void> {
  await source.query(`
    create table if not exists scani_schema_meta (
      one boolean primary key default true check (one),
      current int not null,
      floor int not null,
      applied_by text not null,
      applied_at timestamptz not null default now()
    )`);
  await source.query(
    `insert into scani_schema_meta (current, floor, applied_by) values ($1, $2, $3)
     on conflict (one) do update set current = excluded.current, floor = excluded.floor,
       applied_by = excluded.applied_by, applied_at = now()
     where scani_schema_meta.current < excluded.current`,
    [REQUIRED_SCHEMA, FLOOR, appliedBy],
  );
}

/** Where the schema stands. Works on an empty database too. */
export async function schemaStatus(query: (sql: string) => Promise<unknown>): Promise<SchemaStatus> {
  const [table] = (await query(`select to_regclass('scani_schema_meta') is not null as there`)) as { there: boolean }[];
  const [meta] = table?.there
    ? ((await query('select current, floor from scani_schema_meta')) as { current: number; floor: number }[])
    : [];
  const current = meta?.current ?? 0;
  return {
    current,
    required: REQUIRED_SCHEMA,
    floor: meta?.floor ?? 0,
    pending: Math.max(0, REQUIRED_SCHEMA - current),
    ahead: Math.max(0, current - REQUIRED_SCHEMA),
  };
}
