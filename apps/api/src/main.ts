import 'reflect-metadata';
import { Logger } from '@nestjs/common';
import { shownCloudUrl, tierOf } from '@scani/cloud';
import { decryptFailures } from '@scani/crypto';
import { databaseMetrics, poolWarning, REQUIRED_SCHEMA } from '@scani/database';
import { backlogOf, queueMetrics } from '@scani/jobs';
import {
  envOrExit,
  lastWords,
  READINESS_CHECKS,
  type ReadinessCheck,
  readinessMetrics,
  runChecks,
  serveMetrics,
  startTracing,
  watchSecrets,
} from '@scani/runtime';
import { DataSource } from 'typeorm';
import { createApi } from './app.js';
import { apiEnv } from './env.js';
import { VERSION } from './version.js';

const env = envOrExit(apiEnv);
lastWords('api', env);
await startTracing({ component: 'api', version: VERSION, env, database: true });
const app = await createApi(env);
watchSecrets(env);
const log = new Logger('Api');
log.log(`version=${VERSION} tier=${tierOf(env)} cloudUrl=${shownCloudUrl(env.SCANI_CLOUD_URL)}`);
const tooMany = poolWarning(env.DATABASE_URL, env.POSTGRES_POOL_MAX);
if (tooMany !== undefined) log.warn(tooMany);
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
