import type { RedisClient } from '@scani/jobs';
import { TooMany } from '@scani/runtime';
import { createHash } from 'node:crypto';
import { RateLimiterRes } from 'rate-limiter-flexible';
import { type Limiter, type LimiterBounds, limiterOf } from '../shared/limiter.js';

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
    const anHour = (points: number): LimiterBounds => ({ points, seconds: HOUR_SECONDS });
    this.recipients = limiterOf('limit:mail-recipient', anHour(bounds.perRecipientPerHour), redis);
    this.callers = limiterOf('limit:mail-caller', anHour(bounds.perCallerPerHour), redis);
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
