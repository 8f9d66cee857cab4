import { TooMany } from '@scani/runtime';
import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';

export interface MailBounds {
  readonly perRecipientPerHour: number;
  readonly perCallerPerHour: number;
}

const HOUR_SECONDS = 3_600;

/**
 * How many mails may leave: nobody's mailbox is filled, and a caller gone wild does not ruin the name of the sender. Each
 * process counts for itself; a new one begins at none.
 */
export class MailLimits {
  private readonly recipients: RateLimiterMemory;
  private readonly callers: RateLimiterMemory;

  constructor(bounds: MailBounds) {
    this.recipients = new RateLimiterMemory({ points: bounds.perRecipientPerHour, duration: HOUR_SECONDS });
    this.callers = new RateLimiterMemory({ points: bounds.perCallerPerHour, duration: HOUR_SECONDS });
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

const keyOf = (address: string): string => address.toLowerCase();

async function consume(limiter: RateLimiterMemory, key: string, code: string, detail: string): Promise<void> {
  try {
    await limiter.consume(key);
  } catch (answer) {
    if (!(answer instanceof RateLimiterRes)) throw answer;
    // What was refused is counted too, and would stand in the way of what is given back.
    await limiter.reward(key);
    throw new TooMany(code, detail, Math.max(1, Math.ceil(answer.msBeforeNext / 1_000)));
  }
}
