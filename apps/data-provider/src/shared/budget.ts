import { KEY_PREFIX, type RedisClient } from '@scani/jobs';
import { RateLimiterMemory, RateLimiterRedis, RateLimiterRes } from 'rate-limiter-flexible';

const MINUTE_SECONDS = 60;

/** How often a service may be asked a minute by all processes together; while Redis is away, or where there is none, by each. */
export class Budget {
  private readonly limiter: RateLimiterMemory | RateLimiterRedis;

  constructor(
    private readonly name: string,
    perMinute: number,
    redis: RedisClient | null,
  ) {
    const own = new RateLimiterMemory({ points: perMinute, duration: MINUTE_SECONDS });
    this.limiter =
      redis === null
        ? own
        : new RateLimiterRedis({
            storeClient: redis,
            keyPrefix: `${KEY_PREFIX}:budget`,
            points: perMinute,
            duration: MINUTE_SECONDS,
            insuranceLimiter: own,
          });
  }

  /** Takes one request. Returns 0, or in how many milliseconds there may be one. */
  async take(): Promise<number> {
    try {
      await this.limiter.consume(this.name);
      return 0;
    } catch (answer) {
      if (!(answer instanceof RateLimiterRes)) throw answer;
      return Math.max(1, answer.msBeforeNext);
    }
  }

  /** Nothing is left for that long, for nobody. */
  async pause(ms: number): Promise<void> {
    await this.limiter.block(this.name, Math.ceil(ms / 1000));
  }
}
