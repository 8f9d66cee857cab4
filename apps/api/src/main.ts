import 'reflect-metadata';
import { Logger } from '@nestjs/common';
import { decryptFailures } from '@scani/crypto';
import { databaseMetrics, isPooled, REQUIRED_SCHEMA } from '@scani/database';
import { backlogOf, queueMetrics } from '@scani/jobs';
import {
  envOrExit,
  READINESS_CHECKS,
  type ReadinessCheck,
  readinessMetrics,
  runChecks,
  serveMetrics,
  watchSecrets,
} from '@scani/runtime';
import { DataSource } from 'typeorm';
import { createApi } from './app.js';
import { apiEnv } from './env.js';
import { tierOf } from './tier.js';
import { VERSION } from './version.js';

const POOLED_MAX = 10;

const env = envOrExit(apiEnv);
const app = await createApi(env);
watchSecrets(env);
const log = new Logger('Api');
log.log(`version=${VERSION} tier=${tierOf(env.SCANI_CLOUD_URL)} cloudUrl=${env.SCANI_CLOUD_URL}`);
if (isPooled(env.DATABASE_URL) && env.POSTGRES_POOL_MAX > POOLED_MAX) {
  log.warn(
    `DATABASE_URL goes through a pooler: POSTGRES_POOL_MAX=${env.POSTGRES_POOL_MAX} is more than it needs, 5 will do`,
  );
}
const source = app.get(DataSource);
const checks = app.get<readonly ReadinessCheck[]>(READINESS_CHECKS, { strict: false });
await serveMetrics(
  {
    component: 'api',
    version: VERSION,
    requiredSchema: REQUIRED_SCHEMA,
    port: env.METRICS_PORT,
    host: env.HOST,
    answers: { '/internal/backlog': async () => ({ backlog: await backlogOf(source) }) },
  },
  [...readinessMetrics(checks), ...databaseMetrics(source), ...queueMetrics(source), decryptFailures],
);
await app.listen(env.PORT, env.HOST);
log.log(`listening on ${await app.getUrl()}`);
// Checks say in the log what is wrong; the first time without waiting for somebody who asks.
await runChecks(checks);
