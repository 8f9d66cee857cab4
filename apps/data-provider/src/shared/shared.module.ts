import { type DynamicModule, Inject, Module, type OnApplicationShutdown } from '@nestjs/common';
import { connectRedis, EgressWriter, type RedisClient } from '@scani/jobs';
import { liveOf } from '@scani/runtime';
import type { DataProviderEnv } from '../env.js';
import { setTimeout as pause } from 'node:timers/promises';
import { given } from './given.js';

/** What all processes of this data-provider have in common; null where each is on its own. */
export const SHARED_REDIS = Symbol('SHARED_REDIS');

/** How much of Redis cached prices may take. */
export const SHARED_CACHE_BYTES = Symbol('SHARED_CACHE_BYTES');

/** Budgets, caches and quotas are kept where all processes see them, if there is such a place. */
@Module({})
export class SharedModule implements OnApplicationShutdown {
  private readonly egress: EgressWriter | undefined;

  constructor(@Inject(SHARED_REDIS) private readonly redis: RedisClient | null) {
    if (redis) this.egress = new EgressWriter('data-provider', redis);
  }

  static register(env: DataProviderEnv): DynamicModule {
    const connect = async (): Promise<RedisClient | null> =>
      env.REDIS_URL === undefined ? null : soonReady(connectRedis(given(liveOf(env, 'REDIS_URL')), 'request'));
    return {
      module: SharedModule,
      global: true,
      providers: [
        { provide: SHARED_REDIS, useFactory: connect },
        { provide: SHARED_CACHE_BYTES, useValue: env.SHARED_CACHE_MB * 1_000_000 },
      ],
      exports: [SHARED_REDIS, SHARED_CACHE_BYTES],
    };
  }

  async onApplicationShutdown(): Promise<void> {
    await this.egress?.close();
    this.redis?.disconnect();
  }
}

const PATIENCE_MS = 1_500;

/** The first requests find it connected; one that is away holds up nobody. */
async function soonReady(redis: RedisClient): Promise<RedisClient> {
  const late = new AbortController();
  const ready = new Promise<void>((resolve) => redis.once('ready', () => resolve()));
  await Promise.race([ready, pause(PATIENCE_MS, undefined, { signal: late.signal }).catch(() => undefined)]);
  late.abort();
  return redis;
}
