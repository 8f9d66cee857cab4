import { existsSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { worldUrls } from '../outside-world/urls.ts';
import { consoleFolder } from './build.ts';
import { home, root } from './places.ts';
import { anyPort, freePort } from './ports.ts';
import { Server, run } from './processes.ts';
import { Stop, type StepNotes, step } from './screen.ts';
import type { Secrets } from './secrets.ts';
import { type Services, logsOf } from './services.ts';

export interface AppPorts {
  api: number;
  worker: number;
  dataProvider: number;
  outsideWorld: number;
}

export async function choosePorts(throwAway: boolean): Promise<AppPorts> {
  const choose = (preferred: number) => (throwAway ? anyPort() : freePort(preferred));
  return {
    api: await choose(3001),
    worker: await choose(3002),
    dataProvider: await choose(8082),
    outsideWorld: await choose(8090),
  };
}

export interface AppsOptions {
  home: string;
  secrets: Secrets;
  services: Services;
  databaseUrl: string;
  ports: AppPorts;
  /** Prices from the offline world that comes with the repository, or from the real services. */
  liveProviders: boolean;
  /** Added to every process, for tests that need another limit or level. */
  env?: Record<string, string>;
  started: (server: Server) => void;
}

type Env = Record<string, string | undefined>;

const mainOf = (app: string) => join(root, 'apps', app, 'dist', 'main.js');

export const apiAddress = (ports: AppPorts) => `http://127.0.0.1:${ports.api}`;

/** What api, worker and the operator's tool are told. */
export function serverEnv(options: Omit<AppsOptions, 'started'>): Env {
  const { secrets, services, ports } = options;
  return {
    ...commonEnv(options),
    DATABASE_URL: options.databaseUrl,
    REDIS_URL: services.redis.url,
    BETTER_AUTH_SECRET: secrets.betterAuthSecret,
    ENCRYPTION_KEY: secrets.encryptionKey,
    FRONTEND_URL: apiAddress(ports),
    BACKEND_URL: apiAddress(ports),
    SCANI_CLOUD_URL: `http://127.0.0.1:${ports.dataProvider}`,
    SCANI_CLOUD_API_KEY: secrets.dataProviderApiKey,
    CONSOLE_DIR: consoleFolder,
    ...storageEnv(services),
    ...options.env,
  };
}

function commonEnv(options: Omit<AppsOptions, 'started'>): Env {
  return {
    NODE_ENV: 'production',
    NO_COLOR: '1',
    FORCE_COLOR: undefined,
    NODE_COMPILE_CACHE: join(home, 'compile-cache'),
    HOST: '127.0.0.1',
    LOG_LEVEL: process.env['LOG_LEVEL'] ?? 'info',
    LOG_ID_PEPPER: options.secrets.logIdPepper,
    // The three would want the same port.
    METRICS_PORT: '0',
  };
}

function storageEnv(services: Services): Env {
  const { storage } = services;
  return {
    S3_ENDPOINT: storage?.endpoint,
    S3_PUBLIC_ENDPOINT: storage?.publicEndpoint,
    S3_ACCESS_KEY_ID: storage?.accessKeyId || undefined,
    S3_SECRET_ACCESS_KEY: storage?.secretAccessKey || undefined,
    S3_BUCKET: storage?.bucket,
    S3_REGION: storage?.region,
  };
}

export function dataProviderEnv(options: Omit<AppsOptions, 'started'>): Env {
  return {
    ...commonEnv(options),
    DATA_PROVIDER_API_KEY: options.secrets.dataProviderApiKey,
    REDIS_URL: options.services.redis.url,
    // Used where CLOUD_MANAGEMENT_ENABLED is set.
    DATABASE_URL: options.databaseUrl,
    SMTP_URL: options.services.mail.smtpUrl,
    SMTP_FROM: process.env['SMTP_FROM'] ?? 'Scani <scani@localhost>',
    ...(options.liveProviders ? {} : outsideWorldEnv(options.ports)),
    ...options.env,
  };
}

/** The outside world minds no number of requests, so a demo need not wait for the limits of the real services. */
function outsideWorldEnv(ports: AppPorts): Env {
  return {
    ...worldUrls(`http://127.0.0.1:${ports.outsideWorld}`),
    COINGECKO_PER_MINUTE: '6000',
    DEFILLAMA_PER_MINUTE: '6000',
    YAHOO_PER_MINUTE: '6000',
    FRANKFURTER_PER_MINUTE: '6000',
    ECB_PER_MINUTE: '6000',
    ESPLORA_PER_MINUTE: '6000',
    ETHERSCAN_PER_MINUTE: '6000',
    ETHEREUM_RPC_PER_MINUTE: '6000',
    HELIUS_PER_MINUTE: '6000',
    TRONGRID_PER_MINUTE: '6000',
    TON_PER_MINUTE: '6000',
    AI_PER_MINUTE: '6000',
  };
}

/** Runs the operator's tool to its end; its last words are the failure's. */
export async function scani(args: string[], options: Omit<AppsOptions, 'started'>, notes: StepNotes): Promise<void> {
  const done = await run(process.execPath, [mainOf('cli'), ...args], {
    cwd: root,
    env: serverEnv(options),
    onLine: (line) => notes.progress(line.slice(0, 100)),
  });
  if (done.code !== 0)
    throw new Stop(`scani ${args.join(' ')} failed:\n${done.output.split('\n').slice(-30).join('\n')}`);
}

/** Starts data-provider, worker and api side by side, and waits until each says that it is ready. */
export async function startApps(options: AppsOptions): Promise<Record<'worker' | 'api' | 'dataProvider', Server>> {
  if (!options.liveProviders) await outsideWorld(options);
  const start = (name: 'api' | 'worker' | 'data-provider', port: number, env: Env) =>
    step(name, async (notes) => {
      const server = appServer(name, port, env, options);
      options.started(server);
      await server.ready(async () => (await fetch(`http://127.0.0.1:${port}/readyz`)).ok, 60_000);
      notes.note(`127.0.0.1:${port}`);
      return server;
    });
  const env = serverEnv(options);
  const [dataProvider, worker, api] = await Promise.all([
    start('data-provider', options.ports.dataProvider, dataProviderEnv(options)),
    start('worker', options.ports.worker, env),
    start('api', options.ports.api, env),
  ]);
  return { dataProvider, worker, api };
}

export function appServer(name: string, port: number, env: Env, options: AppsOptions): Server {
  const main = mainOf(name);
  if (!existsSync(main)) throw new Stop(`${main} is not there: the build did not make it.`);
  return new Server({
    name,
    command: process.execPath,
    args: [main],
    env: { ...env, PORT: String(port) },
    cwd: root,
    logFile: join(logsOf(options.home), `${name}.log`),
    stopWithinMs: 35_000,
  });
}

/** Stands in for the price services, in their own wire formats, so that a first start needs no network. */
async function outsideWorld(options: AppsOptions): Promise<void> {
  const port = options.ports.outsideWorld;
  await step('Outside world', async (notes) => {
    const server = new Server({
      name: 'outside world',
      command: process.execPath,
      args: [join(root, 'tools', 'outside-world', 'main.ts'), '--port', String(port)],
      cwd: root,
      logFile: join(logsOf(options.home), 'outside-world.log'),
    });
    options.started(server);
    await server.ready(async () => (await fetch(`http://127.0.0.1:${port}/`)).status < 500, 20_000);
    notes.note('made-up prices, offline; PROVIDERS=live asks the real services');
  });
}
