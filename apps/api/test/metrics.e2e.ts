/* eslint-disable @nx/enforce-module-boundaries -- the readers of rules and dashboards live among the tools */
import { REQUIRED_SCHEMA } from '@scani/database';
import { testDatabase, type TestDatabase } from '@scani/database/testing';
import { testRedisUrl } from '@scani/jobs/testing';
import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { alerts, questions, runbooks, selectorsOf } from '../../../tools/alerts/promql.ts';
import { freePort, Processes } from './processes.js';

const PATIENCE_MS = 180_000;
const processes = new Processes({ LOG_LEVEL: 'warn', LOG_ID_PEPPER: 'a-pepper-for-the-tests' });
let db: TestDatabase;

beforeAll(async () => {
  processes.build('apps/api', 'apps/worker', 'apps/data-provider');
  db = await testDatabase();
}, PATIENCE_MS);
afterAll(async () => {
  await processes.stop();
  await db.drop();
});

/** Series with their labels as Prometheus would read them; throws at a line that it would not read. */
async function scrape(port: number): Promise<Map<string, number>> {
  const answer = await fetch(`http://127.0.0.1:${port}/metrics`);
  expect(answer.headers.get('content-type')).toContain('version=0.0.4');
  const lines = (await answer.text()).split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  return new Map(
    lines.map((line) => {
      const [, series, value] = /^([a-z_]\w*(?:\{(?:\w+="[^"]*",?)*\})?) (\S+)$/.exec(line) ?? [];
      // A mean of nothing is written as it is; Prometheus reads it in any case.
      const readable = /^nan$/i.test(value ?? '') || Number.isFinite(Number(value));
      if (series === undefined || !readable) throw new Error(`not a sample: ${line}`);
      return [series, Number(value)];
    }),
  );
}

/** Of kube-state-metrics. */
const FOREIGN = new Set(['kube_job_failed']);
/** What Prometheus adds to each series. */
const ADDED = new Set(['namespace', 'instance', 'job', 'pod', 'le']);

/** Names with their labels and the values that these have here; a series without a sample yet has its name alone. */
async function known(ports: readonly number[]): Promise<Map<string, Map<string, Set<string>>>> {
  const all = new Map<string, Map<string, Set<string>>>();
  for (const port of ports) {
    const text = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
    for (const [, name = '', type] of text.matchAll(/^# TYPE (\w+) (\w+)$/gm)) {
      const names =
        type === 'histogram' ? ['_bucket', '_sum', '_count'] : type === 'summary' ? ['', '_sum', '_count'] : [''];
      for (const ending of names) if (!all.has(name + ending)) all.set(name + ending, new Map());
    }
    for (const [, name = '', labels = ''] of text.matchAll(/^(\w+)\{([^}]*)\}/gm)) {
      for (const [, label = '', value = ''] of labels.matchAll(/(\w+)="([^"]*)"/g)) {
        const values = all.get(name) ?? new Map<string, Set<string>>();
        values.set(label, (values.get(label) ?? new Set()).add(value));
        all.set(name, values);
      }
    }
  }
  return all;
}

async function expectAllSeriesOf(ports: readonly number[]): Promise<void> {
  const here = await known(ports);
  const asked = [
    ...alerts().map(({ alert, expr }) => ({ where: alert, expr })),
    ...questions().map(({ panel, expr }) => ({ where: panel, expr })),
    ...runbooks().map(({ page, text }) => ({ where: page, expr: (text.match(/\bscani_\w+/g) ?? []).join(' ') })),
  ];
  for (const { where, expr } of asked) {
    for (const { name, labels } of selectorsOf(expr)) {
      if (FOREIGN.has(name)) continue;
      expect([...here.keys()], where).toContain(name);
      const values = here.get(name);
      if (!values || values.size === 0) continue;
      for (const { name: label } of labels) {
        if (!ADDED.has(label)) expect([...values.keys()], `${where}: ${name}`).toContain(label);
      }
    }
  }
  // Words that alerts and panels compare with.
  expect(here.get('scani_build_info')?.get('component')).toEqual(new Set(['api', 'worker', 'data-provider']));
  expect([...(here.get('scani_check_state')?.get('check') ?? [])]).toEqual(
    expect.arrayContaining(['redis', 'mail', 'keys']),
  );
  expect(here.get('scani_queue_backlog')?.get('state')).toEqual(new Set(['waiting', 'delayed', 'queued', 'active']));
  expect(here.get('scani_provider_state')?.get('state')).toEqual(new Set(['ok', 'paused', 'resting']));
}

test(
  'every process tells its series on a port of its own, and nobody is in them',
  async () => {
    const ports = { api: await freePort(), worker: await freePort(), provider: await freePort() };
    const provider = await processes.start('data-provider', {
      DATA_PROVIDER_API_KEY: 'a-key-for-the-tests',
      COINGECKO_API_KEY: 'a-key-of-coingecko',
      METRICS_PORT: String(ports.provider),
    });
    const common = {
      DATABASE_URL: db.url,
      POSTGRES_POOL_MAX: '5',
      REDIS_URL: testRedisUrl(),
      ENCRYPTION_KEY: 'ab'.repeat(32),
      SCANI_CLOUD_URL: provider,
      SCANI_CLOUD_API_KEY: 'a-key-for-the-tests',
    };
    const api = await processes.start('api', {
      ...common,
      METRICS_PORT: String(ports.api),
      BETTER_AUTH_SECRET: 'a-secret-for-the-tests-of-32-chars',
      FRONTEND_URL: 'http://scani.test',
    });
    for (const id of [randomUUID(), randomUUID()]) {
      expect((await fetch(`${api}/api/accounts/${id}`)).status).toBe(401);
    }
    await fetch(`${api}/api/sign-in/challenges`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ email: 'ada@example.org' }),
    });
    for (const path of ['metrics', 'internal/backlog']) expect((await fetch(`${api}/${path}`)).status).toBe(404);

    const said = await scrape(ports.api);
    const labels = 'method="GET",route="/api/accounts/:id",status="401"';
    expect(said.get(`http_request_duration_seconds_count{${labels}}`)).toBe(2);
    expect(said.get('scani_queue_backlog{queue="jobs",state="waiting"}')).toBe(1);
    expect(said.get('scani_dlq_depth')).toBe(0);
    expect(said.get('scani_schema_version')).toBe(REQUIRED_SCHEMA);
    expect(said.get('scani_schema_required')).toBe(REQUIRED_SCHEMA);
    expect(said.get('scani_pg_pool_in_use')).toBeLessThanOrEqual(5);
    const build = /scani_build_info\{component="api",version="[^"]+",required_schema="(\d+)"\}/;
    expect(build.exec([...said.keys()].join())?.[1]).toBe(String(REQUIRED_SCHEMA));
    expect(said.get('scani_ready')).toBe(1);
    expect(said.get('scani_check_state{check="schema",state="ok"}')).toBe(1);
    expect(said.get('scani_check_state{check="schema",state="down"}')).toBe(0);
    expect(said.get('scani_decrypt_failures_total')).toBe(0);
    expect(said.get('scani_pg_pool_max')).toBe(5);
    expect(said.has('nodejs_eventloop_lag_p99_seconds')).toBe(true);
    expect([...said.keys()].join()).not.toMatch(/@|[0-9a-f]{8}-[0-9a-f]{4}/);

    const backlog = async (port: number): Promise<unknown> => {
      const answer = await fetch(`http://127.0.0.1:${port}/internal/backlog`);
      return answer.ok ? answer.json() : answer.status;
    };
    expect(await backlog(ports.api)).toEqual({ backlog: 1 });
    expect(await backlog(ports.provider)).toBe(404);

    // There is no mail server, so its first attempt is followed by another.
    const startedAt = Date.now() / 1_000;
    await processes.start('worker', { ...common, METRICS_PORT: String(ports.worker) });
    const attempts = 'scani_job_duration_seconds_count{name="send-sign-in-mail",outcome="again"}';
    while (!(await scrape(ports.worker)).has(attempts)) await pause(50);
    // Its next attempt is later, so no worker is needed for it.
    expect(await backlog(ports.api)).toEqual({ backlog: 0 });
    expect((await scrape(ports.api)).get('scani_queue_backlog{queue="jobs",state="delayed"}')).toBe(1);
    await db.source.query(`update job set state = 'failed' where name = 'send-sign-in-mail'`);
    expect((await scrape(ports.worker)).get('scani_dlq_depth')).toBe(1);
    expect((await scrape(ports.worker)).get('scani_worker_heartbeat_timestamp_seconds')).toBeGreaterThan(startedAt);
    const sources = await scrape(ports.provider);
    expect([...sources.keys()].join()).toContain('route="/v1/mail"');
    expect(sources.get('scani_provider_keyed{provider="coingecko"}')).toBe(1);
    expect(sources.get('scani_provider_keyed{provider="smtp"}')).toBe(0);
    expect(sources.get('scani_provider_state{provider="yahoo",state="ok"}')).toBe(1);

    await expectAllSeriesOf(Object.values(ports));

    // What cannot be read is left out, and the rest is told all the same.
    await db.source.query('alter table job rename to job_away');
    const without = await scrape(ports.worker);
    expect([...without.keys()].filter((name) => /dlq|queue/.test(name))).toEqual([]);
    expect(await backlog(ports.api)).toBe(503);
    expect(without.get('scani_schema_version')).toBe(REQUIRED_SCHEMA);
  },
  PATIENCE_MS,
);
