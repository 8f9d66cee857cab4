import 'reflect-metadata';
import { Logger } from '@nestjs/common';
import { databaseMetrics, REQUIRED_SCHEMA } from '@scani/database';
import {
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
import { createDataProvider } from './data-provider.app.js';
import { credentialsOf } from './credentials.js';
import { dataProviderEnv } from './env.js';
import { MailService } from './mail/mail.service.js';
import { Outside } from './outside/outside.js';
import { providerMetrics } from './outside/provider.metrics.js';
import { VERSION } from './version.js';

const env = envOrExit(dataProviderEnv);
lastWords('data-provider', env);
await startTracing({ component: 'data-provider', version: VERSION, env, database: env.CLOUD_MANAGEMENT_ENABLED });
const app = await createDataProvider(env);
watchSecrets(env);
await serveMetrics(
  {
    component: 'data-provider',
    version: VERSION,
    requiredSchema: env.CLOUD_MANAGEMENT_ENABLED ? REQUIRED_SCHEMA : 0,
    port: env.METRICS_PORT,
    host: env.HOST,
  },
  [
    ...readinessMetrics(app.get<readonly ReadinessCheck[]>(READINESS_CHECKS, { strict: false })),
    ...providerMetrics(app.get(Outside, { strict: false }), app.get(MailService, { strict: false })),
    ...(env.CLOUD_MANAGEMENT_ENABLED ? databaseMetrics(app.get(DataSource, { strict: false })) : []),
  ],
);
const log = new Logger('DataProvider');
log.log(`version=${env.SCANI_IMAGE_TAG ?? VERSION} ${credentialsOf(env)}`);
await app.listen(env.PORT, env.HOST);
log.log(
  `listening on ${await app.getUrl()} mail=${app.get(MailService, { strict: false }).way} issuedKeys=${env.CLOUD_MANAGEMENT_ENABLED ? 'on' : 'off'}`,
);
