import { askedGauge } from '@scani/runtime';
import type { Metric } from 'prom-client';
import type { DataSource } from 'typeorm';
import { schemaStatus } from './migrate/schema.status.js';
import { REQUIRED_SCHEMA } from './migrations/index.js';

interface Pool {
  totalCount: number;
  idleCount: number;
  waitingCount: number;
  options: { max: number };
}

/** Where the schema stands, and how many connections of this process's pool are at work. */
export function databaseMetrics(source: DataSource): Metric[] {
  // There is none before the first connection.
  const pool = (): Pool => (source.driver as unknown as { master: Pool }).master;
  return [
    askedGauge('scani_schema_version', 'Migrations applied to the database.', async () => {
      return (await schemaStatus((sql) => source.query(sql))).current;
    }),
    askedGauge('scani_schema_required', 'Migrations that this build knows.', () => REQUIRED_SCHEMA),
    askedGauge('scani_pg_pool_in_use', 'Connections of this pool at work.', () => pool().totalCount - pool().idleCount),
    askedGauge('scani_pg_pool_max', 'Connections that this pool may have.', () => pool().options.max),
    askedGauge('scani_pg_pool_waiting', 'Requests that wait for a connection of this pool.', () => pool().waitingCount),
  ];
}
