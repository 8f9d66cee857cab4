import { type Type, type DynamicModule } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import type { IncomingMessage } from 'node:http';
import { Logger } from 'nestjs-pino';
import { requestIdOf } from '../log.js';
import { bodyPipe } from './body.pipe.js';
import { ProblemFilter } from './problem.filter.js';

export interface HttpOptions {
  /** Largest JSON body, bytes. */
  bodyLimit?: number;
}

const JSON_LIMIT = 1_000_000;

/** A Nest application on Fastify, with the manners that all Scani processes share. Not listening yet. */
export async function createHttpApp(
  module: Type | DynamicModule,
  options: HttpOptions = {},
): Promise<NestFastifyApplication> {
  const adapter = new FastifyAdapter({
    bodyLimit: options.bodyLimit ?? JSON_LIMIT,
    genReqId: (request: IncomingMessage) => requestIdOf(request),
    // Addresses of callers are believed from proxies inside the network alone, since limits count by them.
    trustProxy: ['loopback', 'linklocal', 'uniquelocal'],
    forceCloseConnections: 'idle',
  });
  const app = await NestFactory.create<NestFastifyApplication>(module, adapter, { bufferLogs: true });
  app.useLogger(app.get(Logger));
  app.useGlobalFilters(new ProblemFilter());
  app.useGlobalPipes(bodyPipe());
  app.enableShutdownHooks(['SIGTERM', 'SIGINT'], { useProcessExit: true });
  closeConnectionsWhenDraining(app);
  return app;
}

/** A busy keep-alive client would hold a draining process open; it is told to go elsewhere. */
function closeConnectionsWhenDraining(app: NestFastifyApplication): void {
  let draining = false;
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => (draining = true));
  app
    .getHttpAdapter()
    .getInstance()
    .addHook('onSend', (_request, reply, payload, done) => {
      if (draining) void reply.header('connection', 'close');
      done(null, payload);
    });
}
