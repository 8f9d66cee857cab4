import { type DynamicModule, Module } from '@nestjs/common';
import type { EnvOf } from '@scani/runtime';
import { CloudClient } from './cloud.client.js';
import type { cloudEnv } from './cloud.env.js';

/** Gives a process its one CloudClient. */
@Module({})
export class CloudModule {
  static register(env: EnvOf<[typeof cloudEnv]>): DynamicModule {
    const client = new CloudClient({ url: env.SCANI_CLOUD_URL, apiKey: env.SCANI_CLOUD_API_KEY });
    return {
      module: CloudModule,
      global: true,
      providers: [{ provide: CloudClient, useValue: client }],
      exports: [CloudClient],
    };
  }
}
