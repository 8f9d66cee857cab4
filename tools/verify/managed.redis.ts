import { Cluster, Redis } from 'ioredis';
import { readFileSync } from 'node:fs';
import { anyPort } from '../stack/ports.ts';
import type { Certificates } from './certificates.ts';
import { type Parts, quick } from './parts.ts';
import type { Env } from './product.ts';
import { within } from './product.ts';
import type { Shape } from './smoke.ts';

const PASSWORD = 'a/b?c#d@e:f%g&h=+ü';
/** Everything that the product does, and nothing that administers a server. */
const RIGHTS = '~{scani}* &* +@all -@dangerous +info';

interface RedisShape {
  name: string;
  made(): Promise<{ env: Env; redis: Shape['redis'] }>;
}

export function redisShapes(parts: Parts, made: Certificates): RedisShape[] {
  const ca = { NODE_EXTRA_CA_CERTS: made.ca };
  const tls = { ca: readFileSync(made.ca) };
  const tlsLines = tlsLinesOf(made);
  return [
    {
      name: 'Redis, ACL user',
      made: async () => {
        const port = await anyPort();
        const url = `redis://app:${encodeURIComponent(PASSWORD)}@127.0.0.1:${port}`;
        const look = (): Redis => quick(`redis://looks:on@127.0.0.1:${port}`);
        const users = ['user default off', `user app on >${PASSWORD} ${RIGHTS}`, 'user looks on >on ~* +@all'];
        await parts.redis('redis-acl', port, users, look);
        return { env: { REDIS_URL: url }, redis: look };
      },
    },
    {
      name: 'Redis, TLS',
      made: async () => {
        const port = await anyPort();
        const look = (): Redis =>
          new Redis(port, 'localhost', { tls, maxRetriesPerRequest: 0, retryStrategy: () => null });
        await parts.redis('redis-tls', port, ['port 0', `tls-port ${port}`, ...tlsLines], look);
        return { env: { REDIS_URL: `rediss://localhost:${port}`, ...ca }, redis: look };
      },
    },
    {
      name: 'Redis Cluster, 3 nodes',
      made: async () => {
        const ports = await cluster(parts, 'cluster', []);
        return {
          env: { REDIS_URL: ports.map((port) => `redis://127.0.0.1:${port}`).join() },
          redis: () => lookInto(ports, {}),
        };
      },
    },
    {
      name: 'Redis Cluster, TLS + password',
      made: async () => {
        const secret = `requirepass ${PASSWORD}`;
        const lines = [secret, `masterauth ${PASSWORD}`, 'tls-cluster yes', 'cluster-announce-hostname localhost'];
        const ports = await cluster(
          parts,
          'cluster-tls',
          [...lines, 'cluster-preferred-endpoint-type hostname', ...tlsLines],
          tls,
        );
        const url = (port: number): string => `rediss://:${encodeURIComponent(PASSWORD)}@localhost:${port}`;
        return {
          env: { REDIS_URL: ports.map(url).join(), ...ca },
          redis: () => lookInto(ports, { tls, password: PASSWORD }),
        };
      },
    },
  ];
}

/** One that speaks TLS alone; its URL. */
export async function tlsRedis(parts: Parts, made: Certificates): Promise<string> {
  const port = await anyPort();
  const ca = readFileSync(made.ca);
  await parts.redis('redis-refuses', port, ['port 0', `tls-port ${port}`, ...tlsLinesOf(made)], () => {
    return new Redis(port, 'localhost', { tls: { ca }, maxRetriesPerRequest: 0, retryStrategy: () => null });
  });
  return `rediss://localhost:${port}`;
}

const tlsLinesOf = (made: Certificates): string[] => [
  `tls-cert-file ${made.cert}`,
  `tls-key-file ${made.key}`,
  `tls-ca-cert-file ${made.ca}`,
  'tls-auth-clients no',
];

/** Three masters that share the slots. */
async function cluster(parts: Parts, name: string, lines: string[], tls?: { ca: Buffer }): Promise<number[]> {
  const password = tls ? { password: PASSWORD, tls } : {};
  const connect = (port: number): Redis =>
    new Redis(port, 'localhost', { family: 4, maxRetriesPerRequest: 0, retryStrategy: () => null, ...password });
  const nodes: { port: number; bus: number }[] = [];
  for (let node = 0; node < 3; node += 1) {
    const [port, bus] = [await anyPort(), await anyPort()];
    const listen = tls ? ['port 0', `tls-port ${port}`] : [];
    const own = [
      'cluster-enabled yes',
      `cluster-port ${bus}`,
      `cluster-announce-ip 127.0.0.1`,
      `cluster-config-file nodes-${node}.conf`,
    ];
    await parts.redis(`${name}-${node}`, port, [...listen, ...own, ...lines], () => connect(port));
    nodes.push({ port, bus });
  }
  const [first] = nodes;
  const clients = nodes.map(({ port }) => connect(port));
  for (const client of clients) client.on('error', () => undefined);
  for (const { port, bus } of nodes)
    if (first && port !== first.port) await clients[0]?.call('CLUSTER', 'MEET', '127.0.0.1', port, bus);
  const slots = [0, 5461, 10_923, 16_384];
  for (const [at, client] of clients.entries())
    await client.call('CLUSTER', 'ADDSLOTSRANGE', slots[at] ?? 0, (slots[at + 1] ?? 0) - 1);
  const isUp = async (): Promise<boolean> =>
    (await Promise.all(clients.map((client) => client.call('CLUSTER', 'INFO')))).every((info) =>
      String(info).includes('cluster_state:ok'),
    );
  if ((await within(20_000, isUp)) === undefined) throw new Error('the cluster does not come together');
  for (const client of clients) client.disconnect();
  return nodes.map(({ port }) => port);
}

function lookInto(
  ports: readonly number[],
  options: { tls?: { ca: Buffer }; password?: string },
): ReturnType<Shape['redis']> {
  const client = new Cluster(
    ports.map((port) => ({ host: options.tls ? 'localhost' : '127.0.0.1', port })),
    { redisOptions: options, dnsLookup: (address, found) => found(null, address) },
  );
  client.on('error', () => undefined);
  return {
    keys: async () => (await Promise.all(client.nodes('master').map((node) => node.keys('*')))).flat(),
    disconnect: () => client.disconnect(),
  };
}
