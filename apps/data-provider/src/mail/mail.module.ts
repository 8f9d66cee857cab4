import { type DynamicModule, Module } from '@nestjs/common';
import { MailerModule } from '@nestjs-modules/mailer';
import type { DataProviderEnv } from '../env.js';
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
    return {
      module: MailModule,
      imports: env.SMTP_URL === undefined ? [] : [mailerModule(env.SMTP_URL, env.SMTP_FROM)],
      controllers: [MailController],
      providers: [MailService],
      exports: [MailService],
    };
  }
}

function mailerModule(smtpUrl: string, from: string | undefined): DynamicModule {
  const transport = new URL(smtpUrl);
  for (const [name, value] of Object.entries(BOUNDS)) {
    if (!transport.searchParams.has(name)) transport.searchParams.set(name, value);
  }
  return MailerModule.forRoot({
    transport: transport.href,
    defaults: { from, disableFileAccess: true, disableUrlAccess: true },
  });
}
