import { type DynamicModule, Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { type DataSourceSettings, dataSourceOptions } from './data-source.js';

@Module({})
export class DatabaseModule {
  /** The one DataSource of a process. It starts without a reachable server and keeps trying: readiness tells. */
  static register(settings: DataSourceSettings): DynamicModule {
    return {
      module: DatabaseModule,
      imports: [
        TypeOrmModule.forRootAsync({
          useFactory: () => ({ ...dataSourceOptions(settings), retryAttempts: 120, retryDelay: 1_000 }),
        }),
      ],
      exports: [TypeOrmModule],
    };
  }
}
