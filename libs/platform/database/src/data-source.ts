import { constant, type Live } from '@scani/runtime';
import pg, { type ClientConfig } from 'pg';
import { type DataSource, type DataSourceOptions, type EntitySchema, type MixedList } from 'typeorm';
import { QueryTimeout } from './away.js';
import { MarkingDataSource } from './before-commit.js';
import { connectionOf } from './connection.js';
import { migrations } from './migrations/index.js';

export interface DataSourceSettings {
  /** Of a live one every new connection takes what it is then. */
  url: string | Live<string>;
  poolMax: number;
  /** Shown in pg_stat_activity. */
  applicationName: string;
  entities?: MixedList<Function | string | EntitySchema>;
  /** A query without an answer for so long has lost its server, and its connection is given up. Without it: never. */
  queryLimitMs?: number;
}

const CONNECT_MS = 5_000;
/** A connection that nothing is asked of is found dead after about twice this. */
const KEEP_ALIVE_MS = 10_000;

export function dataSourceOptions(settings: DataSourceSettings): DataSourceOptions {
  const url = typeof settings.url === 'string' ? constant(settings.url) : settings.url;
  const { connectionString, ssl } = connectionOf(url.current);
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
    extra: {
      connectionTimeoutMillis: CONNECT_MS,
      keepAlive: true,
      keepAliveInitialDelayMillis: KEEP_ALIVE_MS,
      Client: clientOf(url, settings.queryLimitMs),
    },
  } as DataSourceOptions;
}

/**
 * A pool makes its connections with this class: with the URL as it is then, and so that a server which has gone silent
 * costs one query its time and not the pool its connection.
 */
function clientOf(url: Live<string>, limitMs: number | undefined): typeof pg.Client {
  return class ScaniClient extends pg.Client {
    constructor(config?: ClientConfig) {
      super({ ...config, ...connectionOf(url.current) });
    }

    override query(...args: never[]): never {
      const running = (super.query as (...given: never[]) => unknown).apply(this, args);
      if (limitMs !== undefined && running instanceof Promise) this.bound(running, limitMs);
      return running as never;
    }

    private bound(running: Promise<unknown>, limit: number): void {
      const { stream } = this.connection;
      const timer = setTimeout(() => stream.destroy(new QueryTimeout(limit)), limit);
      const ended = (): void => clearTimeout(timer);
      running.then(ended, ended);
    }
  };
}

export function createDataSource(settings: DataSourceSettings): DataSource {
  return new MarkingDataSource(dataSourceOptions(settings));
}
