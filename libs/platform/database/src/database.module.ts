import {
  type DynamicModule,
  Injectable,
  Logger,
  Module,
  type OnModuleDestroy,
  type OnModuleInit,
} from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { setTimeout as pause } from 'node:timers/promises';
import { DataSource, type DataSourceOptions } from 'typeorm';
import { connectionTrouble } from './away.js';
import { MarkingDataSource } from './before-commit.js';
import { type DataSourceSettings, dataSourceOptions } from './data-source.js';

const RETRY_MS = 1_000;

/**
 * Connects, and goes on trying: a process whose database is away must live, or restarts would hide what is wrong. Until
 * it is there every query is refused at once.
 */
@Injectable()
class DatabaseStart implements OnModuleInit, OnModuleDestroy {
  private readonly log = new Logger('Database');
  private ended = false;

  constructor(private readonly source: DataSource) {}

  async onModuleInit(): Promise<void> {
    if (this.source.isInitialized) return;
    const trouble = await this.attempt();
    if (trouble !== undefined) void this.goOn(trouble);
  }

  onModuleDestroy(): void {
    this.ended = true;
  }

  private async goOn(first: string): Promise<void> {
    this.log.error(`${first}; trying again every second`);
    for (let said = first; !this.ended;) {
      await pause(RETRY_MS, undefined, { ref: false });
      const trouble = await this.attempt();
      if (trouble === undefined) return this.log.log('Postgres answers');
      if (trouble !== said) this.log.error(trouble);
      said = trouble;
    }
  }

  private async attempt(): Promise<string | undefined> {
    try {
      await this.source.initialize();
      // Who was told to end while this was on its way has closed what there was to close.
      if (this.ended) await this.source.destroy();
      return undefined;
    } catch (error) {
      return connectionTrouble(error);
    }
  }
}

@Module({})
export class DatabaseModule {
  /**
   * The one DataSource of a process. A service starts without a reachable server and keeps trying: readiness tells. What a
   * person runs by hand `needs` it and fails.
   */
  static register(settings: DataSourceSettings & { needed?: boolean }): DynamicModule {
    const needed = settings.needed ?? false;
    return {
      module: DatabaseModule,
      imports: [
        TypeOrmModule.forRootAsync({
          useFactory: () => ({
            ...dataSourceOptions(settings),
            retryAttempts: 1,
            retryDelay: 0,
            manualInitialization: !needed,
          }),
          dataSourceFactory: async (options) => new MarkingDataSource(options as DataSourceOptions),
        }),
      ],
      providers: needed ? [] : [DatabaseStart],
      exports: [TypeOrmModule],
    };
  }
}
