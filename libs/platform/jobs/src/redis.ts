import { fragment, integer, text } from '@scani/runtime';
import { Cluster, Redis, type RedisOptions } from 'ioredis';

export const redisEnv = fragment('redis', {
  REDIS_URL: text({
    description:
      'Redis 7 or newer: redis://user:password@host:6379/0, rediss:// for TLS, several URLs with commas for a cluster.',
    secret: true,
    example: 'redis://redis:6379',
  }),
});

export const workerEnv = fragment('worker', {
  WORKER_CONCURRENCY: integer({ description: 'Jobs that one worker does at once.', default: '4', min: 1, max: 64 }),
});

/** Every key starts with this; the braces put all of them into one slot of a Redis Cluster. */
export const KEY_PREFIX = '{scani}';

export type RedisClient = Redis | Cluster;

/** `request` fails fast, so that a page never waits for a lost Redis; `worker` waits for its return. */
export function connectRedis(url: string, role: 'request' | 'worker'): RedisClient {
  const options: RedisOptions =
    role === 'worker'
      ? { maxRetriesPerRequest: null }
      : { maxRetriesPerRequest: 1, enableOfflineQueue: false, connectTimeout: 2_000 };
  const nodes = url.split(',').filter(Boolean);
  const client = nodes.length > 1 ? clusterOf(nodes, options) : new Redis(nodes[0] ?? url, options);
  // ioredis reconnects by itself; without a listener a lost connection would end the process.
  client.on('error', () => {});
  return client;
}

function clusterOf(nodes: readonly string[], options: RedisOptions): Cluster {
  const urls = nodes.map((node) => new URL(node));
  const first = urls[0];
  const tls = first?.protocol === 'rediss:' ? { tls: {} } : {};
  return new Cluster(
    urls.map((url) => ({ host: url.hostname, port: Number(url.port || 6379) })),
    {
      redisOptions: {
        ...options,
        ...tls,
        ...(first?.username ? { username: decodeURIComponent(first.username) } : {}),
        ...(first?.password ? { password: decodeURIComponent(first.password) } : {}),
      },
    },
  );
}
