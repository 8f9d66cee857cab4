import {
  type Context,
  context,
  diag,
  type DiagLogger,
  DiagLogLevel,
  propagation,
  ROOT_CONTEXT,
  SpanKind,
  SpanStatusCode,
  trace,
} from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { W3CTraceContextPropagator } from '@opentelemetry/core';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-proto';
import { PgInstrumentation } from '@opentelemetry/instrumentation-pg';
import { resourceFromAttributes } from '@opentelemetry/resources';
import {
  AlwaysOffSampler,
  AlwaysOnSampler,
  BatchSpanProcessor,
  ParentBasedSampler,
  type Sampler,
  type SpanExporter,
  TraceIdRatioBasedSampler,
  TracerProvider,
} from '@opentelemetry/sdk-trace';
import { Logger } from '@nestjs/common';
import { createRequire } from 'node:module';
import { kept } from './span.filter.js';
import type { OpenSpan, SpanAbout, TraceSettings, Tracing } from './trace.js';

const KINDS = { server: SpanKind.SERVER, client: SpanKind.CLIENT, consumer: SpanKind.CONSUMER } as const;
const SEND_MS = 3_000;
const QUIET_MS = 60_000;

/** The one place that knows OpenTelemetry. Spans are sent in batches by OTLP (http/protobuf) to `<endpoint>/v1/traces`. */
export function openTelemetry({ component, version, env, database }: TraceSettings): Tracing {
  diag.setLogger(quietly(new Logger('Traces')), DiagLogLevel.WARN);
  const provider = new TracerProvider({
    resource: resourceFromAttributes({
      'service.name': env.OTEL_SERVICE_NAME ?? `scani-${component}`,
      'service.namespace': 'scani',
      'service.version': version,
    }),
    sampler: samplerOf(env.OTEL_TRACES_SAMPLER, env.OTEL_TRACES_SAMPLER_ARG),
    spanProcessors: [
      new BatchSpanProcessor({
        exporter: filtered(
          new OTLPTraceExporter({
            url: `${env.OTEL_EXPORTER_OTLP_ENDPOINT}/v1/traces`,
            headers: { ...env.OTEL_EXPORTER_OTLP_HEADERS },
            timeoutMillis: SEND_MS,
          }),
        ),
        exportTimeoutMillis: SEND_MS,
      }),
    ],
  });
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  // Nothing but the trace's id goes along: no baggage.
  propagation.setGlobalPropagator(new W3CTraceContextPropagator());
  trace.setGlobalTracerProvider(provider);
  if (database) tracePostgres(provider);
  const tracer = provider.getTracer('scani', version);
  return {
    open: (about) => opened(tracer.startSpan(about.name, optionsOf(about), parentOf(about)), about),
    current() {
      const active = trace.getSpanContext(context.active());
      if (!active) return undefined;
      const carrier: Record<string, string> = {};
      propagation.inject(context.active(), carrier);
      return { traceparent: carrier['traceparent'] ?? '', traceId: active.traceId };
    },
    close: () => provider.shutdown().catch(() => undefined),
  };
}

const optionsOf = ({ kind, facts }: SpanAbout) => ({ kind: KINDS[kind], attributes: { ...facts } });

function parentOf({ parent }: SpanAbout): Context {
  if (parent === undefined) return context.active();
  return parent === null ? ROOT_CONTEXT : propagation.extract(ROOT_CONTEXT, { traceparent: parent });
}

function opened(span: ReturnType<ReturnType<TracerProvider['getTracer']>['startSpan']>, about: SpanAbout): OpenSpan {
  const inside = trace.setSpan(parentOf(about), span);
  return {
    within: (work) => context.with(inside, work),
    end(facts = {}, failure) {
      span.setAttributes(facts);
      if (failure !== undefined) span.setAttribute('error.type', failure).setStatus({ code: SpanStatusCode.ERROR });
      span.end();
    },
  };
}

/**
 * Queries are traced where they belong to something. `pg` is CommonJS and its classes are changed in place, so asking for
 * it once more is enough: no loader hook, and whoever has it already is traced too.
 */
function tracePostgres(provider: TracerProvider): void {
  const postgres = new PgInstrumentation({ requireParentSpan: true, ignoreConnectSpans: true });
  postgres.setTracerProvider(provider);
  createRequire(import.meta.url)('pg');
}

function filtered(exporter: SpanExporter): SpanExporter {
  return {
    export: (spans, done) => exporter.export(spans.map(kept), done),
    shutdown: () => exporter.shutdown(),
    forceFlush: () => exporter.forceFlush?.() ?? Promise.resolve(),
  };
}

function samplerOf(name: TraceSettings['env']['OTEL_TRACES_SAMPLER'], ratio: number): Sampler {
  switch (name) {
    case 'always_on':
      return new AlwaysOnSampler();
    case 'always_off':
      return new AlwaysOffSampler();
    case 'traceidratio':
      return new TraceIdRatioBasedSampler(ratio);
    case 'parentbased_always_on':
      return new ParentBasedSampler({ root: new AlwaysOnSampler() });
    case 'parentbased_always_off':
      return new ParentBasedSampler({ root: new AlwaysOffSampler() });
    case 'parentbased_traceidratio':
      return new ParentBasedSampler({ root: new TraceIdRatioBasedSampler(ratio) });
  }
}

/** A collector that is away would be a line every few seconds. */
function quietly(log: Logger): DiagLogger {
  let last = 0;
  const say = (message: string): void => {
    if (Date.now() - last < QUIET_MS) return;
    last = Date.now();
    log.warn(message);
  };
  return { error: say, warn: say, info: () => undefined, debug: () => undefined, verbose: () => undefined };
}
