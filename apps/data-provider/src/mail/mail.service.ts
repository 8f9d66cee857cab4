import { Inject, Injectable, Optional } from '@nestjs/common';
import { MailerService } from '@nestjs-modules/mailer';
import { Invalid, Unavailable } from '@scani/runtime';
import type { SendMail } from './mail.dto.js';
import { signInMail } from './sign-in.mail.js';

const RETRY_SECONDS = 60;

@Injectable()
export class MailService {
  private lastFailure: string | undefined;

  constructor(@Optional() @Inject(MailerService) private readonly mailer: MailerService | undefined) {}

  get configured(): boolean {
    return this.mailer !== undefined;
  }

  /** Why mail does not work at the moment; undefined when nothing is known against it. */
  get trouble(): string | undefined {
    if (!this.mailer) return 'SMTP_URL and SMTP_FROM are not set, so no mail can be sent';
    return this.lastFailure;
  }

  /** Resolves when the mail server has taken the mail. */
  async send(mail: SendMail): Promise<void> {
    if (!this.mailer) {
      throw new Unavailable('mail-not-configured', 'This data-provider cannot send mail: set SMTP_URL and SMTP_FROM.');
    }
    try {
      await this.mailer.sendMail({ to: mail.to, ...signInMail(mail.data) });
      this.lastFailure = undefined;
    } catch (error) {
      throw this.refusalOf(error);
    }
  }

  private refusalOf(error: unknown): Error {
    const { code, command, responseCode } = error as { code?: string; command?: string; responseCode?: number };
    // 5xx to RCPT TO: the receiver does not exist or does not want it; another try will not help.
    if (command === 'RCPT TO' && responseCode !== undefined && responseCode >= 500) {
      return new Invalid('mail-refused', 'The mail server does not take mail for this address.', [
        { pointer: '/to', detail: `was refused with ${responseCode}` },
      ]);
    }
    this.lastFailure = `the mail server could not be used: ${code ?? 'unknown'}${responseCode ? ` ${responseCode}` : ''}`;
    return new Unavailable('mail-not-sent', `The mail was not sent: ${this.lastFailure}.`, RETRY_SECONDS);
  }
}
