import { KEY_PREFIX, type RedisClient } from '@scani/jobs';
import { TooMany } from '@scani/runtime';
import { createHash } from 'node:crypto';
import { RateLimiterMemory, RateLimiterRedis, RateLimiterRes } from 'rate-limiter-flexible';

export interface MailBounds {
  readonly perRecipientPerHour: number;
  readonly perCallerPerHour: number;
}

const HOUR_SECONDS = 3_600;

/**
 * How many mails may leave: nobody's mailbox is filled, and a caller gone wild does not ruin the name of the sender. Counted
 * by all processes together where they have a Redis, else by each for itself.
 */
export class MailLimits {
  private readonly recipients: Limiter;
  private readonly callers: Limiter;

  constructor(bounds: MailBounds, redis: RedisClient | null) {
    this.recipients = limiterOf('mail-recipient', bounds.perRecipientPerHour, redis);
    this.callers = limiterOf('mail-caller', bounds.perCallerPerHour, redis);
  }

  async take(caller: string, to: string): Promise<void> {
    await consume(this.callers, caller, 'mail-limit', 'This installation has sent as many mails as it may in an hour.');
    try {
      await consume(
        this.recipients,
        keyOf(to),
        'mail-recipient-limit',
        'This address got as many mails as it may in an hour.',
      );
    } catch (error) {
      await this.callers.reward(caller);
      throw error;
    }
  }

  /** For a mail that did not leave, and will be tried again. */
  async giveBack(caller: string, to: string): Promise<void> {
    await Promise.all([this.callers.reward(caller), this.recipients.reward(keyOf(to))]);
  }
}

type Limiter = RateLimiterMemory | RateLimiterRedis;

function limiterOf(name: string, points: number, redis: RedisClient | null): Limiter {
  const own = new RateLimiterMemory({ points, duration: HOUR_SECONDS });
  return redis === null
    ? own
    : new RateLimiterRedis({
        storeClient: redis,
        keyPrefix: `${KEY_PREFIX}:limit:${name}`,
        points,
        duration: HOUR_SECONDS,
        insuranceLimiter: own,
      });
}

/** Addresses of people are not written anywhere else. */
const keyOf = (address: string): string =>
  createHash('sha256').update(address.toLowerCase()).digest('base64url').slice(0, 22);

async function consume(limiter: Limiter, key: string, code: string, detail: string): Promise<void> {
  try {
    await limiter.consume(key);
  } catch (answer) {
    if (!(answer instanceof RateLimiterRes)) throw answer;
    // What was refused is counted too, and would stand in the way of what is given back.
    await limiter.reward(key);
    throw new TooMany(code, detail, Math.max(1, Math.ceil(answer.msBeforeNext / 1_000)));
  }
}
