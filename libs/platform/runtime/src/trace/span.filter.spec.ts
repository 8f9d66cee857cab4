import { SpanKind, SpanStatusCode } from '@opentelemetry/api';
import { BatchSpanProcessor, type ReadableSpan, TracerProvider } from '@opentelemetry/sdk-trace';
import { expect, test } from 'vitest';
import { kept } from './span.filter.js';

/** A span as a library might make it, with everything in it that must not leave. */
async function talkative(): Promise<ReadableSpan> {
  const { promise, resolve } = Promise.withResolvers<ReadableSpan>();
  const provider = new TracerProvider({
    spanProcessors: [
      new BatchSpanProcessor({
        exporter: {
          export: (spans, done) => {
            done({ code: 0 });
            if (spans[0]) resolve(spans[0]);
          },
          shutdown: () => Promise.resolve(),
        },
      }),
    ],
  });
  const span = provider.getTracer('test').startSpan('pg.query:SELECT', { kind: SpanKind.CLIENT });
  span.setAttributes({
    'db.system': 'postgresql',
    'db.statement': `select * from users where email = 'ada@example.org' and name = 'O''Hara' and id = $1`,
    'db.user': 'ada',
    'db.postgresql.values': ['ada@example.org'],
    'db.connection_string': 'postgresql://ada:secret@db/scani',
    'url.full': 'https://scani.example/api/people/ada@example.org',
    'http.response.status_code': 500,
  });
  span.recordException(new Error('no row for ada@example.org'));
  span.addEvent('looked up ada@example.org');
  span.setStatus({ code: SpanStatusCode.ERROR, message: 'no row for ada@example.org' });
  span.end();
  await provider.forceFlush();
  return promise;
}

test('of a span leave known attributes, a statement without its literals, and that it failed', async () => {
  const span = kept(await talkative());
  expect(span.attributes).toEqual({
    'db.system.name': 'postgresql',
    'db.query.text': `select * from users where email = '…' and name = '…' and id = $1`,
    'http.response.status_code': 500,
  });
  expect(span.status).toEqual({ code: SpanStatusCode.ERROR });
  expect(span.events).toEqual([]);
  expect(span.links).toEqual([]);
  expect(span.name).toBe('pg.query:SELECT');
  expect(span.spanContext().traceId).toMatch(/^[0-9a-f]{32}$/);
});
