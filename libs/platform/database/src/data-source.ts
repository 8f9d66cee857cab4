import type { Live } from '@scani/runtime';
import pg, { type ClientConfig } from 'pg';
import { DataSource, type DataSourceOptions, type EntitySchema, type MixedList } from 'typeorm';
import { connectionOf } from './connection.js';
import { migrations } from './migrations/index.js';

export interface DataSourceSettings {
  /** Of a live one every new connection takes what it is then. */
  url: string | Live<string>;
  poolMax: number;
  /** Shown in pg_stat_activity. */
  applicationName: string;
  entities?: MixedList<Function | string | EntitySchema>;
}

const CONNECT_MS = 5_000;

export function dataSourceOptions(settings: DataSourceSettings): DataSourceOptions {
  const { url } = settings;
  const { connectionString, ssl } = connectionOf(typeof url === 'string' ? url : url.current);
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
    extra: { connectionTimeoutMillis: CONNECT_MS, ...(typeof url === 'string' ? {} : { Client: clientOf(url) }) },
  } as DataSourceOptions;
}

/** A pool makes its connections with this class; what it was given at first may be out of date by then. */
function clientOf(url: Live<string>): typeof pg.Client {
  return class LiveClient extends pg.Client {
    constructor(config?: ClientConfig) {
      super({ ...config, ...connectionOf(url.current) });
    }
  };
}

export function createDataSource(settings: DataSourceSettings): DataSource {
  return new DataSource(dataSourceOptions(settings));
}
