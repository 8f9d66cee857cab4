import type { Attributes, AttributeValue } from '@opentelemetry/api';
import type { ReadableSpan } from '@opentelemetry/sdk-trace';

/** What may leave with a span. A list of what may not would miss what a library adds one day. */
const KEPT = new Set([
  'db.collection.name',
  'db.operation.name',
  'db.query.text',
  'db.system.name',
  'error.type',
  'http.request.method',
  'http.response.status_code',
  'http.route',
  'scani.job.attempt',
  'scani.job.name',
  'scani.job.outcome',
  'server.address',
  'server.port',
]);
/** The same under the names that the instrumentation of pg may still use. */
const RENAMED: Readonly<Record<string, string>> = { 'db.statement': 'db.query.text', 'db.system': 'db.system.name' };
const LONGEST_QUERY = 2_000;
const LITERAL = /'(?:[^']|'')*'/g;

/** The span as it leaves: known attributes alone, statements without literals, no message of an error, no events. */
export function kept(span: ReadableSpan): ReadableSpan {
  return Object.create(span, {
    attributes: { value: attributesOf(span.attributes) },
    status: { value: { code: span.status.code } },
    events: { value: [] },
    links: { value: [] },
  }) as ReadableSpan;
}

function attributesOf(all: Attributes): Attributes {
  const left: Record<string, AttributeValue | undefined> = {};
  for (const [given, value] of Object.entries(all)) {
    const name = RENAMED[given] ?? given;
    if (KEPT.has(name)) left[name] = name === 'db.query.text' ? statementOf(String(value)) : value;
  }
  return left;
}

/** Values are parameters ($1) and not in the text; whoever wrote one into it meant a constant, but perhaps was wrong. */
const statementOf = (text: string): string => text.replace(LITERAL, "'…'").slice(0, LONGEST_QUERY);
