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

/** One value of a series with labels. */
export interface Sample {
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

/**
 * A gauge that is read when somebody asks: one value, or samples with `labels`. What cannot be read is left out of that
 * answer, not told as it was before.
 */
export function askedGauge(name: string, help: string, read: () => number | Promise<number>): Gauge;
export function askedGauge(
  name: string,
  help: string,
  read: () => readonly Sample[] | Promise<readonly Sample[]>,
  labels: readonly string[],
): Gauge;
export function askedGauge(
  name: string,
  help: string,
  read: () => number | readonly Sample[] | Promise<number | readonly Sample[]>,
  labels: readonly string[] = [],
): Gauge {
  return new Gauge({
    name,
    help,
    labelNames: [...labels],
    registers: [],
    async collect() {
      try {
        const value = await read();
        if (typeof value === 'number') return this.set(value);
        this.reset();
        for (const sample of value) this.set(sample.labels, sample.value);
      } catch {
        if (labels.length === 0) this.remove();
        else this.reset();
      }
    },
  });
}

/** Everybody who asks within `ms` of each other gets the same answer, for which the work is done once. */
export function sharedLook<T>(ms: number, work: () => Promise<T>): () => Promise<T> {
  let last: { answer: Promise<T>; until: number } | undefined;
  return () => {
    if (!last || Date.now() > last.until) last = { answer: work(), until: Date.now() + ms };
    return last.answer;
  };
}

export interface MetricsServer {
  readonly component: string;
  readonly version: string;
  /** The schema that this build needs; 0 where it has no database. */
  readonly requiredSchema: number;
  readonly port: number;
  readonly host: string;
  /** JSON for other programs inside the installation, by path. */
  readonly answers?: Readonly<Record<string, () => Promise<object>>>;
}

/**
 * Serves /metrics on a port of its own, with the series given, those of HTTP and those of Node. Rejects when the port is
 * taken. It goes on answering while the process drains, and does not hold it.
 */
export async function serveMetrics(about: MetricsServer, metrics: readonly Metric[] = []): Promise<Server | undefined> {
  if (about.port === 0) return undefined;
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const build = new Gauge({
    name: 'scani_build_info',
    help: 'What runs here; always 1.',
    labelNames: ['component', 'version', 'required_schema'],
    registers: [registry],
  });
  build.set({ component: about.component, version: about.version, required_schema: about.requiredSchema }, 1);
  for (const metric of [httpDuration, ...metrics]) registry.registerMetric(metric);
  const server = createServer((request, response) => {
    const path = request.method === 'GET' ? (request.url?.split('?')[0] ?? '') : '';
    const answer = about.answers && Object.hasOwn(about.answers, path) ? about.answers[path] : undefined;
    const told =
      path === '/metrics'
        ? registry.metrics().then((text) => ({ type: registry.contentType, text }))
        : answer?.().then((body) => ({ type: 'application/json', text: JSON.stringify(body) }));
    if (!told) {
      response.writeHead(404).end();
      return;
    }
    told.then(
      ({ type, text }) => response.writeHead(200, { 'content-type': type }).end(text),
      () => response.writeHead(503).end(),
    );
  });
  server.listen(about.port, about.host);
  await once(server, 'listening');
  server.unref();
  new Logger('Metrics').log(`/metrics on port ${about.port}`);
  return server;
}
