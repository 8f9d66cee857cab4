import { Injectable, type OnModuleDestroy } from '@nestjs/common';
import type { MailerService } from '@nestjs-modules/mailer';
import { noteEgress, Unavailable } from '@scani/runtime';
import type { SendMail } from './mail.dto.js';
import { delayOf, refusalOf, troubleOf } from './mail.failures.js';
import type { MailLimits } from './mail.limits.js';
import { mailOf } from './templates/templates.js';

export type MailWay = 'fastmail' | 'smtp';

export interface Mailer {
  readonly way: MailWay;
  readonly service: MailerService;
  /** Of a server that is not asked by HTTP, whose calls are noted where they are made. */
  readonly host?: string;
}

const NOT_CONFIGURED = 'neither FASTMAIL_API_TOKEN nor SMTP_URL with SMTP_FROM is set, so no mail can be sent';

/** Answers of machines to a mail of a machine are unwanted (RFC 3834). */
const HEADERS = { 'Auto-Submitted': 'auto-generated', 'X-Auto-Response-Suppress': 'All' };

@Injectable()
export class MailService implements OnModuleDestroy {
  private lastFailure: string | undefined;

  constructor(
    private mailer: Mailer | undefined,
    private readonly limits: MailLimits,
    /** The services that mail can be sent by, and whether there is a key for each. */
    readonly keyed: () => (readonly [provider: MailWay, keyed: boolean])[],
  ) {}

  /** Sends with another mailer from now on; the one before ends what it has begun. */
  use(mailer: Mailer | undefined): void {
    void this.mailer?.service.onModuleDestroy();
    this.mailer = mailer;
    this.lastFailure = undefined;
  }

  async onModuleDestroy(): Promise<void> {
    await this.mailer?.service.onModuleDestroy();
  }

  get configured(): boolean {
    return this.mailer !== undefined;
  }

  /** By what mail is sent. */
  get way(): MailWay | 'off' {
    return this.mailer?.way ?? 'off';
  }

  /** Why mail does not work at the moment; undefined when nothing is known against it. */
  get trouble(): string | undefined {
    return this.mailer ? this.lastFailure : NOT_CONFIGURED;
  }

  /** Signs in to the mail server without sending anything; says why that does not work. */
  async look(): Promise<string | undefined> {
    if (!this.mailer) return this.trouble;
    try {
      await this.mailer.service.getTransporter().verify();
      return undefined;
    } catch (error) {
      return troubleOf(error);
    }
  }

  /** Resolves when the mail server has taken the mail; `caller` is whose mails are counted together. */
  async send(mail: SendMail, caller: string): Promise<void> {
    const mailer = this.mailer;
    if (!mailer)
      throw new Unavailable('mail-not-configured', `This data-provider cannot send mail: ${NOT_CONFIGURED}.`);
    await this.limits.take(caller, mail.to);
    try {
      const whole = { to: mail.to, headers: HEADERS, ...mailOf(mail.template, mail.data) };
      await noted(mailer, mailer.service.sendMail(whole));
      this.lastFailure = undefined;
    } catch (error) {
      const refusal = refusalOf(error);
      if (refusal) throw refusal;
      await this.limits.giveBack(caller, mail.to);
      this.lastFailure = troubleOf(error);
      throw delayOf(error);
    }
  }
}

const SMTP_OK = 250;

async function noted({ host }: Mailer, sending: Promise<{ messageSize?: number } | undefined>): Promise<void> {
  const at = new Date();
  const note = (status: number | null, sentBytes: number): void => {
    if (host === undefined) return;
    noteEgress({ at, host, purpose: 'mail', status, sentBytes, receivedBytes: 0, ms: Date.now() - at.getTime() });
  };
  try {
    note(SMTP_OK, (await sending)?.messageSize ?? 0);
  } catch (error) {
    const status: unknown = (error as { responseCode?: unknown } | null)?.responseCode;
    note(typeof status === 'number' ? status : null, 0);
    throw error;
  }
}
