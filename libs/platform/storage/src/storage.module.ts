import { type DynamicModule, Inject, Module, type OnApplicationShutdown } from '@nestjs/common';
import type { StorageSettings } from './env.js';
import { ObjectStore } from './object.store.js';

/** Inject as `@Inject(OBJECT_STORE) store: ObjectStore | null`: null where the deployment has no object storage. */
export const OBJECT_STORE = Symbol('OBJECT_STORE');

@Module({})
export class StorageModule implements OnApplicationShutdown {
  constructor(@Inject(OBJECT_STORE) private readonly store: ObjectStore | null) {}

  /** Registered once per process; every module may inject OBJECT_STORE. */
  static register(settings: StorageSettings | null): DynamicModule {
    return {
      module: StorageModule,
      global: true,
      providers: [{ provide: OBJECT_STORE, useValue: settings ? new ObjectStore(settings) : null }],
      exports: [OBJECT_STORE],
    };
  }

  onApplicationShutdown(): void {
    this.store?.close();
  }
}
