import { cloudEnv, cloudManagementEnv } from '@scani/cloud';
import { cryptoEnv } from '@scani/crypto';
import { databaseEnv } from '@scani/database';
import { identityEnv } from '@scani/identity';
import { redisEnv } from '@scani/jobs';
import { type EnvOf, fragment, integer, logEnv, metricsEnv, optional, text, traceEnv } from '@scani/runtime';
import { storageEnv } from '@scani/storage';

const apiOnlyEnv = fragment('api', {
  HOST: text({ description: 'Address to listen on.', default: '0.0.0.0' }),
  PORT: integer({ description: 'Port to listen on.', default: '3001', min: 0, max: 65535 }),
  CONSOLE_DIR: optional(
    text({ description: 'Folder with the built console, where the api serves it itself.', example: '/app/console' }),
  ),
});

/** All that the api reads from its environment. */
export const apiEnv = [
  apiOnlyEnv,
  databaseEnv,
  redisEnv,
  cloudEnv,
  cloudManagementEnv,
  identityEnv,
  cryptoEnv,
  storageEnv,
  logEnv,
  metricsEnv,
  traceEnv,
] as const;
export type ApiEnv = EnvOf<typeof apiEnv>;
