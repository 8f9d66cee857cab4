import pg from 'pg';
import { DataSource, type DataSourceOptions, type EntitySchema, type MixedList } from 'typeorm';
import { connectionOf } from './connection.js';
import { migrations } from './migrations/index.js';

export interface DataSourceSettings {
  url: string;
  poolMax: number;
  /** Shown in pg_stat_activity. */
  applicationName: string;
  entities?: MixedList<Function | string | EntitySchema>;
}

const CONNECT_MS = 5_000;

export function dataSourceOptions(settings: DataSourceSettings): DataSourceOptions {
  const { connectionString, ssl } = connectionOf(settings.url);
  return {
    type: 'postgres',
    driver: pg,
    url: connectionString as string,
    ssl: ssl as boolean | object,
    entities: settings.entities ?? [],
    migrations,
    synchronize: false,
    migrationsRun: false,
    installExtensions: false,
    // TypeORM's own lines would carry parameters, and with them what people own.
    logging: false,
    poolSize: settings.poolMax,
    applicationName: settings.applicationName,
    extra: { connectionTimeoutMillis: CONNECT_MS },
  } as DataSourceOptions;
}

export function createDataSource(settings: DataSourceSettings): DataSource {
  return new DataSource(dataSourceOptions(settings));
}
