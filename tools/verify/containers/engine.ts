import { spawn } from 'node:child_process';
import { closeSync, copyFileSync, openSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { setTimeout as wait } from 'node:timers/promises';
import { cache, folder } from '../../stack/places.ts';
import { isRoot, onPath, run } from '../../stack/processes.ts';
import { Stop } from '../../stack/screen.ts';
import { installed, ran, unpackedFrom } from './debian.ts';

const OLDEST_COMPOSE = [2, 23, 1] as const;
const START_MS = 30_000;

/** Sees to an engine that answers, with a compose that knows `configs.content`; where root may, it installs Debian's. */
export async function startEngine(): Promise<string> {
  await installed('docker', ['docker.io']);
  process.env['DOCKER_BUILDKIT'] = '1';
  if (!(await answers())) await startDaemon();
  if (!(await composeIsNew())) await bringCompose();
  const engine = await docker('version', '--format', '{{.Server.Version}}');
  return `engine ${engine}, compose ${await docker('compose', 'version', '--short')}`;
}

/** Runs docker and returns what it says, trimmed; throws a Stop when it fails. */
export const docker = async (...args: string[]): Promise<string> => (await ran('docker', args)).trim();

const answers = async (): Promise<boolean> => (await run('docker', ['info'])).code === 0;

async function startDaemon(): Promise<void> {
  if (!isRoot) throw new Stop('Docker does not answer: start it, or let this run as root.');
  await installed('dockerd', ['docker.io', 'iptables']);
  const log = openSync(join(folder(cache, 'docker'), 'dockerd.log'), 'w');
  const daemon = spawn(onPath('dockerd') ?? '/usr/sbin/dockerd', [], { detached: true, stdio: ['ignore', log, log] });
  closeSync(log);
  daemon.on('error', () => undefined);
  daemon.unref();
  for (const until = Date.now() + START_MS; !(await answers()); await wait(300)) {
    if (Date.now() > until) throw new Stop(`dockerd does not answer; see ${join(cache, 'docker', 'dockerd.log')}`);
  }
}

async function composeIsNew(): Promise<boolean> {
  const { code, output } = await run('docker', ['compose', 'version', '--short']);
  if (code !== 0 || (await run('docker', ['buildx', 'version'])).code !== 0) return false;
  const found = output.replace(/^v/, '').split(/[.-]/).map(Number);
  const differing = OLDEST_COMPOSE.findIndex((part, at) => found[at] !== part);
  return differing < 0 || (found[differing] ?? 0) > (OLDEST_COMPOSE[differing] ?? 0);
}

/** Debian's stable engine is older than its compose and buildx; those of the next Debian work with it. */
async function bringCompose(): Promise<void> {
  const root = await unpackedFrom('trixie', ['docker-compose', 'docker-buildx']);
  const config = folder(cache, 'docker', 'config', 'cli-plugins');
  for (const plugin of ['docker-compose', 'docker-buildx']) {
    copyFileSync(join(root, 'usr/libexec/docker/cli-plugins', plugin), join(config, plugin));
  }
  process.env['DOCKER_CONFIG'] = join(config, '..');
}
