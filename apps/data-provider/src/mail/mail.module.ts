import { type DynamicModule, Module } from '@nestjs/common';
import { MailerModule, type MailerOptions, MailerService, type MailerTransportFactory } from '@nestjs-modules/mailer';
import { liveOf } from '@scani/runtime';
import type { DataProviderEnv } from '../env.js';
import { createTransport } from 'nodemailer';
import { MailController } from './mail.controller.js';
import { MailService } from './mail.service.js';

/** A mail server that does not answer must not hold a request of the api for minutes. */
const BOUNDS = {
  connectionTimeout: '5000',
  greetingTimeout: '5000',
  socketTimeout: '15000',
  pool: 'true',
  maxConnections: '3',
};

@Module({})
export class MailModule {
  static register(env: Pick<DataProviderEnv, 'SMTP_URL' | 'SMTP_FROM'>): DynamicModule {
    const { SMTP_URL: smtpUrl, SMTP_FROM: from } = env;
    const service = (mailer?: MailerService): MailService => {
      const mails = new MailService(mailer);
      liveOf(env, 'SMTP_URL').onChange((url) => {
        if (url !== undefined) mails.use(mailerOf(url, from));
      });
      return mails;
    };
    return {
      module: MailModule,
      imports: smtpUrl === undefined ? [] : [MailerModule.forRoot(optionsOf(smtpUrl, from))],
      controllers: [MailController],
      providers: [{ provide: MailService, useFactory: service, inject: [{ token: MailerService, optional: true }] }],
      exports: [MailService],
    };
  }
}

function optionsOf(smtpUrl: string, from: string | undefined): MailerOptions {
  const transport = new URL(smtpUrl);
  for (const [name, value] of Object.entries(BOUNDS)) {
    if (!transport.searchParams.has(name)) transport.searchParams.set(name, value);
  }
  return { transport: transport.href, defaults: { from, disableFileAccess: true, disableUrlAccess: true } };
}

function mailerOf(smtpUrl: string, from: string | undefined): MailerService {
  const options = optionsOf(smtpUrl, from);
  const transport: unknown = createTransport(options.transport as string, options.defaults);
  const factory = { createTransport: () => transport } as MailerTransportFactory;
  return new MailerService(options, factory);
}
