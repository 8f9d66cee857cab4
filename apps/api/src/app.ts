import fastifyCompress from '@fastify/compress';
import fastifyCookie from '@fastify/cookie';
import fastifyEtag from '@fastify/etag';
import fastifyHelmet from '@fastify/helmet';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { SwaggerModule } from '@nestjs/swagger';
import { databaseAway } from '@scani/database';
import { acceptRawUploads } from '@scani/imports';
import { createHttpApp } from '@scani/runtime';
import { storageAway } from '@scani/storage';
import { ApiModule } from './api.module.js';
import { serveConsole } from './console.js';
import type { ApiEnv } from './env.js';
import { documentOf } from './openapi.js';
import { refuseForeignPages } from './same-origin.js';

const SMALLEST_COMPRESSED = 1_024;

/** The api with its document at /api/openapi.json and its page at /api/docs; not listening yet. */
export async function createApi(env: ApiEnv): Promise<NestFastifyApplication> {
  const app = await createHttpApp(ApiModule.register(env), { explain: [databaseAway, storageAway] });
  await app.register(fastifyHelmet as never, { contentSecurityPolicy: contentPolicy(env), ...headers(env) });
  await app.register(fastifyCookie as never, { secret: env.BETTER_AUTH_SECRET });
  await app.register(fastifyCompress as never, { threshold: SMALLEST_COMPRESSED, encodings: ['br', 'gzip'] });
  await app.register(fastifyEtag as never);
  acceptRawUploads(app);
  refuseForeignPages(app, env.FRONTEND_URL);
  SwaggerModule.setup('api/docs', app, () => documentOf(app), {
    jsonDocumentUrl: 'api/openapi.json',
    yamlDocumentUrl: 'api/openapi.yaml',
    customSiteTitle: 'Scani API',
  });
  if (env.CONSOLE_DIR) await serveConsole(app, env.CONSOLE_DIR);
  return app;
}

function contentPolicy(env: ApiEnv): object {
  const self = ["'self'"];
  const storage = env.S3_PUBLIC_ENDPOINT ?? env.S3_ENDPOINT;
  return {
    useDefaults: false,
    directives: {
      defaultSrc: ["'none'"],
      scriptSrc: self,
      styleSrc: self,
      // Angular adds style elements at run time; style attributes stay forbidden.
      styleSrcElem: ["'self'", "'unsafe-inline'"],
      styleSrcAttr: ["'none'"],
      imgSrc: ["'self'", 'data:'],
      fontSrc: self,
      connectSrc: storage ? ["'self'", new URL(storage).origin] : self,
      manifestSrc: self,
      workerSrc: self,
      baseUri: self,
      formAction: self,
      frameAncestors: ["'none'"],
    },
  };
}

function headers(env: ApiEnv): object {
  return {
    hsts: env.FRONTEND_URL.startsWith('https:') ? { maxAge: 31_536_000, includeSubDomains: false } : false,
    referrerPolicy: { policy: 'same-origin' },
    crossOriginEmbedderPolicy: false,
  };
}
