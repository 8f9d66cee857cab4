import { type DynamicModule, Module } from '@nestjs/common';
import { CloudCheck, CloudClient, CloudModule, TierCheck } from '@scani/cloud';
import { KeyRing, KeysCheck } from '@scani/crypto';
import { DatabaseModule, PostgresCheck, SchemaGate } from '@scani/database';
import { ImportsJobs } from '@scani/imports';
import { IntegrationsJobs } from '@scani/integrations';
import { JobsModule, REDIS, RedisCheck, type RedisClient, QueueCheck } from '@scani/jobs';
import { LedgerJobs } from '@scani/ledger';
import { MarketJobs } from '@scani/market';
import { OperationsJobs } from '@scani/operations';
import { PortfolioJobs } from '@scani/portfolio';
import { HealthModule, liveOf, logModule } from '@scani/runtime';
import { OBJECT_STORE, type ObjectStore, StorageCheck, StorageModule, storageSettings } from '@scani/storage';
import { DataSource } from 'typeorm';
import type { WorkerEnv } from './env.js';
import { VERSION } from './version.js';
import { WorkHost } from './work.host.js';

/** Many times what one statement of the largest job takes; it bounds how long a silent server is waited for. */
const QUERY_LIMIT_MS = 120_000;

/** The doors that are open in the worker. */
@Module({})
export class WorkerModule {
  static register(env: WorkerEnv): DynamicModule {
    const work = new WorkHost(env);
    const keys = new KeyRing(env.ENCRYPTION_KEY, env.ENCRYPTION_KEY_PREVIOUS);
    return {
      module: WorkerModule,
      imports: [
        logModule('worker', env),
        DatabaseModule.register({
          url: liveOf(env, 'DATABASE_URL'),
          poolMax: env.POSTGRES_POOL_MAX,
          applicationName: 'scani-worker',
          queryLimitMs: QUERY_LIMIT_MS,
        }),
        JobsModule.register(liveOf(env, 'REDIS_URL'), 'worker'),
        CloudModule.register(env),
        StorageModule.register(storageSettings(env)),
        MarketJobs,
        LedgerJobs,
        PortfolioJobs,
        ImportsJobs,
        IntegrationsJobs,
        OperationsJobs.register(VERSION),
        HealthModule.register({
          deep: {
            inject: [DataSource, CloudClient, OBJECT_STORE],
            checks: (source: DataSource, cloud: CloudClient, store: ObjectStore | null) => [
              new QueueCheck(source),
              new CloudCheck(cloud),
              new StorageCheck(store),
            ],
          },
          inject: [DataSource, REDIS],
          checks: (source: DataSource, redis: RedisClient) => [
            new PostgresCheck(source),
            new SchemaGate(source),
            new KeysCheck(source, keys),
            new RedisCheck(redis, 'down'),
            new TierCheck(env),
            work,
          ],
        }),
      ],
      providers: [
        { provide: KeyRing, useValue: keys },
        { provide: WorkHost, useValue: work },
      ],
    };
  }
}
