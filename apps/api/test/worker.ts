/* eslint-disable @nx/enforce-module-boundaries -- this test runs the two processes side by side */
import { setTimeout as pause } from 'node:timers/promises';
import { testRedisUrl } from '@scani/jobs/testing';
import { createHttpApp, readEnv } from '@scani/runtime';
import { workerProcessEnv } from '../../worker/src/env.js';
import { WorkHost } from '../../worker/src/work.host.js';
import { WorkerModule } from '../../worker/src/worker.module.js';
import type { TestApi } from './harness.js';

export interface TestWorker {
  /** Waits until nothing that can be done now is left to do. */
  idle(): Promise<void>;
  close(): Promise<void>;
}

/** The whole worker beside the api of a test, on its database and Redis. */
export async function testWorker(api: TestApi, settings: Record<string, string> = {}): Promise<TestWorker> {
  const app = await createHttpApp(
    WorkerModule.register(
      readEnv(workerProcessEnv, {
        DATABASE_URL: api.db.url,
        POSTGRES_POOL_MAX: '5',
        REDIS_URL: testRedisUrl(),
        SCANI_CLOUD_URL: 'http://127.0.0.1:9',
        SCANI_CLOUD_API_KEY: 'a-key-for-the-tests',
        ENCRYPTION_KEY: 'ab'.repeat(32),
        LOG_ID_PEPPER: 'a-pepper-for-the-tests',
        LOG_LEVEL: 'silent',
        ...settings,
      }),
    ),
  );
  await app.init();
  await app.get(WorkHost).start(app);
  return {
    idle: async () => {
      for (;;) {
        const [row] = (await api.db.source.query(
          `select count(*)::int as left from job where state in ('queued', 'active') or (state = 'waiting' and attempts = 0)`,
        )) as { left: number }[];
        if (row?.left === 0) return;
        await pause(50);
      }
    },
    close: () => app.close(),
  };
}
