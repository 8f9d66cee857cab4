import 'reflect-metadata';
import { Logger } from '@nestjs/common';
import {
  BadEnv,
  READINESS_CHECKS,
  type ReadinessCheck,
  readinessMetrics,
  serveMetrics,
  watchSecrets,
} from '@scani/runtime';
import { createDataProvider } from './data-provider.app.js';
import { type DataProviderEnv, readSettings } from './env.js';
import { MailService } from './mail/mail.service.js';
import { Outside } from './outside/outside.js';
import { providerMetrics } from './outside/provider.metrics.js';
import { VERSION } from './version.js';

function settingsOrExit(): DataProviderEnv {
  try {
    return readSettings();
  } catch (error) {
    if (!(error instanceof BadEnv)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exit(1);
  }
}

const env = settingsOrExit();
const app = await createDataProvider(env);
watchSecrets(env);
await serveMetrics(
  { component: 'data-provider', version: VERSION, requiredSchema: 0, port: env.METRICS_PORT, host: env.HOST },
  [
    ...readinessMetrics(app.get<readonly ReadinessCheck[]>(READINESS_CHECKS, { strict: false })),
    ...providerMetrics(app.get(Outside, { strict: false }), app.get(MailService, { strict: false })),
  ],
);
await app.listen(env.PORT, env.HOST);
new Logger('DataProvider').log(
  `listening on ${await app.getUrl()} mail=${env.SMTP_URL === undefined ? 'off' : 'smtp'}`,
);
