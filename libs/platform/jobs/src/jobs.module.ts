import { type DynamicModule, Global, Inject, Module, type OnApplicationShutdown } from '@nestjs/common';
import type { CheckResult, Live, ReadinessCheck } from '@scani/runtime';
import { EgressWriter } from './egress.stream.js';
import { EventPublisher } from './job.events.js';
import { JobQueue } from './job.queue.js';
import { connectRedis, type RedisClient, redisTrouble } from './redis.js';

/** The Redis connection for short commands: news, limits, looking at queues. Fails fast. */
export const REDIS = Symbol('REDIS');

/** Asking for work and telling news, for every process; running work is JobHost's, in the worker alone. */
@Global()
@Module({})
export class JobsModule implements OnApplicationShutdown {
  constructor(
    @Inject(REDIS) private readonly redis: RedisClient,
    private readonly egress: EgressWriter,
  ) {}

  /** `process` is the name under which calls that leave are kept. */
  static register(redisUrl: string | Live<string>, process: string): DynamicModule {
    return {
      module: JobsModule,
      providers: [
        { provide: REDIS, useFactory: () => connectRedis(redisUrl, 'request') },
        { provide: EventPublisher, useFactory: (redis: RedisClient) => new EventPublisher(redis), inject: [REDIS] },
        {
          provide: EgressWriter,
          useFactory: (redis: RedisClient) => new EgressWriter(process, redis),
          inject: [REDIS],
        },
        JobQueue,
      ],
      exports: [REDIS, EventPublisher, JobQueue],
    };
  }

  async onApplicationShutdown(): Promise<void> {
    await this.egress.close();
    this.redis.disconnect();
  }
}

/** Without Redis pages still work, only later: degraded, not down. The worker passes `down` as what its loss means. */
export class RedisCheck implements ReadinessCheck {
  readonly name = 'redis';
  constructor(
    private readonly redis: RedisClient,
    readonly lossMeans: 'degraded' | 'down',
  ) {}

  async check(): Promise<CheckResult> {
    try {
      await this.redis.ping();
      return { state: 'ok' };
    } catch (error) {
      return {
        state: this.lossMeans,
        detail: `no answer from Redis (REDIS_URL): ${redisTrouble(this.redis) ?? String(error)}`,
      };
    }
  }
}
