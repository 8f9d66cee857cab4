import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { isTracing, openSpan, stopTracing } from './trace.js';

const PROBES = new Set(['/livez', '/readyz', '/health', '/healthz/deep']);

/** A span for each request, joined to its caller's where that has one: by route template, never by URL. */
export function traceRequests(app: NestFastifyApplication): void {
  if (!isTracing()) return;
  const fastify = app.getHttpAdapter().getInstance();
  fastify.addHook('onRequest', (request, reply, done) => {
    const route = request.routeOptions.url ?? 'none';
    if (PROBES.has(route)) return done();
    const given = request.headers['traceparent'];
    const span = openSpan({
      name: `${request.method} ${route}`,
      kind: 'server',
      facts: { 'http.request.method': request.method, 'http.route': route },
      parent: typeof given === 'string' ? given : null,
    });
    // Not `onResponse`: an event stream that was taken over never gets there.
    reply.raw.once('close', () => {
      const status = reply.raw.statusCode;
      span.end({ 'http.response.status_code': status }, status >= 500 ? String(status) : undefined);
    });
    span.within(done);
  });
  // Requests have ended by then, and so have jobs.
  fastify.addHook('onClose', stopTracing);
}
