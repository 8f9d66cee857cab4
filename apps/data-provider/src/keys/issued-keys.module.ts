import { type DynamicModule, Module } from '@nestjs/common';
import { DatabaseModule } from '@scani/database';
import type { RedisClient } from '@scani/jobs';
import { liveOf } from '@scani/runtime';
import { DataSource } from 'typeorm';
import type { DataProviderEnv } from '../env.js';
import { Outside } from '../outside/outside.js';
import { given } from '../shared/given.js';
import { SHARED_REDIS } from '../shared/shared.module.js';
import { IssuedKeys } from './issued-keys.js';
import { ISSUED_KEYS } from './key.guard.js';

/** A caller has given up by then. */
const QUERY_LIMIT_MS = 5_000;

/** Without CLOUD_MANAGEMENT_ENABLED there are no issued keys, and Postgres is not spoken to. */
@Module({})
export class NoIssuedKeysModule {
  static register(): DynamicModule {
    const none = { provide: ISSUED_KEYS, useValue: null };
    return { module: NoIssuedKeysModule, providers: [none], exports: [ISSUED_KEYS] };
  }
}

@Module({})
export class IssuedKeysModule {
  static register(env: DataProviderEnv, outside: DynamicModule): DynamicModule {
    return {
      module: IssuedKeysModule,
      imports: [
        outside,
        DatabaseModule.register({
          url: given(liveOf(env, 'DATABASE_URL')),
          poolMax: env.POSTGRES_POOL_MAX,
          applicationName: 'scani-data-provider',
          queryLimitMs: QUERY_LIMIT_MS,
        }),
      ],
      providers: [
        {
          provide: ISSUED_KEYS,
          // The settings were refused without a Redis.
          useFactory: (source: DataSource, redis: RedisClient, clock: Outside) =>
            new IssuedKeys(source, redis, () => clock.now()),
          inject: [DataSource, SHARED_REDIS, Outside],
        },
      ],
      exports: [ISSUED_KEYS, DatabaseModule],
    };
  }
}
