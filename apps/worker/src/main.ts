import 'reflect-metadata';
import { Logger } from '@nestjs/common';
import { shownCloudUrl, tierOf } from '@scani/cloud';
import { decryptFailures } from '@scani/crypto';
import { databaseMetrics, poolWarning, REQUIRED_SCHEMA } from '@scani/database';
import { jobDuration, queueMetrics } from '@scani/jobs';
import {
  askedGauge,
  createHttpApp,
  envOrExit,
  lastWords,
  READINESS_CHECKS,
  type ReadinessCheck,
  readinessMetrics,
  serveMetrics,
  startTracing,
  watchSecrets,
} from '@scani/runtime';
import { DataSource } from 'typeorm';
import { workerProcessEnv } from './env.js';
import { VERSION } from './version.js';
import { WorkHost } from './work.host.js';
import { WorkerModule } from './worker.module.js';

const env = envOrExit(workerProcessEnv);
lastWords('worker', env);
await startTracing({ component: 'worker', version: VERSION, env, database: true });
const app = await createHttpApp(WorkerModule.register(env));
watchSecrets(env);
const log = new Logger('Worker');
log.log(`version=${VERSION} tier=${tierOf(env)} cloudUrl=${shownCloudUrl(env.SCANI_CLOUD_URL)}`);
const tooMany = poolWarning(env.DATABASE_URL, env.POSTGRES_POOL_MAX);
if (tooMany !== undefined) log.warn(tooMany);
const source = app.get(DataSource);
const work = app.get(WorkHost);
await serveMetrics(
  { component: 'worker', version: VERSION, requiredSchema: REQUIRED_SCHEMA, port: env.METRICS_PORT, host: env.HOST },
  [
    ...readinessMetrics(app.get<readonly ReadinessCheck[]>(READINESS_CHECKS, { strict: false })),
    ...databaseMetrics(source),
    ...queueMetrics(source),
    jobDuration,
    decryptFailures,
    askedGauge(
      'scani_worker_heartbeat_timestamp_seconds',
      'When this worker last read the outbox.',
      () => work.heartbeatAt.getTime() / 1_000,
    ),
  ],
);
await app.listen(env.PORT, env.HOST);
log.log(`health on ${await app.getUrl()}`);
try {
  await work.start(app);
} catch (error) {
  log.fatal(error instanceof Error ? error.message : String(error));
  process.exit(1);
}
