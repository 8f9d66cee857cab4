import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { DocumentBuilder, type OpenAPIObject, SwaggerModule } from '@nestjs/swagger';
import { databaseAway } from '@scani/database';
import { createHttpApp } from '@scani/runtime';
import { acceptPictures } from './ai/large-bodies.js';
import { DataProviderModule } from './data-provider.module.js';
import type { DataProviderEnv } from './env.js';
import type { OutsideOptions } from './outside/outside.js';
import { VERSION } from './version.js';

/** The application with its document at /v1/openapi.json; not listening yet. */
export async function createDataProvider(
  env: DataProviderEnv,
  outside: OutsideOptions = {},
): Promise<NestFastifyApplication> {
  const app = await createHttpApp(DataProviderModule.register(env, outside), { explain: [databaseAway] });
  acceptPictures(app);
  SwaggerModule.setup('v1/openapi', app, () => documentOf(app), {
    ui: false,
    raw: ['json'],
    jsonDocumentUrl: 'v1/openapi.json',
  });
  return app;
}

function documentOf(app: NestFastifyApplication): OpenAPIObject {
  const about = new DocumentBuilder()
    .setTitle('Scani data-provider')
    .setDescription(
      'Prices, exchange rates, asset search, wallets on chains, reading by AI, link previews and mail for one or more installations of Scani. Errors are problem+json (RFC 9457). ' +
        'Of keys the code says: key-missing, key-unknown, key-revoked, key-expired (401), key-scope (403), over-hourly-quota, ' +
        'over-monthly-quota (429) and over-cost-ceiling (402), the last three with Retry-After.',
    )
    .setVersion(VERSION)
    .setOpenAPIVersion('3.1.0')
    .addBearerAuth({ type: 'http', scheme: 'bearer' }, 'key')
    .addSecurityRequirements('key')
    .build();
  return SwaggerModule.createDocument(app, about);
}
