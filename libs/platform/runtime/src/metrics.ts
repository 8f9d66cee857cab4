import { Logger } from '@nestjs/common';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { collectDefaultMetrics, Gauge, Histogram, type Metric, Registry } from 'prom-client';
import { fragment, integer } from './env/env.js';

export const metricsEnv = fragment('metrics', {
  METRICS_PORT: integer({
    description: 'The port of /metrics for Prometheus, apart from the public one and never to be routed; 0: none.',
    default: '9464',
    min: 0,
    max: 65_535,
  }),
});

/** Seconds by method, route template and status; the raw URL would be a series per id. */
export const httpDuration = new Histogram({
  name: 'http_request_duration_seconds',
  help: 'Answered requests by route template.',
  labelNames: ['method', 'route', 'status'],
  buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
  registers: [],
});

/**
 * A gauge that is read when somebody asks: one value, or one for each `label`. What cannot be read is left out of that
 * answer, not told as it was before.
 */
export function askedGauge(name: string, help: string, read: () => number | Promise<number>): Gauge;
export function askedGauge(
  name: string,
  help: string,
  read: () => Promise<ReadonlyMap<string, number>>,
  label: string,
): Gauge;
export function askedGauge(
  name: string,
  help: string,
  read: () => number | Promise<number | ReadonlyMap<string, number>>,
  label?: string,
): Gauge {
  return new Gauge({
    name,
    help,
    labelNames: label === undefined ? [] : [label],
    registers: [],
    async collect() {
      try {
        const value = await read();
        if (typeof value === 'number') return this.set(value);
        this.reset();
        for (const [one, count] of value) this.set({ [label ?? '']: one }, count);
      } catch {
        if (label === undefined) this.remove();
        else this.reset();
      }
    },
  });
}

/**
 * Serves /metrics on a port of its own, with the series given, those of HTTP and those of Node. Rejects when the port is
 * taken. It goes on answering while the process drains, and does not hold it.
 */
export async function serveMetrics(
  about: { app: string; version: string; port: number; host: string },
  metrics: readonly Metric[] = [],
): Promise<Server | undefined> {
  if (about.port === 0) return undefined;
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const build = new Gauge({
    name: 'scani_build_info',
    help: 'What runs here; always 1.',
    labelNames: ['app', 'version'],
    registers: [registry],
  });
  build.set({ app: about.app, version: about.version }, 1);
  for (const metric of [httpDuration, ...metrics]) registry.registerMetric(metric);
  const server = createServer((request, response) => {
    if (request.method !== 'GET' || request.url?.split('?')[0] !== '/metrics') {
      response.writeHead(404).end();
      return;
    }
    registry.metrics().then(
      (text) => response.writeHead(200, { 'content-type': registry.contentType }).end(text),
      () => response.writeHead(500).end(),
    );
  });
  server.listen(about.port, about.host);
  await once(server, 'listening');
  server.unref();
  new Logger('Metrics').log(`/metrics on port ${about.port}`);
  return server;
}
