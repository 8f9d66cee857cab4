import { type DynamicModule, Module } from '@nestjs/common';
import { type EnvOf, liveOf } from '@scani/runtime';
import { CloudClient } from './cloud.client.js';
import type { cloudEnv } from './cloud.env.js';

/** Gives a process its one CloudClient. */
@Module({})
export class CloudModule {
  static register(env: Pick<EnvOf<[typeof cloudEnv]>, 'SCANI_CLOUD_URL' | 'SCANI_CLOUD_API_KEY'>): DynamicModule {
    const key = liveOf(env, 'SCANI_CLOUD_API_KEY');
    const client = new CloudClient({
      url: env.SCANI_CLOUD_URL,
      get apiKey() {
        return key.current;
      },
    });
    return {
      module: CloudModule,
      global: true,
      providers: [{ provide: CloudClient, useValue: client }],
      exports: [CloudClient],
    };
  }
}
