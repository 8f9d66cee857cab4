import { mkdtempSync, chmodSync, chownSync, existsSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { spawnSync } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { worldUrls } from '../outside-world/urls.ts';
import { installPackages } from '../stack/apt.ts';
import { type MailCatcher, startMailCatcher } from '../stack/mail.ts';
import { folder, root } from '../stack/places.ts';
import { anyPort } from '../stack/ports.ts';
import { Postgres, type PostgresOptions } from '../stack/postgres.ts';
import { isRoot, onPath, Server } from '../stack/processes.ts';
import { type ObjectStorage, startStorage } from '../stack/s3.ts';
import { GatewayBuild } from '../stack/s3-build.ts';
import { Stop } from '../stack/screen.ts';
import { type Certificates } from './certificates.ts';

const SUPERUSER = 'of-the-superuser';

/** Everything that was started here, and how to end it; data is gone afterwards. */
export class Parts {
  readonly home = mkdtempSync(join(tmpdir(), 'scani-verify-'));
  private readonly servers: Server[] = [];
  readonly started = (server: Server): void => void this.servers.push(server);

  constructor() {
    chmodSync(this.home, 0o755);
  }

  log(name: string): string {
    return join(folder(this.home, 'logs'), `${name}.log`);
  }

  async end(): Promise<void> {
    for (const server of this.servers.toReversed()) {
      if (server.running) server.kill('SIGCONT');
      await server.stop();
    }
    rmSync(this.home, { recursive: true, force: true });
  }

  async postgres(name: string, more: Partial<PostgresOptions> = {}): Promise<Postgres> {
    return Postgres.start({
      data: join(this.home, name),
      logFile: this.log(name),
      preferredPort: await anyPort(),
      superuserPassword: SUPERUSER,
      throwAway: true,
      started: this.started,
      ...more,
    });
  }

  /** `url` of a Postgres that speaks TLS as well, with a certificate of its own. */
  tlsPostgres(name: string, made: Certificates): Promise<Postgres> {
    const files = readableByPostgres(this.home, made);
    return this.postgres(name, { settings: { ssl: 'on', ssl_cert_file: files.cert, ssl_key_file: files.key } });
  }

  /** Debian's, where it is there: the oldest that can be had without a registry of images. */
  async debianPostgres(name: string): Promise<Postgres | undefined> {
    const versions = existsSync('/usr/lib/postgresql') ? readdirSync('/usr/lib/postgresql').toSorted() : [];
    const programs = versions
      .map((version) => `/usr/lib/postgresql/${version}/bin`)
      .find((at) => existsSync(join(at, 'initdb')));
    if (!programs) return undefined;
    return this.postgres(name, { other: { programs, locale: ['--locale=C.UTF-8'] } });
  }

  /** A Redis with these lines of configuration; `port 0` among them for one that speaks TLS alone. */
  async redis(name: string, port: number, lines: readonly string[], ready: () => Redis): Promise<Server> {
    const program = onPath('redis-server', 'valkey-server');
    if (!program) throw new Stop('redis-server or valkey-server is needed: apt-get install redis-server');
    const server = new Server({
      name,
      command: program,
      args: ['-'],
      input: [
        'bind 127.0.0.1',
        ...(lines.includes('port 0') ? [] : [`port ${port}`]),
        `dir ${folder(this.home, name)}`,
        'save ""',
        'set-proc-title no',
        ...lines,
        '',
      ].join('\n'),
      logFile: this.log(name),
    });
    this.started(server);
    await server.ready(async () => {
      const client = ready();
      client.on('error', () => undefined);
      try {
        return (await client.ping()) === 'PONG';
      } finally {
        client.disconnect();
      }
    }, 15_000);
    return server;
  }

  async plainRedis(
    name: string,
    lines: readonly string[] = [],
  ): Promise<{ server: Server; port: number; url: string }> {
    const port = await anyPort();
    const url = `redis://127.0.0.1:${port}`;
    return { server: await this.redis(name, port, lines, () => quick(url)), port, url };
  }

  async pgbouncer(
    name: string,
    target: Postgres,
    role: { name: string; password: string; database: string },
  ): Promise<number> {
    if (!onPath('pgbouncer') && !existsSync('/usr/sbin/pgbouncer')) {
      if (!isRoot) throw new Stop('pgbouncer is needed: apt-get install pgbouncer');
      await installPackages(['pgbouncer']);
    }
    const port = await anyPort();
    const place = folder(this.home, name);
    writeFileSync(join(place, 'users.txt'), `"${role.name}" "${role.password}"\n`);
    writeFileSync(
      join(place, 'pgbouncer.ini'),
      [
        '[databases]',
        `${role.database} = host=127.0.0.1 port=${target.port} dbname=${role.database} user=${role.name} password=${role.password}`,
        '[pgbouncer]',
        'listen_addr = 127.0.0.1',
        `listen_port = ${port}`,
        'unix_socket_dir =',
        'auth_type = plain',
        `auth_file = ${join(place, 'users.txt')}`,
        'pool_mode = transaction',
        'default_pool_size = 2',
        'max_client_conn = 200',
        'query_wait_timeout = 30',
        '',
      ].join('\n'),
    );
    const server = new Server({
      name,
      command: '/usr/sbin/pgbouncer',
      args: [join(place, 'pgbouncer.ini')],
      ...(isRoot ? postgresOwner() : {}),
      logFile: this.log(name),
    });
    this.started(server);
    const { Client } = await import('pg');
    await server.ready(async () => {
      const client = new Client({
        connectionString: `postgres://${role.name}:${role.password}@127.0.0.1:${port}/${role.database}`,
      });
      await client.connect();
      await client.end();
      return true;
    }, 10_000);
    return port;
  }

  async storage(name: string): Promise<ObjectStorage> {
    const gateway = new GatewayBuild();
    if (gateway.begin()) await gateway.wait(AbortSignal.timeout(8 * 60_000));
    const storage = await startStorage(
      {
        data: join(this.home, name),
        logFile: this.log(name),
        preferredPort: await anyPort(),
        accessKeyId: 'scani-verify',
        secretAccessKey: 'of-the-object-storage',
        bucket: 'scani',
        allowedOrigin: '*',
        throwAway: true,
        started: this.started,
      },
      gateway,
    );
    if (!storage) throw new Stop('An S3 server is needed: install versitygw or minio, or Go to build one.');
    return storage;
  }

  /** The price services, played locally in their own formats; the settings that lead to them. */
  async outsideWorld(): Promise<Record<string, string>> {
    const port = await anyPort();
    const server = new Server({
      name: 'outside world',
      command: process.execPath,
      args: [join(root, 'tools', 'outside-world', 'main.ts'), '--port', String(port)],
      cwd: root,
      logFile: this.log('outside-world'),
    });
    this.started(server);
    const outside = `http://127.0.0.1:${port}`;
    await server.ready(async () => (await fetch(outside)).status < 500, 20_000);
    return { ...worldUrls(outside) };
  }

  async mail(name = 'mail'): Promise<MailCatcher> {
    return startMailCatcher({
      data: join(this.home, name),
      logFile: this.log(name),
      preferredPort: await anyPort(),
      started: this.started,
    });
  }
}

export const quick = (url: string): Redis => new Redis(url, { maxRetriesPerRequest: 0, retryStrategy: () => null });

function postgresOwner(): { uid: number; gid: number } {
  const id = (flag: string): number => Number(spawnSync('id', [flag, 'postgres'], { encoding: 'utf8' }).stdout);
  return { uid: id('-u'), gid: id('-g') };
}

/** Postgres insists that its key is its own and nobody else's to read. */
function readableByPostgres(home: string, { cert, key }: Certificates): { cert: string; key: string } {
  const place = folder(home, 'postgres-certificate');
  const own = { cert: join(place, 'server.pem'), key: join(place, 'server.key') };
  spawnSync('cp', [cert, own.cert]);
  spawnSync('cp', [key, own.key]);
  if (isRoot) for (const file of [own.cert, own.key]) chownSync(file, postgresOwner().uid, postgresOwner().gid);
  chmodSync(own.key, 0o600);
  return own;
}
