import { type DynamicModule, Module } from '@nestjs/common';
import { type MailerOptions, MailerService, type MailerTransportFactory } from '@nestjs-modules/mailer';
import type { RedisClient } from '@scani/jobs';
import { liveOf } from '@scani/runtime';
import { createTransport, type Transport } from 'nodemailer';
import type { DataProviderEnv } from '../env.js';
import { SHARED_REDIS } from '../shared/shared.module.js';
import { JmapTransport } from './jmap/jmap.transport.js';
import { MailController } from './mail.controller.js';
import { MailLimits } from './mail.limits.js';
import { type Mailer, MailService } from './mail.service.js';

/** A mail server that does not answer must not hold a request of the api for minutes. */
const BOUNDS = {
  connectionTimeout: '5000',
  greetingTimeout: '5000',
  socketTimeout: '15000',
  pool: 'true',
  maxConnections: '3',
};

type MailEnv = Pick<
  DataProviderEnv,
  | 'SMTP_URL'
  | 'SMTP_FROM'
  | 'FASTMAIL_API_TOKEN'
  | 'FASTMAIL_URL'
  | 'MAIL_PER_RECIPIENT_PER_HOUR'
  | 'MAIL_PER_INSTALLATION_PER_HOUR'
>;

@Module({})
export class MailModule {
  static register(env: MailEnv): DynamicModule {
    const token = liveOf(env, 'FASTMAIL_API_TOKEN');
    const smtpUrl = liveOf(env, 'SMTP_URL');
    const mailer = (): Mailer | undefined =>
      mailerOf({ ...env, FASTMAIL_API_TOKEN: token.current, SMTP_URL: smtpUrl.current });
    const bounds = {
      perRecipientPerHour: env.MAIL_PER_RECIPIENT_PER_HOUR,
      perCallerPerHour: env.MAIL_PER_INSTALLATION_PER_HOUR,
    };
    const service = (redis: RedisClient | null): MailService => {
      const limits = new MailLimits(bounds, redis);
      const mails = new MailService(mailer(), limits, () => [
        ['fastmail', token.current !== undefined],
        ['smtp', smtpUrl.current !== undefined],
      ]);
      for (const secret of [token, smtpUrl]) secret.onChange(() => mails.use(mailer()));
      return mails;
    };
    return {
      module: MailModule,
      controllers: [MailController],
      providers: [{ provide: MailService, useFactory: service, inject: [SHARED_REDIS] }],
      exports: [MailService],
    };
  }
}

/** Fastmail wins when both are set. */
function mailerOf(env: MailEnv): Mailer | undefined {
  const from = env.SMTP_FROM;
  if (env.FASTMAIL_API_TOKEN !== undefined) {
    const jmap = new JmapTransport({ sessionUrl: env.FASTMAIL_URL, token: env.FASTMAIL_API_TOKEN, from });
    return { way: 'fastmail', service: serviceOf(jmap, from) };
  }
  if (env.SMTP_URL === undefined) return undefined;
  return { way: 'smtp', service: serviceOf(smtpOf(env.SMTP_URL), from), host: new URL(env.SMTP_URL).host };
}

function smtpOf(url: string): string {
  const transport = new URL(url);
  for (const [name, value] of Object.entries(BOUNDS)) {
    if (!transport.searchParams.has(name)) transport.searchParams.set(name, value);
  }
  return transport.href;
}

function serviceOf(transport: string | Transport, from: string | undefined): MailerService {
  const options: MailerOptions = {
    transport,
    defaults: { from, disableFileAccess: true, disableUrlAccess: true } as object,
  };
  const made: unknown = createTransport(transport as string, options.defaults);
  const factory = { createTransport: () => made } as MailerTransportFactory;
  return new MailerService(options, factory);
}
