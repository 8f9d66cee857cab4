import 'reflect-metadata';
import { Logger } from '@nestjs/common';
import { databaseMetrics } from '@scani/database';
import { jobDuration, queueMetrics } from '@scani/jobs';
import { createHttpApp, envOrExit, serveMetrics, watchSecrets } from '@scani/runtime';
import { DataSource } from 'typeorm';
import { workerProcessEnv } from './env.js';
import { VERSION } from './version.js';
import { WorkHost } from './work.host.js';
import { WorkerModule } from './worker.module.js';

const env = envOrExit(workerProcessEnv);
const app = await createHttpApp(WorkerModule.register(env));
watchSecrets(env);
const log = new Logger('Worker');
const source = app.get(DataSource);
await serveMetrics({ app: 'worker', version: VERSION, port: env.METRICS_PORT, host: env.HOST }, [
  ...databaseMetrics(source),
  ...queueMetrics(source),
  jobDuration,
]);
await app.listen(env.PORT, env.HOST);
log.log(`version=${VERSION} health on ${await app.getUrl()}`);
try {
  await app.get(WorkHost).start(app);
} catch (error) {
  log.fatal(error instanceof Error ? error.message : String(error));
  process.exit(1);
}
