import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A span as it arrived; ids in hex. */
export interface Collected {
  service: string;
  name: string;
  kind: 'internal' | 'server' | 'client' | 'producer' | 'consumer';
  traceId: string;
  spanId: string;
  parentId: string;
  attributes: Readonly<Record<string, string | number>>;
  failed: boolean;
}

export interface Collector {
  /** What OTEL_EXPORTER_OTLP_ENDPOINT is set to. */
  readonly url: string;
  readonly spans: readonly Collected[];
  /** All bytes that arrived, in which texts stand as they are. */
  readonly received: readonly Buffer[];
  readonly headers: readonly Record<string, string | string[] | undefined>[];
  close(): Promise<void>;
}

/**
 * Takes traces as a collector does: OTLP/HTTP with binary protobuf at /v1/traces
 * (https://opentelemetry.io/docs/specs/otlp/#otlphttp). Numbers of fields are those of trace.proto, resource.proto and
 * common.proto in open-telemetry/opentelemetry-proto v1.
 */
export async function startCollector(options: { port?: number } = {}): Promise<Collector> {
  const spans: Collected[] = [];
  const received: Buffer[] = [];
  const headers: Collector['headers'][number][] = [];
  const server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => {
      if (request.method !== 'POST' || request.url !== '/v1/traces') return void response.writeHead(404).end();
      if (request.headers['content-type'] !== 'application/x-protobuf') return void response.writeHead(415).end();
      const body = Buffer.concat(parts);
      try {
        spans.push(...spansOf(body));
      } catch (error) {
        return void response.writeHead(400).end(String(error));
      }
      received.push(body);
      headers.push(request.headers);
      // An empty ExportTraceServiceResponse: everything was taken.
      response.writeHead(200, { 'content-type': 'application/x-protobuf' }).end();
    });
  });
  server.listen(options.port ?? 0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    spans,
    received,
    headers,
    close: async () => {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

const KINDS = ['internal', 'internal', 'server', 'client', 'producer', 'consumer'] as const;
const STATUS_ERROR = 2n;

function spansOf(body: Buffer): Collected[] {
  return messages(body, 1).flatMap((resourceSpans) => {
    const resource = messages(resourceSpans, 1)[0];
    const service = String(attributesOf(resource ? messages(resource, 1) : [])['service.name'] ?? '');
    return messages(resourceSpans, 2).flatMap((scopeSpans) =>
      messages(scopeSpans, 2).map((span) => spanOf(span, service)),
    );
  });
}

function spanOf(span: Buffer, service: string): Collected {
  const status = messages(span, 15)[0];
  return {
    service,
    name: text(span, 5),
    kind: KINDS[Number(number(span, 6))] ?? 'internal',
    traceId: messages(span, 1)[0]?.toString('hex') ?? '',
    spanId: messages(span, 2)[0]?.toString('hex') ?? '',
    parentId: messages(span, 4)[0]?.toString('hex') ?? '',
    attributes: attributesOf(messages(span, 9)),
    failed: status !== undefined && number(status, 3) === STATUS_ERROR,
  };
}

function attributesOf(pairs: readonly Buffer[]): Record<string, string | number> {
  return Object.fromEntries(
    pairs.map((pair) => {
      const value = messages(pair, 2)[0] ?? Buffer.alloc(0);
      const words = messages(value, 1)[0];
      return [text(pair, 1), words ? words.toString('utf8') : Number(number(value, 3))];
    }),
  );
}

const messages = (bytes: Buffer, field: number): Buffer[] =>
  fieldsOf(bytes).flatMap((one) => (one.field === field && Buffer.isBuffer(one.value) ? [one.value] : []));
const text = (bytes: Buffer, field: number): string => messages(bytes, field)[0]?.toString('utf8') ?? '';
const number = (bytes: Buffer, field: number): bigint => {
  const found = fieldsOf(bytes).find((one) => one.field === field)?.value;
  return typeof found === 'bigint' ? found : 0n;
};

/** The fields of one message (https://protobuf.dev/programming-guides/encoding/). Throws where it is none. */
function fieldsOf(bytes: Buffer): { field: number; value: bigint | Buffer }[] {
  const fields: { field: number; value: bigint | Buffer }[] = [];
  let at = 0;
  const varint = (): bigint => {
    let value = 0n;
    for (let shift = 0n; ; shift += 7n) {
      const byte = bytes.readUInt8(at++);
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return value;
    }
  };
  const cut = (length: number): Buffer => {
    if (at + length > bytes.length) throw new Error('a field is longer than its message');
    return bytes.subarray(at, (at += length));
  };
  while (at < bytes.length) {
    const tag = varint();
    const field = Number(tag >> 3n);
    const type = Number(tag & 7n);
    if (type === 0) fields.push({ field, value: varint() });
    else if (type === 1) fields.push({ field, value: cut(8).readBigUInt64LE() });
    else if (type === 2) fields.push({ field, value: cut(Number(varint())) });
    else if (type === 5) fields.push({ field, value: BigInt(cut(4).readUInt32LE()) });
    else throw new Error(`${type} is no wire type`);
  }
  return fields;
}
