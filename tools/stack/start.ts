import { rmSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { type AppsOptions, apiAddress, choosePorts, dataProviderEnv, scani, serverEnv, startApps } from './apps.ts';
import { buildConsole, buildServers } from './build.ts';
import { RunFile } from './leftovers.ts';
import { Lifetime } from './lifetime.ts';
import { folder, home, outside } from './places.ts';
import type { Server } from './processes.ts';
import { GatewayBuild } from './s3-build.ts';
import { Stop, bold, dim, say, seconds, step } from './screen.ts';
import { keptSecrets } from './secrets.ts';
import { logsOf, startServices } from './services.ts';

const known = ['--reset', '--servers', '--help'];
const flags = new Set(process.argv.slice(2));
const begun = performance.now();

/** How much longer than the builds a first start waits for the S3 server that is built beside them. */
const storagePatienceMs = 30_000;

const help = `npm start                 starts everything; Ctrl-C stops it
npm start -- --reset      forgets all data first
npm start -- --servers    only Postgres, Redis, S3 and the mail catcher, with the variables to use them

DEMO=off                  no demo portfolio
PROVIDERS=live            prices from the real services instead of the offline world
REDIS_URL, S3_ENDPOINT, S3_BUCKET, S3_ACCESS_KEY_ID, S3_SECRET_ACCESS_KEY   servers of your own`;

async function main(lifetime: Lifetime): Promise<void> {
  const runFile = new RunFile(folder(home));
  const running = runFile.current();
  if (running) {
    const where = running.address ? ` at ${running.address}` : ', and is still starting';
    throw new Stop(
      `Scani is already running from this checkout${where} (process ${running.main.pid}). Ctrl-C in its terminal stops it.`,
    );
  }
  const leftovers = await runFile.clear();
  if (leftovers.length > 0) say(dim(`Ended what a killed run had left: ${leftovers.join(', ')}.`));
  if (flags.has('--reset')) forget();
  runFile.begin();
  lifetime.onEnd(() => runFile.end());

  await start(lifetime, runFile);
}

async function start(lifetime: Lifetime, runFile: RunFile): Promise<void> {
  const onlyServers = flags.has('--servers');
  const gateway = new GatewayBuild();
  gateway.begin();
  const secrets = keptSecrets(home);
  const ports = await choosePorts(false);
  const remember = (server: Server) => {
    lifetime.add(server);
    runFile.add(server);
  };
  const builds = onlyServers ? [] : [step('Build: servers', buildServers), step('Build: console', buildConsole)];
  const waitedEnough = new AbortController();
  void Promise.allSettled(builds).then(() => setTimeout(() => waitedEnough.abort(), storagePatienceMs).unref());
  const services = startServices({
    home,
    secrets,
    allowedOrigin: apiAddress(ports),
    throwAway: false,
    gateway,
    storageDeadline: waitedEnough.signal,
    started: remember,
  });
  const [running] = await Promise.all([services, ...builds]);
  const databaseUrl = await running.postgres.database({
    name: 'scani',
    password: secrets.postgresRole,
    database: 'scani',
  });
  const liveProviders = process.env['PROVIDERS'] === 'live';
  const options: AppsOptions = {
    home,
    secrets,
    services: running,
    databaseUrl,
    ports,
    liveProviders,
    started: remember,
  };
  if (onlyServers) return showVariables(options);

  await step('Migrations', (notes) => scani(['migrate', 'up'], options, notes));
  await startApps(options);
  if (process.env['DEMO'] !== 'off') await step('Demo portfolio', (notes) => scani(['demo'], options, notes));
  runFile.setAddress(apiAddress(ports));
  sayHowToSignIn(options);
}

function sayHowToSignIn({ ports, services }: AppsOptions): void {
  say();
  say(`${bold('Scani is ready:')} ${bold(apiAddress(ports))} ${dim(`(${seconds(performance.now() - begun)})`)}`);
  say();
  say(`  1. Open that address and enter any e-mail address.`);
  say(`  2. The mail with the link and the code is at ${services.mail.address}`);
  say(`  3. The first account of a new installation becomes its admin.`);
  say();
  say(dim(`  Logs: ${logsOf(home)} · Ctrl-C stops everything · npm start -- --reset forgets everything`));
}

/** For whoever runs an app from an editor: the servers are here, the rest is theirs. */
function showVariables(options: AppsOptions): void {
  say();
  for (const [name, value] of Object.entries({ ...dataProviderEnv(options), ...serverEnv(options) })) {
    if (value !== undefined) say(`export ${name}='${value}'`);
  }
  say(dim('\nThe servers are running; Ctrl-C stops them.'));
}

/** Everything that was ever entered; secrets too, as nothing is left that they could open. */
function forget(): void {
  for (const name of ['postgres', 'redis', 'mail', 's3', 'logs', 'secrets.json']) {
    rmSync(join(home, name), { recursive: true, force: true });
  }
  rmSync(join(outside, 'data'), { recursive: true, force: true });
  say('✔ Everything of earlier starts is gone.');
}

const unknown = [...flags].find((flag) => !known.includes(flag));
if (unknown || flags.has('--help')) {
  say(unknown ? `npm start does not know ${unknown}.\n\n${help}` : help);
  process.exit(unknown ? 1 : 0);
}
const lifetime = new Lifetime();
await lifetime.guard(() => main(lifetime));
