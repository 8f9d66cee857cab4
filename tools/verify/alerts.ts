import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Client } from 'pg';
import { alerts, questions, RULES } from '../alerts/promql.ts';
import { prometheusPrograms } from '../alerts/prometheus.ts';
import { buildServers } from '../stack/build.ts';
import { folder } from '../stack/places.ts';
import { anyPort } from '../stack/ports.ts';
import { Server } from '../stack/processes.ts';
import { bold, say, seconds, step, Stop } from '../stack/screen.ts';
import { Checks, must } from './checks.ts';
import type { Parts } from './parts.ts';
import { type App, Product, type Running, within } from './product.ts';
import { withParts } from './with-parts.ts';

/**
 * `npm run verify:alerts`: a real Prometheus reads the real rules over the real processes, things go wrong, and the alerts
 * that must fire do, alone, and stop when it is mended. Times are shortened, conditions are not.
 */
const ROLE = { name: 'scani', password: 'of-the-role', database: 'scani' };
const PATIENCE_MS = 60_000;
/** Longer than every shortened time: what has not fired by then will not. */
const QUIET_MS = 15_000;
const SHORT: Readonly<Record<string, string>> = { '1d': '10m', '1h': '40s', '15m': '20s', '10m': '15s', '5m': '10s' };

/** Panels that are empty while all is well. */
const WELL = new Set(['Errors', 'Checks that are not ok']);

class Watch {
  private readonly url: string;
  constructor(url: string) {
    this.url = url;
  }

  async get<T>(path: string): Promise<T> {
    const answer = await fetch(`${this.url}/api/v1/${path}`);
    const body = (await answer.json()) as { status: string; data: T; error?: string };
    if (body.status !== 'success') throw new Error(body.error ?? `status ${answer.status}`);
    return body.data;
  }

  async firing(): Promise<{ alert: string; labels: Record<string, string> }[]> {
    const { alerts: all } = await this.get<{ alerts: { state: string; labels: Record<string, string> }[] }>('alerts');
    return all
      .filter(({ state }) => state === 'firing')
      .map(({ labels }) => ({ alert: labels['alertname'] ?? '', labels }));
  }

  /** Waits for an alert whose labels are these; how long that took. */
  async fires(alert: string, labels: Record<string, string> = {}): Promise<string> {
    let last: unknown;
    const ms = await within(PATIENCE_MS, async () => {
      last = await this.firing();
      return (await this.firing()).some(
        (one) => one.alert === alert && Object.entries(labels).every(([name, value]) => one.labels[name] === value),
      );
    });
    must(ms !== undefined, `does not fire; what does: ${JSON.stringify(last)}`);
    return `fires after ${seconds(ms)}`;
  }

  /** Waits until nothing fires, but for those allowed. */
  async calm(allowed: readonly string[] = []): Promise<string> {
    let left: string[] = [];
    const ms = await within(PATIENCE_MS * 2, async () => {
      left = (await this.firing()).map(({ alert }) => alert).filter((alert) => !allowed.includes(alert));
      return left.length === 0;
    });
    must(ms !== undefined, `still firing: ${left.join(', ')}`);
    return `ended after ${seconds(ms)}`;
  }
}

function shortened(): string {
  return readFileSync(RULES, 'utf8')
    .replaceAll(/^(\s+for:) \w+$/gm, '$1 3s')
    .replaceAll(/\[(\w+)\]/g, (_all, span: string) => `[${SHORT[span] ?? span}]`)
    .replaceAll('> 1800', '> 20')
    .replaceAll(/(heartbeat_timestamp_seconds\)) > 120/g, '$1 > 8');
}

