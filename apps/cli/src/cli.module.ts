import { type DynamicModule, Module } from '@nestjs/common';
import { cloudEnv, CloudModule } from '@scani/cloud';
import { databaseEnv, DatabaseModule } from '@scani/database';
import { JobsModule, redisEnv } from '@scani/jobs';
import { Ledger } from '@scani/ledger';
import { Market } from '@scani/market';
import { PortfolioJobs } from '@scani/portfolio';
import type { EnvOf } from '@scani/runtime';

/** What commands that look into the product read from their environment. */
export const cliEnv = [databaseEnv, redisEnv, cloudEnv] as const;

/** The product's services, without anything that listens or works by itself. */
@Module({})
export class CliModule {
  static register(settings: EnvOf<typeof cliEnv>): DynamicModule {
    return {
      module: CliModule,
      imports: [
        DatabaseModule.register({ url: settings.DATABASE_URL, poolMax: 2, applicationName: 'scani-cli', needed: true }),
        JobsModule.register(settings.REDIS_URL, 'cli'),
        CloudModule.register(settings),
        Market,
        Ledger,
        PortfolioJobs,
      ],
    };
  }
}
