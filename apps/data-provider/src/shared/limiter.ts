import { KEY_PREFIX, type RedisClient } from '@scani/jobs';
import { RateLimiterMemory, RateLimiterRedis } from 'rate-limiter-flexible';

export type Limiter = RateLimiterMemory | RateLimiterRedis;

export interface LimiterBounds {
  readonly points: number;
  readonly seconds: number;
}

/** Counts for all processes together; while Redis is away, or where there is none, for this one. */
export function limiterOf(name: string, { points, seconds }: LimiterBounds, redis: RedisClient | null): Limiter {
  const own = new RateLimiterMemory({ points, duration: seconds });
  return redis === null
    ? own
    : new RateLimiterRedis({
        storeClient: redis,
        keyPrefix: `${KEY_PREFIX}:${name}`,
        points,
        duration: seconds,
        insuranceLimiter: own,
      });
}
