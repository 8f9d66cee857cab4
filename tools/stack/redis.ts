import { Redis as Client } from 'ioredis';
import process from 'node:process';
import { installPackages } from './apt.ts';
import { dockerServer } from './docker.ts';
import { folder } from './places.ts';
import { freePort } from './ports.ts';
import { Server, isRoot, onPath } from './processes.ts';
import { type StepNotes, Stop } from './screen.ts';

export interface RedisOptions {
  data: string;
  logFile: string;
  preferredPort: number;
  password: string;
  throwAway?: boolean;
  started: (server: Server) => void;
}

export interface RunningRedis {
  url: string;
  /** Absent when the server is somebody else's. */
  server?: Server;
  origin: string;
}

/** REDIS_URL, else a server on PATH, else one from apt for root, else docker. */
export async function startRedis(options: RedisOptions, notes: StepNotes): Promise<RunningRedis> {
  const given = process.env['REDIS_URL'];
  if (given && !options.throwAway) {
    if (!(await answers(given))) throw new Stop('REDIS_URL is set, but nothing answers there.');
    return { url: given, origin: 'REDIS_URL' };
  }
  const program = await findServer(notes);
  const port = await freePort(options.preferredPort);
  const url = `redis://:${encodeURIComponent(options.password)}@127.0.0.1:${port}`;
  const server = program
    ? new Server({
        name: 'Redis',
        command: program,
        args: ['-'],
        input: settings(options, port),
        cwd: folder(options.data),
        logFile: options.logFile,
      })
    : dockerServer({
        name: 'Redis',
        image: 'redis:7',
        port,
        innerPort: 6379,
        volume: { from: folder(options.data), to: '/data' },
        args: ['redis-server', '--requirepass', options.password, '--appendonly', options.throwAway ? 'no' : 'yes'],
        logFile: options.logFile,
      });
  options.started(server);
  await server.ready(() => answers(url), program ? 15_000 : 180_000);
  return { url, server, origin: program ?? 'docker, image redis:7' };
}

async function findServer(notes: StepNotes): Promise<string | null> {
  const there = onPath('redis-server', 'valkey-server');
  if (there) return there;
  if (isRoot && onPath('apt-get')) {
    notes.progress('installing redis-server with apt-get');
    await installPackages(['redis-server']);
    const installed = onPath('redis-server');
    if (installed) return installed;
  }
  if (dockerServer.available()) return null;
  throw new Stop(
    'Scani needs a Redis: install redis-server or valkey-server (brew install redis, apt-get install redis-server), start docker, or set REDIS_URL.',
  );
}

function settings(options: RedisOptions, port: number): string {
  return [
    'bind 127.0.0.1',
    `port ${port}`,
    `dir ${JSON.stringify(folder(options.data))}`,
    `requirepass ${options.password}`,
    `appendonly ${options.throwAway ? 'no' : 'yes'}`,
    'save ""',
    // Without a title of its own it is recognised by its command line.
    'set-proc-title no',
    'maxmemory-policy noeviction',
    '',
  ].join('\n');
}

async function answers(url: string): Promise<boolean> {
  const client = new Client(url, { lazyConnect: true, maxRetriesPerRequest: 0, retryStrategy: () => null });
  client.on('error', () => undefined);
  try {
    await client.connect();
    return (await client.ping()) === 'PONG';
  } catch {
    return false;
  } finally {
    client.disconnect();
  }
}
