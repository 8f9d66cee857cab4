import { cloudEnv } from '@scani/cloud';
import { cryptoEnv } from '@scani/crypto';
import { databaseEnv } from '@scani/database';
import { redisEnv, workerEnv } from '@scani/jobs';
import { type EnvOf, fragment, integer, logEnv, metricsEnv, text, traceEnv } from '@scani/runtime';
import { storageEnv } from '@scani/storage';

const workerOnlyEnv = fragment('worker-http', {
  HOST: text({ description: 'Address to listen on.', default: '0.0.0.0' }),
  PORT: integer({ description: 'Port for health.', default: '3002', min: 0, max: 65535 }),
});

/** All that the worker reads from its environment. */
export const workerProcessEnv = [
  workerOnlyEnv,
  databaseEnv,
  redisEnv,
  cloudEnv,
  cryptoEnv,
  storageEnv,
  workerEnv,
  logEnv,
  metricsEnv,
  traceEnv,
] as const;
export type WorkerEnv = EnvOf<typeof workerProcessEnv>;
