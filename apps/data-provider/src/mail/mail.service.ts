import { Injectable, type OnModuleDestroy } from '@nestjs/common';
import type { MailerService } from '@nestjs-modules/mailer';
import { Invalid, Unavailable } from '@scani/runtime';
import type { SendMail } from './mail.dto.js';
import { signInMail } from './sign-in.mail.js';

const RETRY_SECONDS = 60;

@Injectable()
export class MailService implements OnModuleDestroy {
  private lastFailure: string | undefined;

  constructor(private mailer: MailerService | undefined) {}

  /** Sends with another mailer from now on; the one before ends what it has begun. */
  use(mailer: MailerService): void {
    void this.mailer?.onModuleDestroy();
    this.mailer = mailer;
    this.lastFailure = undefined;
  }

  async onModuleDestroy(): Promise<void> {
    await this.mailer?.onModuleDestroy();
  }

  get configured(): boolean {
    return this.mailer !== undefined;
  }

  /** Why mail does not work at the moment; undefined when nothing is known against it. */
  get trouble(): string | undefined {
    if (!this.mailer) return 'SMTP_URL and SMTP_FROM are not set, so no mail can be sent';
    return this.lastFailure;
  }

  /** Signs in to the mail server without sending anything; says why that does not work. */
  async look(): Promise<string | undefined> {
    if (!this.mailer) return this.trouble;
    try {
      await this.mailer.getTransporter().verify();
      return undefined;
    } catch (error) {
      return troubleOf(error);
    }
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
    const { command, responseCode } = error as { command?: string; responseCode?: number };
    // 5xx to RCPT TO: the receiver does not exist or does not want it; another try will not help.
    if (command === 'RCPT TO' && responseCode !== undefined && responseCode >= 500) {
      return new Invalid('mail-refused', 'The mail server does not take mail for this address.', [
        { pointer: '/to', detail: `was refused with ${responseCode}` },
      ]);
    }
    this.lastFailure = troubleOf(error);
    return new Unavailable('mail-not-sent', `The mail was not sent: ${this.lastFailure}.`, RETRY_SECONDS);
  }
}

/** Codes alone: texts of mail servers may hold addresses. */
function troubleOf(error: unknown): string {
  const { code, responseCode } = error as { code?: string; responseCode?: number };
  return `the mail server could not be used: ${code ?? 'unknown'}${responseCode ? ` ${responseCode}` : ''}`;
}
