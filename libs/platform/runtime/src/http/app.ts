import { type Type, type DynamicModule } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import type { IncomingMessage } from 'node:http';
import { Logger } from 'nestjs-pino';
import { requestIdOf } from '../log.js';
import { httpDuration } from '../metrics.js';
import { bodyPipe } from './body.pipe.js';
import { ProblemFilter } from './problem.filter.js';

export interface HttpOptions {
  /** Largest JSON body, bytes. */
  bodyLimit?: number;
}

const JSON_LIMIT = 1_000_000;
const DRAIN_MS = 25_000;
const DRAIN_LOOK_MS = 50;

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
  measureAnswers(app);
  closeConnectionsWhenDraining(app);
  return app;
}

function measureAnswers(app: NestFastifyApplication): void {
  const fastify = app.getHttpAdapter().getInstance();
  fastify.addHook('onResponse', (request, reply, done) => {
    const route = request.routeOptions.url ?? 'none';
    httpDuration.observe({ method: request.method, route, status: reply.statusCode }, reply.elapsedTime / 1_000);
    done();
  });
}

/**
 * A keep-alive client would hold a draining process open, and so would a connection on which nothing was ever asked
 * (node counts it as busy for a minute). Answers say that the connection ends, and once nothing is being answered
 * any more, or the patience is over, what is still open is cut.
 */
function closeConnectionsWhenDraining(app: NestFastifyApplication): void {
  const fastify = app.getHttpAdapter().getInstance();
  let draining = false;
  let answering = 0;
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => (draining = true));
  fastify.addHook('onRequest', (_request, reply, done) => {
    answering += 1;
    // Not `onResponse`: an event stream that was taken over never gets there.
    reply.raw.once('close', () => (answering -= 1));
    done();
  });
  fastify.addHook('onSend', (_request, reply, payload, done) => {
    if (draining) void reply.header('connection', 'close');
    done(null, payload);
  });
  fastify.addHook('preClose', (done) => {
    const until = Date.now() + DRAIN_MS;
    const timer = setInterval(() => {
      if (answering > 0 && Date.now() < until) return;
      clearInterval(timer);
      fastify.server.closeAllConnections();
    }, DRAIN_LOOK_MS);
    done();
  });
}
