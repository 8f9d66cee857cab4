import { type DynamicModule, Inject, Module, type OnApplicationShutdown } from '@nestjs/common';
import { DatabaseModule } from '@scani/database';
import { connectRedis, type RedisClient } from '@scani/jobs';
import { type Live, liveOf } from '@scani/runtime';
import { DataSource } from 'typeorm';
import type { DataProviderEnv } from '../env.js';
import { Outside } from '../outside/outside.js';
import { IssuedKeys } from './issued-keys.js';
import { ISSUED_KEYS } from './key.guard.js';

/** The Redis in which the quotas of issued keys are counted. */
export const QUOTA_REDIS = Symbol('QUOTA_REDIS');
/** A caller has given up by then. */
const QUERY_LIMIT_MS = 5_000;

/** Without CLOUD_MANAGEMENT_ENABLED there are no issued keys, and neither Postgres nor Redis is spoken to. */
@Module({})
export class NoIssuedKeysModule {
  static register(): DynamicModule {
    const none = { provide: ISSUED_KEYS, useValue: null };
    return { module: NoIssuedKeysModule, providers: [none], exports: [ISSUED_KEYS] };
  }
}

@Module({})
export class IssuedKeysModule implements OnApplicationShutdown {
  constructor(@Inject(QUOTA_REDIS) private readonly redis: RedisClient) {}

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
        { provide: QUOTA_REDIS, useFactory: () => connectRedis(given(liveOf(env, 'REDIS_URL')), 'request') },
        {
          provide: ISSUED_KEYS,
          useFactory: (source: DataSource, redis: RedisClient, clock: Outside) =>
            new IssuedKeys(source, redis, () => clock.now()),
          inject: [DataSource, QUOTA_REDIS, Outside],
        },
      ],
      exports: [ISSUED_KEYS, QUOTA_REDIS, DatabaseModule],
    };
  }

  onApplicationShutdown(): void {
    this.redis.disconnect();
  }
}

/** The settings were refused where it is not set. */
function given(live: Live<string | undefined>): Live<string> {
  return {
    get current() {
      return live.current ?? '';
    },
    onChange: (listener) =>
      live.onChange((value) => {
        if (value !== undefined) listener(value);
      }),
  };
}
