import { type DynamicModule, Module } from '@nestjs/common';
import { ImportsTrial } from '@scani/imports';
import { REDIS, type RedisClient } from '@scani/jobs';
import { IntegrationsTrial } from '@scani/integrations';
import { DataSource } from 'typeorm';
import { CloudKeysController } from './cloud-keys/cloud-keys.controller.js';
import { CloudKeysService } from './cloud-keys/cloud-keys.service.js';
import {
  DIAGNOSTICS_SETTINGS,
  DiagnosticsController,
  type DiagnosticsSettings,
} from './diagnostics/diagnostics.controller.js';
import { InstanceHeart } from './diagnostics/instance.heart.js';
import { EgressCollector } from './egress/egress.collector.js';
import { AdminEgressController, EgressController } from './egress/egress.controller.js';
import { EgressQueries } from './egress/egress.queries.js';
import { EventStream } from './job-board/event.stream.js';
import { JobBoardController } from './job-board/job-board.controller.js';
import { JobBoardService } from './job-board/job-board.service.js';
import { TierController } from './tier/tier.controller.js';
import { TierService } from './tier/tier.service.js';
import { TierVerifier } from './tier/tier.verifier.js';

@Module({})
export class OperationsHttp {
  /** `health` is the app's HealthModule, whose checks the admin page shows too. */
  static register(settings: DiagnosticsSettings, health: DynamicModule): DynamicModule {
    return {
      module: OperationsHttp,
      imports: [health, ImportsTrial, IntegrationsTrial],
      controllers: [
        JobBoardController,
        DiagnosticsController,
        CloudKeysController,
        TierController,
        EgressController,
        AdminEgressController,
      ],
      providers: [
        { provide: DIAGNOSTICS_SETTINGS, useValue: settings },
        EventStream,
        JobBoardService,
        CloudKeysService,
        EgressQueries,
        TierVerifier,
        TierService,
        heartOf('api', settings.version),
      ],
    };
  }
}

@Module({})
export class OperationsJobs {
  static register(version: string): DynamicModule {
    return { module: OperationsJobs, providers: [heartOf('worker', version), collector] };
  }
}

const collector = {
  provide: EgressCollector,
  useFactory: (source: DataSource, redis: RedisClient) => new EgressCollector(source, redis),
  inject: [DataSource, REDIS],
};

const heartOf = (component: string, version: string) => ({
  provide: InstanceHeart,
  useFactory: (source: DataSource) => new InstanceHeart(source, component, version),
  inject: [DataSource],
});
