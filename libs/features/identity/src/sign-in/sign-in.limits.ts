import { Inject, Injectable } from '@nestjs/common';
import { KEY_PREFIX, REDIS, type RedisClient } from '@scani/jobs';
import { TooMany } from '@scani/runtime';
import { RateLimiterMemory, RateLimiterRedis, RateLimiterRes } from 'rate-limiter-flexible';

const WINDOW_SECONDS = 900;
const MAILS_PER_ADDRESS = 6;
const CHALLENGES_PER_CLIENT = 60;
const ATTEMPTS_PER_CLIENT = 100;

/** Limits shared by all api processes, in Redis; while Redis is away each process keeps its own. */
@Injectable()
export class SignInLimits {
  private readonly mails: RateLimiterRedis;
  private readonly challenges: RateLimiterRedis;
  private readonly attempts: RateLimiterRedis;

  constructor(@Inject(REDIS) redis: RedisClient) {
    const limiter = (name: string, points: number): RateLimiterRedis =>
      new RateLimiterRedis({
        storeClient: redis,
        keyPrefix: `${KEY_PREFIX}:limit:${name}`,
        points,
        duration: WINDOW_SECONDS,
        insuranceLimiter: new RateLimiterMemory({ points, duration: WINDOW_SECONDS }),
      });
    this.mails = limiter('sign-in-mail', MAILS_PER_ADDRESS);
    this.challenges = limiter('sign-in-challenge', CHALLENGES_PER_CLIENT);
    this.attempts = limiter('sign-in-attempt', ATTEMPTS_PER_CLIENT);
  }

  async challenge(email: string, client: string | null): Promise<void> {
    await consume(this.challenges, client ?? 'unknown');
    await consume(this.mails, email);
  }

  attempt(client: string | null): Promise<void> {
    return consume(this.attempts, client ?? 'unknown');
  }
}

async function consume(limiter: RateLimiterRedis, key: string): Promise<void> {
  try {
    await limiter.consume(key);
  } catch (answer) {
    if (!(answer instanceof RateLimiterRes)) throw answer;
    const seconds = Math.max(1, Math.ceil(answer.msBeforeNext / 1000));
    throw new TooMany(
      'sign-in-limit',
      `Too many sign-in requests. Try again in ${Math.ceil(seconds / 60)} minutes.`,
      seconds,
    );
  }
}