async function startPrometheus(parts: Parts, targets: readonly number[]): Promise<Watch> {
  const programs = await prometheusPrograms();
  if (!programs) throw new Stop('Prometheus is needed: apt-get install prometheus.');
  const home = folder(parts.home, 'prometheus');
  const port = await anyPort();
  writeFileSync(join(home, 'rules.yaml'), shortened());
  writeFileSync(
    join(home, 'prometheus.yaml'),
    JSON.stringify({
      global: { scrape_interval: '1s', scrape_timeout: '1s', evaluation_interval: '1s' },
      rule_files: ['rules.yaml'],
      scrape_configs: [
        {
          job_name: 'scani',
          static_configs: [{ targets: targets.map((one) => `127.0.0.1:${one}`), labels: { namespace: 'verify' } }],
        },
      ],
    }),
  );
  const server = new Server({
    name: 'prometheus',
    command: programs.prometheus,
    args: [
      `--config.file=${join(home, 'prometheus.yaml')}`,
      `--storage.tsdb.path=${join(home, 'data')}`,
      `--web.listen-address=127.0.0.1:${port}`,
    ],
    logFile: parts.log('prometheus'),
  });
  parts.started(server);
  await server.ready(async () => (await fetch(`http://127.0.0.1:${port}/-/ready`)).ok, 20_000);
  return new Watch(`http://127.0.0.1:${port}`);
}

