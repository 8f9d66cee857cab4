import { type DynamicModule, Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import type { DataSourceOptions } from 'typeorm';
import { MarkingDataSource } from './before-commit.js';
import { type DataSourceSettings, dataSourceOptions } from './data-source.js';
import { DatabaseStart } from './database.start.js';

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
