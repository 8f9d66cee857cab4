import type { EnvOf } from '../env/env.js';
import type { traceEnv } from './trace.env.js';

/** Facts of a span. Never ids, addresses or texts of people: see `kept` in span.filter.ts for the names that leave. */
export type SpanFacts = Readonly<Record<string, string | number>>;

export interface SpanAbout {
  /** From a small set: templates and names of jobs, never with an id. */
  readonly name: string;
  readonly kind: 'server' | 'client' | 'consumer';
  readonly facts?: SpanFacts;
  /**
   * The `traceparent` (https://www.w3.org/TR/trace-context/) of what led to this; null begins a trace. Without it the span
   * belongs to the one around it.
   */
  readonly parent?: string | null;
}

/** Something that is under way. */
export interface OpenSpan {
  /** What `work` leads to belongs to this span. */
  within<T>(work: () => T): T;
  /** `failure` is a code, not a message. */
  end(facts?: SpanFacts, failure?: string): void;
}

/** What otel.ts does while traces are on. */
export interface Tracing {
  open(about: SpanAbout): OpenSpan;
  current(): { traceparent: string; traceId: string } | undefined;
  close(): Promise<void>;
}

export interface TraceSettings {
  readonly component: string;
  readonly version: string;
  readonly env: EnvOf<readonly [typeof traceEnv]>;
  /** Whether this process speaks to Postgres, whose queries are traced then. */
  readonly database: boolean;
}

const NOTHING: OpenSpan = { within: (work) => work(), end: () => undefined };
let tracing: Tracing | undefined;

/** Turns traces on where the settings have an address for them. Otherwise nothing of OpenTelemetry is even loaded. */
export async function startTracing(settings: TraceSettings): Promise<void> {
  if (settings.env.OTEL_EXPORTER_OTLP_ENDPOINT === undefined || tracing) return;
  const { openTelemetry } = await import('./otel.js');
  tracing = openTelemetry(settings);
}

/** Sends what is not sent yet, within some seconds, and turns traces off. */
export async function stopTracing(): Promise<void> {
  const ending = tracing;
  tracing = undefined;
  await ending?.close();
}

export const isTracing = (): boolean => tracing !== undefined;

export function openSpan(about: SpanAbout): OpenSpan {
  return tracing?.open(about) ?? NOTHING;
}

/** A span for as long as `work` takes; it may tell facts of its end. What it throws fails the span, by its code. */
export async function inSpan<T>(about: SpanAbout, work: (tell: (facts: SpanFacts) => void) => Promise<T>): Promise<T> {
  if (!tracing) return work(() => undefined);
  const span = tracing.open(about);
  let facts: SpanFacts = {};
  try {
    const result = await span.within(() => work((told) => (facts = { ...facts, ...told })));
    span.end(facts);
    return result;
  } catch (error) {
    span.end(facts, codeOf(error));
    throw error;
  }
}

/** How another process joins the trace that is under way; undefined where there is none. */
export function traceparent(): string | undefined {
  return tracing?.current()?.traceparent;
}

/** For log lines: the trace in which they were written. */
export function traceFacts(): { trace_id?: string } {
  const current = tracing?.current();
  return current ? { trace_id: current.traceId } : {};
}

function codeOf(error: unknown): string {
  const code = (error as { code?: unknown } | null)?.code;
  if (typeof code === 'string') return code;
  return error instanceof Error ? error.name : 'unknown';
}
