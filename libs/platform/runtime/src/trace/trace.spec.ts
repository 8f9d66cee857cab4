/* eslint-disable @nx/enforce-module-boundaries -- the servers that are played locally live among the tools */
import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { startCollector } from '../../../../../tools/outside-world/otlp.ts';
import { BadEnv, readEnv } from '../env/env.js';
import { outbound } from '../outbound.js';
import { traceEnv } from './trace.env.js';
import { inSpan, startTracing, stopTracing, traceparent } from './trace.js';

const asked: IncomingHttpHeaders[] = [];
const server = createServer((request, response) => {
  asked.push(request.headers);
  response.end();
});
let url = '';
beforeEach(async () => {
  asked.length = 0;
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1/x?token=secret-of-somebody`;
});
afterEach(async () => {
  await stopTracing();
  server.close();
  server.closeAllConnections();
});

const start = (settings: Record<string, string>): Promise<void> =>
  startTracing({ component: 'test', version: '1', env: readEnv([traceEnv], settings), database: false });
const ask = outbound({ timeoutMs: 5_000, maxBytes: 1_000 });

test('a trace goes on where a process of ours answers, and foreign servers are not told of it', async () => {
  const collector = await startCollector();
  try {
    await start({ OTEL_EXPORTER_OTLP_ENDPOINT: `${collector.url}/` });
    const within = await inSpan({ name: 'work', kind: 'consumer', parent: null }, async () => {
      await ask({ url });
      await ask({ url, ourRoute: '/v1/x' });
      return traceparent();
    });
    const [, trace = '', work] = within?.split('-') ?? [];
    expect(asked[0]).not.toHaveProperty('traceparent');
    expect(asked[1]?.['traceparent']).toMatch(new RegExp(`^00-${trace}-[0-9a-f]{16}-01$`));
    await stopTracing();
    expect(collector.spans.map(({ name, parentId }) => [name, parentId]).sort()).toEqual([
      ['GET /v1/x', work],
      ['GET', work],
      ['work', ''],
    ]);
    expect(new Set(collector.spans.map(({ traceId }) => traceId))).toEqual(new Set([trace]));
    expect(Buffer.concat([...collector.received]).toString('latin1')).not.toContain('secret-of-somebody');
  } finally {
    await collector.close();
  }
});

test('without an address nothing is traced and work is done as it is', async () => {
  await start({});
  const result = await inSpan({ name: 'work', kind: 'consumer' }, async (tell) => {
    tell({ 'scani.job.name': 'x' });
    await ask({ url, ourRoute: '/v1/x' });
    return traceparent() ?? 'none';
  });
  expect(result).toBe('none');
  expect(asked[0]).not.toHaveProperty('traceparent');
});

test('settings keep their standard meaning, and bad ones are named', () => {
  const env = readEnv([traceEnv], {
    OTEL_EXPORTER_OTLP_ENDPOINT: 'https://collector.example:4318',
    OTEL_EXPORTER_OTLP_HEADERS: 'authorization=Bearer%20abc, x-tenant=7',
    OTEL_TRACES_SAMPLER: 'parentbased_traceidratio',
    OTEL_TRACES_SAMPLER_ARG: '0.25',
  });
  expect(env.OTEL_EXPORTER_OTLP_HEADERS).toEqual({ authorization: 'Bearer abc', 'x-tenant': '7' });
  expect(env.OTEL_TRACES_SAMPLER_ARG).toBe(0.25);
  const bad = () =>
    readEnv([traceEnv], {
      OTEL_EXPORTER_OTLP_ENDPOINT: 'collector:4317',
      OTEL_EXPORTER_OTLP_HEADERS: 'abc',
      OTEL_TRACES_SAMPLER: 'jaeger_remote',
      OTEL_TRACES_SAMPLER_ARG: '2',
    });
  expect(bad).toThrow(BadEnv);
  for (const name of Object.keys(traceEnv.fields).filter((one) => one !== 'OTEL_SERVICE_NAME')) {
    expect(bad).toThrow(new RegExp(`- ${name} `));
  }
});
