import { connectRedis, type RedisClient } from '@scani/jobs';
import { Cluster, Redis } from 'ioredis';
import { type Diagnosis, type Examination, fail, messageOf, ok, skipped, warn } from './examination.js';
import { isNear } from './postgres.js';

const OLDEST = 7;
const CONNECT_MS = 5_000;

export interface RedisSession {
  /** What one node says of itself: INFO as names and values. */
  info: Readonly<Record<string, string>>;
  node: Redis;
  cluster: boolean;
  close(): void;
}

/** Throws the first failure to connect. */
export async function openRedis(url: string): Promise<RedisSession> {
  const client = connectRedis(url, 'request');
  try {
    await ready(client);
    const node = client instanceof Cluster ? (client.nodes('master')[0] as Redis) : client;
    return {
      info: infoOf(await node.info()),
      node,
      cluster: client instanceof Cluster,
      close: () => client.disconnect(),
    };
  } catch (error) {
    client.disconnect();
    throw error;
  }
}

function ready(client: RedisClient): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`no connection within ${CONNECT_MS} ms`)), CONNECT_MS);
    client.once('ready', () => {
      clearTimeout(timer);
      resolve();
    });
    client.once('error', (error: Error & { lastNodeError?: Error }) => {
      clearTimeout(timer);
      reject(error.lastNodeError ?? error);
    });
  });
}

function infoOf(text: string): Record<string, string> {
  const lines = text.split('\r\n').filter((line) => line.includes(':'));
  return Object.fromEntries(lines.map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 1)]));
}

export function redisExaminations(url: string, session: () => Promise<RedisSession>): Examination[] {
  const on = (name: string, look: (session: RedisSession) => Promise<Diagnosis> | Diagnosis): Examination => ({
    name,
    run: async () => {
      const open = await session().catch(() => undefined);
      return open ? look(open) : skipped('Redis cannot be used, so this could not be looked at.');
    },
  });
  return [
    { name: 'redis', run: () => reachable(session) },
    { name: 'redis-tls', run: () => Promise.resolve(tls(url)) },
    on('redis-eviction', eviction),
    on('redis-persistence', persistence),
    on('redis-cluster', (open) => cluster(open)),
  ];
}

async function reachable(session: () => Promise<RedisSession>): Promise<Diagnosis> {
  let open: RedisSession;
  try {
    open = await session();
  } catch (error) {
    const said = messageOf(error);
    return fail(`Redis cannot be used: ${said}`, remedyFor(said));
  }
  const version = open.info['redis_version'] ?? '0';
  const facts = { version, ...(open.info['valkey_version'] ? { valkey: open.info['valkey_version'] } : {}) };
  return Number(version.split('.')[0]) >= OLDEST
    ? ok(`Redis ${version} answers.`, facts)
    : fail(`Redis ${version} is too old.`, 'Scani needs Redis 7 or newer.', facts);
}

function remedyFor(said: string): string {
  if (/WRONGPASS|NOAUTH|NOPERM/.test(said)) {
    return 'Check user and password in REDIS_URL; special characters are written as %XX. The user needs all commands.';
  }
  if (/certificate/i.test(said)) return 'Give this process the CA of the server: NODE_EXTRA_CA_CERTS=/path/ca.pem.';
  return 'Check host, port and protocol (rediss:// for TLS) in REDIS_URL, and whether Redis runs.';
}

function tls(url: string): Diagnosis {
  const nodes = url
    .split(',')
    .filter((text) => URL.canParse(text))
    .map((text) => new URL(text));
  const facts = { protocols: [...new Set(nodes.map(({ protocol }) => protocol.replace(':', '')))] };
  if (nodes.every(({ protocol }) => protocol === 'rediss:'))
    return ok('REDIS_URL asks for an encrypted connection.', facts);
  if (nodes.every(({ hostname }) => isNear(hostname))) {
    return ok('The connection is not encrypted, and stays within this machine or network.', facts);
  }
  return warn(
    'The connection is not encrypted, and the server is not on a private address.',
    'Use rediss:// in REDIS_URL where the server offers it.',
    facts,
  );
}

function eviction({ info }: RedisSession): Diagnosis {
  const policy = info['maxmemory_policy'];
  const facts = { policy, maxmemory: info['maxmemory_human'] };
  if (policy === undefined) return skipped('This Redis does not say what it evicts.', facts);
  return policy === 'noeviction'
    ? ok('Redis refuses writes when it is full, and forgets nothing.', facts)
    : warn(
        `Redis forgets keys when it is full (maxmemory-policy ${policy}): jobs in the queue, limits and locks among them.`,
        'Set maxmemory-policy noeviction. What was asked for is kept in Postgres, but is then done late.',
        facts,
      );
}

async function persistence({ info, node }: RedisSession): Promise<Diagnosis> {
  const appends = info['aof_enabled'] === '1';
  // Managed servers often forbid CONFIG; then a snapshot that was taken is what can be seen.
  const saves = await node.config('GET', 'save').then(
    (answer) => Boolean((answer as string[])[1]),
    () => Number(info['rdb_last_save_time'] ?? 0) > Number(info['process_start'] ?? Number.MAX_SAFE_INTEGER),
  );
  const facts = { appendonly: appends, snapshots: saves };
  if (appends) return ok('Redis writes what it is told to disk (AOF).', facts);
  if (saves) return ok('Redis takes snapshots; what is newer is asked for again from Postgres after a loss.', facts);
  return warn(
    'Redis keeps nothing on disk: its restart interrupts what runs.',
    'Set appendonly yes. Nothing recorded is lost without it: waiting jobs are asked for again from Postgres.',
    facts,
  );
}

async function cluster({ info, node, cluster: asCluster }: RedisSession): Promise<Diagnosis> {
  const isCluster = info['redis_mode'] === 'cluster';
  if (!isCluster) {
    return asCluster
      ? fail('REDIS_URL lists several servers, but they are no cluster.', 'Name one server in REDIS_URL.')
      : ok('Redis is one server, no cluster.');
  }
  if (!asCluster) {
    return fail(
      'This Redis is part of a cluster, REDIS_URL names one node only.',
      'List its nodes in REDIS_URL, with commas.',
    );
  }
  const state = infoOf(String(await node.call('CLUSTER', 'INFO')));
  const facts = { state: state['cluster_state'], nodes: Number(state['cluster_known_nodes']) };
  return state['cluster_state'] === 'ok'
    ? ok('The cluster is whole.', facts)
    : fail(
        `The cluster says ${state['cluster_state']}.`,
        'See CLUSTER INFO and CLUSTER NODES: slots are not served.',
        facts,
      );
}
