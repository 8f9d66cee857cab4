import { Logger } from '@nestjs/common';
import { constant, fragment, integer, type Live, text } from '@scani/runtime';
import { Cluster, Redis, type RedisOptions } from 'ioredis';

export const redisEnv = fragment('redis', {
  REDIS_URL: {
    ...text({
      description:
        'Redis 7 or newer: redis://user:password@host:6379/0, rediss:// for TLS, several URLs with commas for a cluster.',
      secret: true,
      example: 'redis://redis:6379',
    }),
    parse: redisUrl,
  },
});

export const workerEnv = fragment('worker', {
  WORKER_CONCURRENCY: integer({ description: 'Jobs that one worker does at once.', default: '4', min: 1, max: 64 }),
  WORKER_DRAIN_SECONDS: integer({
    description:
      'Seconds that running jobs get to finish when the worker is told to end; then they are stopped and asked for again. Whoever ends it must wait 30 s longer before killing it.',
    default: '20',
    min: 0,
    max: 86_400,
  }),
});

/** Throws unless each of its parts is an address that can be used. */
function redisUrl(text: string): string {
  const nodes = text.split(',').filter(Boolean);
  if (!nodes.every((node) => URL.canParse(node)))
    throw new Error('must be a URL, or several with commas (special characters in the password are written as %XX)');
  const protocols = new Set(nodes.map((node) => new URL(node).protocol));
  if (protocols.size !== 1 || !(protocols.has('redis:') || protocols.has('rediss:')))
    throw new Error('must start with redis:// or rediss:// (all of its nodes alike)');
  return text;
}

/** Every key starts with this; the braces put all of them into one slot of a Redis Cluster. */
export const KEY_PREFIX = '{scani}';

export type RedisClient = Redis | Cluster;

/**
 * `request` fails fast, so that a page never waits for a lost Redis; `worker` waits for its return. Of a live URL every new
 * connection takes the user and password that it has then; another host needs a restart, and is logged.
 */
export function connectRedis(redisUrl: string | Live<string>, role: 'request' | 'worker'): RedisClient {
  const live = typeof redisUrl === 'string' ? constant(redisUrl) : redisUrl;
  const url = live.current;
  const options = ROLES[role];
  const nodes = url.split(',').filter(Boolean);
  const client = nodes.length > 1 ? clusterOf(nodes, options) : new Redis(nodes[0] ?? url, options);
  tellTrouble(client, nodes[0] ?? url);
  followCredentials(client, live);
  return client;
}

/** A server that has gone silent must not hold a page, nor a worker for ever: BullMQ's longest wait is 10 s. */
const ROLES: Record<'request' | 'worker', RedisOptions> = {
  worker: { maxRetriesPerRequest: null, socketTimeout: 30_000 },
  request: {
    maxRetriesPerRequest: 1,
    enableOfflineQueue: false,
    connectTimeout: 2_000,
    commandTimeout: 1_500,
    socketTimeout: 5_000,
  },
};

const troubles = new WeakMap<RedisClient, string>();

/** Why this connection does not work at the moment; undefined when nothing is known against it. */
export function redisTrouble(client: RedisClient): string | undefined {
  return troubles.get(client);
}

/** ioredis reconnects by itself, with an error each time; the log has each cause once, and the return. */
function tellTrouble(client: RedisClient, node: string): void {
  const log = new Logger('Redis');
  const say = (said: string): void => {
    if (troubles.get(client) === said) return;
    troubles.set(client, said);
    log.error(`Redis cannot be used: ${said}; trying again (REDIS_URL)`);
  };
  let asking = false;
  client.on('error', (error: unknown) => {
    const said = troubleOf(error);
    if (!(client instanceof Cluster) || said !== NODE_CLOSED) return say(said);
    if (asking) return;
    asking = true;
    void nodeTrouble(node).then((cause) => {
      asking = false;
      if (client.status !== 'end' && client.status !== 'ready') say(cause ?? said);
    });
  });
  client.on('ready', () => {
    if (troubles.delete(client)) log.log('Redis answers');
  });
}

/** All that a cluster passes on of a node that could not be connected to. */
const NODE_CLOSED = 'Connection is closed.';

/** Why no connection to this node can be made; undefined where one can. */
async function nodeTrouble(url: string): Promise<string | undefined> {
  const once = new Redis(url, { ...ROLES.request, lazyConnect: true, retryStrategy: () => null });
  let cause: string | undefined;
  once.on('error', (error: unknown) => (cause = troubleOf(error)));
  await once.connect().catch((error: unknown) => (cause ??= troubleOf(error)));
  once.disconnect();
  return cause;
}

/** Of a cluster the cause stands behind the last node's error; of a name with several addresses behind the first one's. */
function troubleOf(error: unknown): string {
  const last = (error as { lastNodeError?: unknown } | null)?.lastNodeError;
  if (last instanceof Error) return troubleOf(last);
  if (error instanceof AggregateError && error.errors.length > 0) return troubleOf(error.errors[0]);
  return error instanceof Error ? error.message : String(error);
}

interface Credentials {
  username?: string;
  password?: string;
}

/** ioredis reads them from its options for each connection, and copies the options for a duplicate. */
function followCredentials(client: RedisClient, live: Live<string>): void {
  const first = live.current;
  const options = new Set<Credentials>([
    client instanceof Cluster ? (client.options.redisOptions ?? {}) : client.options,
  ]);
  if (client instanceof Redis) {
    const duplicate = client.duplicate.bind(client);
    client.duplicate = (override) => {
      const copy = duplicate(override);
      options.add(copy.options);
      copy.once('end', () => options.delete(copy.options));
      return copy;
    };
  }
  live.onChange((url) => {
    const credentials = credentialsOf(url);
    const nodes = client instanceof Cluster ? client.nodes('all').map((node) => node.options) : [];
    for (const one of [...options, ...nodes]) Object.assign(one, credentials);
    if (placesOf(url) !== placesOf(first))
      new Logger('Redis').warn('REDIS_URL names another server: restart this process to use it');
  });
}

const nodesOf = (url: string): URL[] =>
  url
    .split(',')
    .filter(Boolean)
    .map((node) => new URL(node));

/** Everything but who comes. */
const placesOf = (url: string): string =>
  nodesOf(url)
    .map((node) => `${node.protocol}//${node.host}${node.pathname}${node.search}`)
    .join();

function credentialsOf(url: string): Credentials {
  const first = nodesOf(url)[0];
  return {
    ...(first?.username ? { username: decodeURIComponent(first.username) } : {}),
    ...(first?.password ? { password: decodeURIComponent(first.password) } : {}),
  };
}

function clusterOf(nodes: readonly string[], options: RedisOptions): Cluster {
  const urls = nodes.map((node) => new URL(node));
  const first = urls[0];
  const isTls = first?.protocol === 'rediss:';
  const tls = isTls ? { tls: {} } : {};
  return new Cluster(
    urls.map((url) => ({ host: url.hostname, port: Number(url.port || 6379) })),
    {
      enableOfflineQueue: options.enableOfflineQueue ?? true,
      // A certificate is for the name, which ioredis would replace by the address.
      ...(isTls ? { dnsLookup: (address, found) => found(null, address) } : {}),
      redisOptions: {
        ...options,
        ...tls,
        ...credentialsOf(nodes.join()),
      },
    },
  );
}
