import 'reflect-metadata';
import { Logger } from '@nestjs/common';
import { BadEnv, serveMetrics, watchSecrets } from '@scani/runtime';
import { createDataProvider } from './data-provider.app.js';
import { type DataProviderEnv, readSettings } from './env.js';
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
await serveMetrics({ app: 'data-provider', version: VERSION, port: env.METRICS_PORT, host: env.HOST });
await app.listen(env.PORT, env.HOST);
new Logger('DataProvider').log(
  `listening on ${await app.getUrl()} mail=${env.SMTP_URL === undefined ? 'off' : 'smtp'}`,
);
