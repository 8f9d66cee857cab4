import { type DynamicModule, type Type } from '@nestjs/common';
import { HttpAdapterHost, NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import type { IncomingMessage } from 'node:http';
import { Logger } from 'nestjs-pino';
import { forEgress } from '../egress.js';
import { requestIdOf } from '../log.js';
import { httpDuration } from '../metrics.js';
import { traceRequests } from '../trace/trace-requests.js';
import { bodyPipe } from './body.pipe.js';
import { Drain } from './drain.js';
import { type Explain, ProblemFilter } from './problem.filter.js';

export interface HttpOptions {
  /** Largest JSON body, bytes. */
  bodyLimit?: number;
  /** What errors of the parts below mean for the person who asked; the first that knows one explains it. */
  explain?: readonly Explain[];
}

const JSON_LIMIT = 1_000_000;
/** Longest time that a whole request may take to arrive. */
const REQUEST_MS = 300_000;

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
    // Fastify would wait for a whole request as long as it trickles.
    requestTimeout: REQUEST_MS,
  });
  const app = await NestFactory.create<NestFastifyApplication>(withManners(module), adapter, {
    bufferLogs: true,
    // Nest would end the process by itself, past whoever writes its last words.
    abortOnError: false,
  });
  app.useLogger(app.get(Logger));
  app.useGlobalFilters(new ProblemFilter(options.explain));
  app.useGlobalPipes(bodyPipe());
  app.enableShutdownHooks(['SIGTERM', 'SIGINT'], { useProcessExit: true });
  measureAnswers(app);
  traceRequests(app);
  followEgress(app);
  return app;
}

function withManners(module: Type | DynamicModule): DynamicModule {
  const drain = {
    provide: Drain,
    useFactory: (host: HttpAdapterHost<FastifyAdapter>) => new Drain(host),
    inject: [HttpAdapterHost],
  };
  return { module: class HttpApp {}, imports: [module], providers: [drain] };
}

/** Calls that a request leads to are its own; guards say more of whose they are. */
function followEgress(app: NestFastifyApplication): void {
  const fastify = app.getHttpAdapter().getInstance();
  // Reading the body loses the context, so it begins after that.
  fastify.addHook('preHandler', (_request, _reply, done) => forEgress({}, done));
}

function measureAnswers(app: NestFastifyApplication): void {
  const fastify = app.getHttpAdapter().getInstance();
  fastify.addHook('onResponse', (request, reply, done) => {
    const route = request.routeOptions.url ?? 'none';
    httpDuration.observe({ method: request.method, route, status: reply.statusCode }, reply.elapsedTime / 1_000);
    done();
  });
}
