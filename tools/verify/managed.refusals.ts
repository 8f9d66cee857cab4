import type { StorageSettings } from '@scani/storage';
import { anyPort } from '../stack/ports.ts';
import type { Certificates } from './certificates.ts';
import type { Env, Product } from './product.ts';
import { within } from './product.ts';

export interface Refusal {
  what: string;
  promised: string;
  said: string;
  ok: boolean;
}

/** What an operator reads when a URL does not fit its server. */
export async function postgresRefusals(
  product: Product,
  at: { plain: string; tls: string; made: Certificates; foreign: Certificates; redis: string; tlsRedis: string },
): Promise<Refusal[]> {
  const local = (url: string): string => url.replace('127.0.0.1', 'localhost');
  const verify = (ca: string): string => `?sslmode=verify-full&sslrootcert=${ca}`;
  const cases: [what: string, env: Env, words: RegExp][] = [
    [
      'sslmode=require, a plain server',
      { DATABASE_URL: `${at.plain}?sslmode=require` },
      /speaks no TLS, which sslmode in DATABASE_URL/,
    ],
    [
      'verify-full, another CA',
      { DATABASE_URL: local(at.tls) + verify(at.foreign.ca) },
      /certificate .* sslrootcert in DATABASE_URL/,
    ],
    [
      'verify-full, no CA',
      { DATABASE_URL: `${local(at.tls)}?sslmode=verify-full` },
      /certificate .* sslrootcert in DATABASE_URL/,
    ],
    [
      'the CA file is not there',
      { DATABASE_URL: local(at.tls) + verify('/nowhere/ca.pem') },
      /DATABASE_URL sslrootcert=\/nowhere\/ca.pem cannot be read/,
    ],
    [
      'an sslmode that is none',
      { DATABASE_URL: `${at.tls}?sslmode=always` },
      /DATABASE_URL sslmode=always is not one of/,
    ],
    ['a pooled URL for migrations', { DATABASE_URL: `${at.plain}?pgbouncer=true` }, /MIGRATION_DATABASE_URL/],
    [
      'a wrong password',
      { DATABASE_URL: at.plain.replace(/:[^:@]+@/, ':no@') },
      /refuses the user or the password in DATABASE_URL/,
    ],
  ];
  const found: Refusal[] = [];
  for (const [what, env, words] of cases) {
    const { code, output } = await product.cli(env, 'migrate', 'status');
    const up = what.startsWith('a pooled') ? await product.cli(env, 'migrate', 'up') : { code, output };
    found.push({
      what,
      promised: 'migrate: exit code ≠ 0',
      said: up.output.trim(),
      ok: up.code !== 0 && words.test(up.output),
    });
  }
  const service: [what: string, env: Env, words: RegExp][] = [
    [
      'verify-full, another CA',
      { DATABASE_URL: local(at.tls) + verify(at.foreign.ca) },
      /certificate .* sslrootcert in DATABASE_URL/,
    ],
    [
      'Redis that is not there',
      { DATABASE_URL: at.plain, REDIS_URL: 'redis://127.0.0.1:9' },
      /ECONNREFUSED.*REDIS_URL/,
    ],
    ['Redis of an unknown CA', { DATABASE_URL: at.plain, REDIS_URL: at.tlsRedis }, /certificate.*REDIS_URL/],
    [
      'a cluster of an unknown CA',
      { DATABASE_URL: at.plain, REDIS_URL: `${at.tlsRedis},${at.tlsRedis}` },
      /certificate.*REDIS_URL/,
    ],
    [
      'a wrong Redis password',
      { DATABASE_URL: at.plain, REDIS_URL: at.redis.replace('//', '//app:wrong@') },
      /WRONGPASS.*REDIS_URL/,
    ],
    [
      'a pool of 20 behind a pooler',
      { DATABASE_URL: `${at.plain}?pgbouncer=true` },
      /POSTGRES_POOL_MAX=20 is more than it needs/,
    ],
  ];
  for (const [what, env, words] of service) {
    for (const app of ['api', 'worker'] as const) {
      const one = await product.spawn(app, { REDIS_URL: at.redis, SCANI_CLOUD_URL: 'http://127.0.0.1:9', ...env });
      const took = await within(
        20_000,
        async () => words.test(one.said()) && (await one.probe('/livez')).status === 200,
      );
      const line =
        one
          .said()
          .split('\n')
          .find((each) => words.test(each)) ?? '(nothing of the kind)';
      found.push({
        what,
        promised: `${app}: a line of the log, /livez 200`,
        said: messageOf(line),
        ok: took !== undefined,
      });
      await one.server.stop();
    }
  }
  return found;
}

/** What people and operators are told of a store that cannot be used; the rest of the product goes on. */
export async function storageRefusals(
  product: Product,
  at: { base: Env; storage: StorageSettings; env: Env },
): Promise<Refusal[]> {
  const found: Refusal[] = [];
  const free = await anyPort();
  const half = await product.spawn('api', { ...at.base, ...at.env, S3_SECRET_ACCESS_KEY: undefined });
  await within(15_000, () => !half.server.running);
  const code = await half.server.end();
  found.push({
    what: 'half of the S3 key pair',
    promised: 'api: ends with 1 and names it',
    said: half.said().trim().split('\n').at(-1)?.trim() ?? '',
    ok: code === 1 && half.said().includes('S3_SECRET_ACCESS_KEY is not set, although S3_ACCESS_KEY_ID is'),
  });
  await product.cli(at.base, 'migrate', 'up');
  const cases: [what: string, env: Env, words: RegExp][] = [
    ['a bucket that is not there', { S3_BUCKET: 'not-there' }, /bucket not-there does not exist.*S3_BUCKET/],
    [
      'a wrong S3 key',
      { S3_SECRET_ACCESS_KEY: 'not-the-secret' },
      /refuses access to the bucket.*S3_SECRET_ACCESS_KEY/,
    ],
    [
      'a store that is not there',
      { S3_ENDPOINT: `http://127.0.0.1:${free}` },
      /object storage at .* cannot be reached \(ECONNREFUSED\)/,
    ],
  ];
  for (const [what, env, words] of cases) {
    const settings = { ...at.base, ...at.env, ...env };
    const { output } = await product.cli(settings, 'doctor');
    const line = output.split('\n').find((each) => words.test(each)) ?? '(nothing of the kind)';
    found.push({ what, promised: 'doctor: one clear message', said: line.trim(), ok: words.test(output) });
  }
  return found;
}

function messageOf(line: string): string {
  try {
    return (JSON.parse(line) as { msg: string }).msg;
  } catch {
    return line;
  }
}
