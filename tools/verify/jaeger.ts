import { existsSync, mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { cache } from '../stack/places.ts';
import { anyPort } from '../stack/ports.ts';
import { onPath, run, Server } from '../stack/processes.ts';
import { Stop } from '../stack/screen.ts';
import type { Parts } from './parts.ts';

const VERSION = 'v1.62.0';
const PROGRAM = 'github.com/jaegertracing/jaeger/cmd/all-in-one';

/** Jaeger with its store in memory: the one on PATH, else built from Go's module proxy, once. */
export async function jaegerProgram(): Promise<string> {
  const found = onPath('jaeger-all-in-one', 'jaeger');
  if (found) return found;
  const place = join(cache, 'bin', `jaeger-${VERSION}`);
  const program = join(place, 'jaeger');
  if (existsSync(program)) return program;
  const go = onPath('go');
  if (!go) throw new Stop('jaeger-all-in-one is needed on PATH, or Go to build it.');
  mkdirSync(place, { recursive: true });
  // Its own go.mod replaces a module, which `go install` refuses; as somebody's dependency it builds.
  writeFileSync(
    join(place, 'go.mod'),
    `module scani.invalid/jaeger\n\ngo 1.23\n\nrequire github.com/jaegertracing/jaeger ${VERSION}\n`,
  );
  const fresh = `${program}.fresh`;
  const args = ['-n', '10', go, 'build', '-mod=mod', '-trimpath', '-o', fresh, PROGRAM];
  const built = await run('nice', args, { cwd: place, env: { CGO_ENABLED: '0' } });
  if (built.code !== 0) throw new Stop(`Jaeger was not built:\n${built.output.slice(-1_000)}`);
  renameSync(fresh, program);
  return program;
}

export interface JaegerSpan {
  spanID: string;
  operationName: string;
  service: string;
  parent: string | undefined;
  tags: Record<string, unknown>;
}

export interface Jaeger {
  /** For OTEL_EXPORTER_OTLP_ENDPOINT. */
  otlp: string;
  services(): Promise<string[]>;
  /** Spans of the newest trace in which the service did this. */
  trace(service: string, operation: string): Promise<JaegerSpan[]>;
}

export async function startJaeger(parts: Parts, program: string): Promise<Jaeger> {
  const [otlp, api] = [await anyPort(), await anyPort()];
  const flags = {
    'collector.otlp.http.host-port': otlp,
    'query.http-server.host-port': api,
    'collector.otlp.grpc.host-port': await anyPort(),
    'query.grpc-server.host-port': await anyPort(),
    'collector.http-server.host-port': await anyPort(),
    'collector.grpc-server.host-port': await anyPort(),
    'admin.http.host-port': await anyPort(),
    'http-server.host-port': await anyPort(),
    'processor.jaeger-compact.server-host-port': await anyPort(),
    'processor.jaeger-binary.server-host-port': await anyPort(),
    'processor.zipkin-compact.server-host-port': await anyPort(),
  };
  const server = new Server({
    name: 'jaeger',
    command: program,
    args: Object.entries(flags).map(([name, port]) => `--${name}=127.0.0.1:${port}`),
    env: { SPAN_STORAGE_TYPE: 'memory' },
    logFile: parts.log('jaeger'),
  });
  parts.started(server);
  const get = async <T>(path: string): Promise<T> =>
    ((await (await fetch(`http://127.0.0.1:${api}/api/${path}`)).json()) as { data: T }).data;
  await server.ready(async () => Array.isArray((await get<unknown>('services')) ?? []), 30_000);
  return {
    otlp: `http://127.0.0.1:${otlp}`,
    services: async () => (await get<string[] | null>('services')) ?? [],
    trace: async (service, operation) =>
      spansOf(await get(`traces?service=${service}&operation=${encodeURIComponent(operation)}&limit=1`)),
  };
}

interface Raw {
  spans: {
    spanID: string;
    operationName: string;
    processID: string;
    references: { refType: string; spanID: string }[];
    tags: { key: string; value: unknown }[];
  }[];
  processes: Record<string, { serviceName: string }>;
}

function spansOf([newest]: readonly Raw[]): JaegerSpan[] {
  return (newest?.spans ?? []).map(({ spanID, operationName, processID, references, tags }) => ({
    spanID,
    operationName,
    service: newest?.processes[processID]?.serviceName ?? '',
    parent: references.find(({ refType }) => refType === 'CHILD_OF')?.spanID,
    tags: Object.fromEntries(tags.map(({ key, value }) => [key, value])),
  }));
}
