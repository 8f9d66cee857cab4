import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { root } from '../stack/places.ts';
import { anyPort } from '../stack/ports.ts';
import { type Finished, run, Server } from '../stack/processes.ts';
import { Stop } from '../stack/screen.ts';
import type { Parts } from './parts.ts';

export type Env = Record<string, string | undefined>;
export type App = 'api' | 'worker' | 'data-provider';

const HERE = { prefix: [], host: '127.0.0.1' };

const NOTHING: Env = Object.fromEntries(
  [
    'DATABASE_URL MIGRATION_DATABASE_URL REDIS_URL POSTGRES_POOL_MAX NODE_EXTRA_CA_CERTS CONSOLE_DIR',
    'S3_ENDPOINT S3_PUBLIC_ENDPOINT S3_BUCKET S3_REGION S3_ACCESS_KEY_ID S3_SECRET_ACCESS_KEY SMTP_URL SMTP_FROM',
    'COINGECKO_URL DEFILLAMA_URL YAHOO_URL FINNHUB_URL FRANKFURTER_URL ECB_URL',
    'AI_URL AI_MODEL OPENAI_API_KEY COINGECKO_API_KEY FINNHUB_API_KEY OTEL_EXPORTER_OTLP_ENDPOINT',
    'ETHERSCAN_API_KEY HELIUS_API_KEY TRONGRID_API_KEY TON_API_KEY ETHEREUM_RPC_URL',
    'GOOGLE_SHEETS_ID GOOGLE_SERVICE_ACCOUNT_KEY CLOUD_MANAGEMENT_ENABLED SCANI_TIER FASTMAIL_API_TOKEN',
  ]
    .flatMap((line) => line.split(' '))
    .map((name) => [name, undefined]),
);

/** One running process of the product and what it says. */
export interface Running {
  server: Server;
  url: string;
  /** Everything it has said so far. */
  said(): string;
  probe(path: '/livez' | '/readyz'): Promise<Probe>;
}

export interface Probe {
  /** 0: no answer. */
  status: number;
  /** The body's parts by name, with `state` and `detail`. */
  parts: Record<string, { state?: string; detail?: string } & Record<string, unknown>>;
}

/** The product as it is deployed: its own processes with an environment and nothing else. */
export class Product {
  readonly secrets = {
    BETTER_AUTH_SECRET: randomBytes(24).toString('hex'),
    ENCRYPTION_KEY: randomBytes(32).toString('hex'),
    LOG_ID_PEPPER: randomBytes(16).toString('hex'),
  };
  readonly cloudKey = `sk_${randomBytes(16).toString('hex')}`;
  readonly env: Env;
  /** Where api and worker run: this machine, unless they are put elsewhere by a command before their own. */
  place: { readonly prefix: readonly string[]; readonly host: string } = { prefix: [], host: '127.0.0.1' };
  private readonly parts: Parts;
  private count = 0;

  constructor(parts: Parts, env: Env) {
    this.parts = parts;
    this.env = env;
  }

  async cli(env: Env, ...args: string[]): Promise<Finished> {
    return run(process.execPath, [mainOf('cli'), ...args], {
      cwd: root,
      env: { ...NOTHING, ...this.secrets, ...this.env, ...env },
    });
  }

  /** Spawned; not waited for. */
  async spawn(app: App, env: Env = {}, port?: number): Promise<Running> {
    const at = port ?? (await anyPort());
    const logFile = this.parts.log(`${app}-${(this.count += 1)}`);
    const own = app === 'data-provider' ? { DATA_PROVIDER_API_KEY: this.cloudKey } : this.secrets;
    const { prefix, host } = app === 'data-provider' ? HERE : this.place;
    const [command = '', ...args] = [...prefix, process.execPath, mainOf(app)];
    const server = new Server({
      name: app,
      command,
      args,
      cwd: root,
      env: {
        ...NOTHING,
        NODE_ENV: 'production',
        NO_COLOR: '1',
        FORCE_COLOR: undefined,
        HOST: host,
        PORT: String(at),
        METRICS_PORT: '0',
        LOG_LEVEL: 'info',
        LOG_ID_PEPPER: this.secrets.LOG_ID_PEPPER,
        SCANI_CLOUD_API_KEY: this.cloudKey,
        ...own,
        ...this.env,
        ...env,
      },
      logFile,
      stopWithinMs: 60_000,
    });
    this.parts.started(server);
    const url = `http://${host}:${at}`;
    return {
      server,
      url,
      said: () => (existsSync(logFile) ? readFileSync(logFile, 'utf8') : ''),
      probe: (path) => probe(url + path),
    };
  }

  /** Started, and ready. */
  async start(app: App, env: Env = {}, port?: number): Promise<Running> {
    const running = await this.spawn(app, env, port);
    await running.server.ready(async () => (await running.probe('/readyz')).status === 200, 60_000);
    return running;
  }
}

export const mainOf = (app: string): string => {
  const main = join(root, 'apps', app, 'dist', 'main.js');
  if (!existsSync(main)) throw new Stop(`${main} is not there: npm run build:server makes it.`);
  return main;
};

const PROBE_MS = 3_000;

export async function probe(url: string): Promise<Probe> {
  try {
    // A kubelet makes a connection for each probe.
    const answer = await fetch(url, { signal: AbortSignal.timeout(PROBE_MS), headers: { connection: 'close' } });
    const body = (await answer.json()) as { details?: Probe['parts'] };
    return { status: answer.status, parts: body.details ?? {} };
  } catch {
    return { status: 0, parts: {} };
  }
}

/** Waits until it is true, for so long at most; how long that took, or undefined. */
export async function within(limitMs: number, isTrue: () => boolean | Promise<boolean>): Promise<number | undefined> {
  const started = performance.now();
  for (;;) {
    if (await isTrue()) return Math.round(performance.now() - started);
    if (performance.now() - started > limitMs) return undefined;
    await pause(100);
  }
}
