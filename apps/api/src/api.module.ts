import { type DynamicModule, Module } from '@nestjs/common';
import { CloudCheck, CloudClient, CloudModule, shownCloudUrl, TierCheck, tierOf } from '@scani/cloud';
import { KeyRing, KeysCheck } from '@scani/crypto';
import { DatabaseModule, PostgresCheck, SchemaGate } from '@scani/database';
import { IdentityHttp } from '@scani/identity';
import { ImportsHttp } from '@scani/imports';
import { IntegrationsHttp } from '@scani/integrations';
import { JobsModule, REDIS, RedisCheck, type RedisClient } from '@scani/jobs';
import { LedgerHttp } from '@scani/ledger';
import { MarketHttp } from '@scani/market';
import { OperationsHttp } from '@scani/operations';
import { PortfolioHttp } from '@scani/portfolio';
import { HealthModule, liveOf, logModule } from '@scani/runtime';
import { OBJECT_STORE, type ObjectStore, StorageCheck, StorageModule, storageSettings } from '@scani/storage';
import { DataSource } from 'typeorm';
import type { ApiEnv } from './env.js';
import { VERSION } from './version.js';

/** A person has given up by then; the slowest page takes a small part of it. */
const QUERY_LIMIT_MS = 30_000;

/** The doors that are open in the api. */
@Module({})
export class ApiModule {
  static register(env: ApiEnv): DynamicModule {
    const keys = new KeyRing(env.ENCRYPTION_KEY, env.ENCRYPTION_KEY_PREVIOUS);
    const health = HealthModule.register({
      deep: {
        inject: [CloudClient, OBJECT_STORE],
        checks: (cloud: CloudClient, store: ObjectStore | null) => [new CloudCheck(cloud), new StorageCheck(store)],
      },
      inject: [DataSource, REDIS],
      checks: (source: DataSource, redis: RedisClient) => [
        new PostgresCheck(source),
        new SchemaGate(source),
        new KeysCheck(source, keys),
        new RedisCheck(redis, 'degraded'),
        new TierCheck(env),
      ],
    });
    return {
      module: ApiModule,
      imports: [
        logModule('api', env),
        DatabaseModule.register({
          url: liveOf(env, 'DATABASE_URL'),
          poolMax: env.POSTGRES_POOL_MAX,
          applicationName: 'scani-api',
          queryLimitMs: QUERY_LIMIT_MS,
        }),
        JobsModule.register(liveOf(env, 'REDIS_URL'), 'api'),
        CloudModule.register(env),
        StorageModule.register(storageSettings(env)),
        IdentityHttp.register(
          { frontendUrl: env.FRONTEND_URL, secret: env.BETTER_AUTH_SECRET, signUp: env.SIGN_UP },
          keys,
        ),
        MarketHttp,
        LedgerHttp,
        PortfolioHttp,
        ImportsHttp,
        IntegrationsHttp,
        OperationsHttp.register(
          {
            version: VERSION,
            tier: tierOf(env),
            cloudUrl: shownCloudUrl(env.SCANI_CLOUD_URL),
            signUp: env.SIGN_UP,
            cloudManagement: env.CLOUD_MANAGEMENT_ENABLED,
            pepper: env.LOG_ID_PEPPER,
          },
          health,
        ),
      ],
    };
  }
}
