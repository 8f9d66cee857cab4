import type { RedisClient } from '@scani/jobs';
import { RateLimiterRes } from 'rate-limiter-flexible';
import { type Limiter, limiterOf } from './limiter.js';

const MINUTE_SECONDS = 60;

/** How often a service may be asked a minute by all processes together; while Redis is away, or where there is none, by each. */
export class Budget {
  private readonly limiter: Limiter;

  constructor(
    private readonly name: string,
    perMinute: number,
    redis: RedisClient | null,
  ) {
    this.limiter = limiterOf('budget', { points: perMinute, seconds: MINUTE_SECONDS }, redis);
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