async function main(parts: Parts): Promise<boolean> {
  const checks = new Checks();
  await step('Build', buildServers);
  const postgres = await step('Postgres', () => parts.postgres('postgres'));
  const DATABASE_URL = await postgres.database(ROLE);
  const redis = await parts.plainRedis('redis');
  const world = await parts.outsideWorld();
  const ports: Record<App, number> = {
    api: await anyPort(),
    worker: await anyPort(),
    'data-provider': await anyPort(),
  };
  const spare = await anyPort();
  const product = new Product(parts, {
    DATABASE_URL,
    POSTGRES_POOL_MAX: '5',
    REDIS_URL: redis.url,
    ...world,
    LOG_LEVEL: 'warn',
    COINGECKO_API_KEY: 'a-key-of-coingecko',
    SMTP_URL: 'smtp://127.0.0.1:9',
    SMTP_FROM: 'scani@example.org',
    FRONTEND_URL: 'http://scani.test',
  });
  const metrics = (app: App): Record<string, string> => ({ METRICS_PORT: String(ports[app]) });
  const providerAt = await anyPort();
  product.env['SCANI_CLOUD_URL'] = `http://127.0.0.1:${providerAt}`;

  const watch = await step('Prometheus', () => startPrometheus(parts, [...Object.values(ports), spare]));
  const provider = await product.start('data-provider', metrics('data-provider'), providerAt);

  say(bold('\nBefore the migrations'));
  const api = await product.spawn('api', metrics('api'));
  await checks.check('ScaniSchemaBehind', () => watch.fires('ScaniSchemaBehind'));
  await checks.check('ScaniNotReady of the api', () => watch.fires('ScaniNotReady', { component: 'api' }));
  await checks.check('ScaniProcessMissing of the worker', () =>
    watch.fires('ScaniProcessMissing', { component: 'worker' }),
  );
  const migrated = await product.cli({}, 'migrate', 'up');
  must(migrated.code === 0, migrated.output);
  let worker = await product.start('worker', metrics('worker'));
  await checks.check('all of them end when it is migrated', () => watch.calm());
  const db = new Client({ connectionString: DATABASE_URL });
  await db.connect();

  say(bold('\nAll is well'));
  await checks.check(`nothing fires for ${seconds(QUIET_MS)}`, async () => {
    const asset = {
      id: 'x',
      kind: 'crypto',
      symbol: 'BTC',
      identities: [{ provider: 'coingecko', externalId: 'bitcoin' }],
    };
    await within(QUIET_MS, async () => {
      await fetch(`${api.url}/api/version`);
      await fetch(`${provider.url}/v1/prices/current`, {
        method: 'POST',
        headers: { authorization: `Bearer ${product.cloudKey}`, 'content-type': 'application/json' },
        // Another asset each time, past the cache.
        body: JSON.stringify({
          assets: [{ ...asset, symbol: `B${Date.now()}`, kind: 'stock', identities: [] }, asset],
        }),
      });
      await db.query(`insert into job (id, name, title) values (gen_random_uuid(), 'clean-up', 't')`);
      return false;
    });
    const firing = await watch.firing();
    must(firing.length === 0, JSON.stringify(firing));
  });
  await checks.check('every question of the dashboard is answered', async () => {
    const silent: string[] = [];
    for (const { panel, expr } of questions()) {
      const { result } = await watch.get<{ result: unknown[] }>(`query?query=${encodeURIComponent(expr)}`);
      if (result.length === 0) silent.push(panel);
    }
    const unexpected = silent.filter((panel) => !WELL.has(panel));
    must(unexpected.length === 0, `nothing comes of ${unexpected.join(', ')}`);
    return `${questions().length} asked`;
  });

  say(bold('\nDead letters'));
  await db.query(
    `insert into job (id, name, title, state, finished_at) select gen_random_uuid(), 'clean-up', 't', 'failed', now() from generate_series(1, 101)`,
  );
  await checks.check('ScaniDeadLetters', () => watch.fires('ScaniDeadLetters'));
  await db.query(`delete from job where state = 'failed'`);
  await checks.check('it ends when they are gone', () => watch.calm());

  say(bold('\nA worker with a wrong key'));
  const foreign = await product.spawn('worker', { METRICS_PORT: String(spare), ENCRYPTION_KEY: 'cd'.repeat(32) });
  await checks.check('ScaniDecryptFailures', () => watch.fires('ScaniDecryptFailures'));
  await checks.check('ScaniInstanceNotReady', () =>
    watch.fires('ScaniInstanceNotReady', { component: 'worker', instance: `127.0.0.1:${spare}` }),
  );
  await checks.check('the worker with the right key goes on', async () => {
    must((await worker.probe('/readyz')).status === 200, 'it does not');
  });
  await foreign.server.stop();
  await checks.check('they end with it', () => watch.calm());

  say(bold('\nNo worker'));
  await worker.server.stop();
  await db.query(`insert into job (id, name, title, run_after) values (gen_random_uuid(), 'clean-up', 't', now())`);
  await checks.check('ScaniProcessMissing', () => watch.fires('ScaniProcessMissing', { component: 'worker' }));
  await checks.check('ScaniQueueStuck', () => watch.fires('ScaniQueueStuck'));
  await checks.check('ScaniQueueLate', () => watch.fires('ScaniQueueLate'));
  worker = await product.start('worker', metrics('worker'));
  await checks.check('they end with another', () => watch.calm());

  say(bold('\nThe data-provider without its key'));
  await provider.server.stop();
  const keyless = await product.start(
    'data-provider',
    { ...metrics('data-provider'), COINGECKO_API_KEY: undefined },
    providerAt,
  );
  await checks.check('ScaniProviderKeyLost', () => watch.fires('ScaniProviderKeyLost', { provider: 'coingecko' }));
  await keyless.server.stop();
  await product.start('data-provider', metrics('data-provider'), providerAt);
  await checks.check('it ends with the key', () => watch.calm());

  say(bold('\nLost parts'));
  await redis.server.stop();
  await checks.check('ScaniDegraded for Redis', () => watch.fires('ScaniDegraded', { check: 'redis' }));
  await checks.check('ScaniWorkerHeartbeatMissed', async () => {
    // A round without anything to hand over needs no Redis.
    await db.query(`insert into job (id, name, title, run_after) values (gen_random_uuid(), 'clean-up', 't', now())`);
    return watch.fires('ScaniWorkerHeartbeatMissed');
  });
  await checks.check('the api goes on', () => stillReady(api));
  await db.end();
  await postgres.server.stop();
  await checks.check('ScaniNotReady of the api', () => watch.fires('ScaniNotReady', { component: 'api' }));
  await checks.check('ScaniNotReady of the worker', () => watch.fires('ScaniNotReady', { component: 'worker' }));

  const seen = new Set(
    'SchemaBehind NotReady InstanceNotReady ProcessMissing DeadLetters DecryptFailures QueueStuck QueueLate ProviderKeyLost Degraded WorkerHeartbeatMissed'
      .split(' ')
      .map((name) => `Scani${name}`),
  );
  const others = alerts().filter(({ alert }) => !seen.has(alert));
  say(`\nNot provoked here, but tested with promtool: ${others.map(({ alert }) => alert).join(', ')}`);
  return checks.end();
}

async function stillReady(api: Running): Promise<void> {
  must((await api.probe('/readyz')).status === 200, 'its /readyz is not 200');
}

await withParts(main);
