import process from 'node:process';
import type { StorageSettings } from '@scani/storage';
import { buildServers } from '../stack/build.ts';
import { bold, say, seconds, step, Stop } from '../stack/screen.ts';
import { certificates } from './certificates.ts';
import { type Parts, quick } from './parts.ts';
import { type Env, Product } from './product.ts';
import { Proxy } from './proxy.ts';
import { redisShapes, tlsRedis } from './managed.redis.ts';
import { type Refusal, postgresRefusals, storageRefusals } from './managed.refusals.ts';
import { type Check, type Shape, smoke } from './smoke.ts';
import { table } from './table.ts';
import { withParts } from './with-parts.ts';

/**
 * `npm run verify:managed [words]`: the product's own processes on each shape that Postgres, Redis and S3 have when somebody else runs
 * them; words choose shapes by their names.
 */
export const ROLE = { name: 'scani', password: 'p@ss:wörd/1', database: 'scani' };

interface Named {
  name: string;
  made(): Promise<Partial<Shape> & { env: Env }>;
}

async function main(parts: Parts, words: readonly string[]): Promise<boolean> {
  await step('Build', buildServers);
  const mail = await step('Mail catcher', () => parts.mail());
  const product = new Product(parts, {
    SMTP_URL: mail.smtpUrl,
    SMTP_FROM: 'Scani <scani@example.org>',
    ...(await step('Outside world', () => parts.outsideWorld())),
  });
  const plain = await step('Postgres', () => parts.postgres('postgres'));
  const redis = await step('Redis', () => parts.plainRedis('redis'));
  const made = await certificates(parts.home, 'ours');
  const foreign = await certificates(parts.home, 'foreign');
  let count = 0;
  const fresh = (on = plain): Promise<string> => on.database({ ...ROLE, database: `scani_${(count += 1)}` });
  const withoutStorage = async (): Promise<Env> => ({ DATABASE_URL: await fresh(), REDIS_URL: redis.url });

  const tls = await step('Postgres with TLS', () => parts.tlsPostgres('postgres-tls', made));
  const s3 = await step('Object storage', () => parts.storage('s3'));
  const front = await Proxy.to(Number(new URL(s3.endpoint).port));
  const storage: StorageSettings = {
    endpoint: s3.endpoint,
    publicEndpoint: `http://localhost:${front.port}`,
    bucket: s3.bucket,
    region: s3.region,
    keys: { accessKeyId: s3.accessKeyId, secretAccessKey: s3.secretAccessKey },
  };
  const storageEnv: Env = {
    S3_ENDPOINT: storage.endpoint,
    S3_PUBLIC_ENDPOINT: storage.publicEndpoint,
    S3_BUCKET: storage.bucket,
    S3_REGION: storage.region,
    S3_ACCESS_KEY_ID: s3.accessKeyId,
    S3_SECRET_ACCESS_KEY: s3.secretAccessKey,
  };

  const shapes: Named[] = [
    { name: 'Postgres 18, plain role', made: async () => ({ env: await withoutStorage() }) },
    {
      name: 'Postgres TLS, require',
      made: async () => ({ env: { ...(await withoutStorage()), DATABASE_URL: `${await fresh(tls)}?sslmode=require` } }),
    },
    {
      name: 'Postgres TLS, verify-full',
      made: async () => {
        const url = (await fresh(tls)).replace('127.0.0.1', 'localhost');
        return {
          env: { ...(await withoutStorage()), DATABASE_URL: `${url}?sslmode=verify-full&sslrootcert=${made.ca}` },
        };
      },
    },
    {
      name: 'Postgres, PgBouncer pool 2',
      made: async () => {
        // PgBouncer reads its settings as lines of words: a plain password keeps this about pooling.
        const role = { name: 'pooled', password: 'pooled', database: 'scani_pooled' };
        const direct = await plain.database(role);
        const port = await parts.pgbouncer('pgbouncer', plain, role);
        const pooled = `postgres://pooled:pooled@127.0.0.1:${port}/scani_pooled?pgbouncer=true`;
        return {
          env: { REDIS_URL: redis.url, DATABASE_URL: pooled, POSTGRES_POOL_MAX: '20' },
          migrationEnv: { MIGRATION_DATABASE_URL: direct },
        };
      },
    },
    {
      name: 'Postgres of Debian (oldest)',
      made: async () => {
        const old = await parts.debianPostgres('postgres-debian');
        if (!old) throw new Stop('no Postgres of Debian is on this machine: apt-get install postgresql');
        say(
          `  Debian's is ${old.version}; 16 itself cannot be had here, so it is bracketed by this one and ${plain.version}`,
        );
        return { env: { ...(await withoutStorage()), DATABASE_URL: await fresh(old) } };
      },
    },
    ...redisShapes(parts, made).map(({ name, made: of }) => ({
      name,
      made: async () => {
        const { env, redis: look } = await of();
        return { env: { ...(await withoutStorage()), ...env }, redis: look };
      },
    })),
    {
      name: 'S3 under two names',
      made: async () => ({ env: { ...(await withoutStorage()), ...storageEnv }, storage }),
    },
  ];

  const all: { shape: string; checks: Check[] }[] = [];
  for (const shape of shapes.filter(({ name }) => isChosen(name, words))) {
    const started = performance.now();
    const { env, ...more } = await shape.made();
    const checks = await smoke(product, {
      env,
      mailApi: mail.api,
      storage: null,
      redis: () => quick(redis.url),
      ...more,
    });
    await empty(redis.url);
    all.push({ shape: shape.name, checks });
    const bad = checks.filter(({ ok }) => !ok);
    say(
      `${bad.length === 0 ? '✔' : '✘'} ${shape.name} (${seconds(performance.now() - started)}) ${bad.map(({ name, said }) => `${name}: ${said}`).join('; ')}`,
    );
  }

  const refusals: Refusal[] = [];
  if (isChosen('refusals', words)) {
    const base = await withoutStorage();
    refusals.push(
      ...(await postgresRefusals(product, {
        plain: await fresh(),
        tls: await fresh(tls),
        made,
        foreign,
        redis: redis.url,
        tlsRedis: await tlsRedis(parts, made),
      })),
      ...(await storageRefusals(product, { base, storage, env: storageEnv })),
    );
  }

  say(`\n${bold('Shape × check')}`);
  const names = [...new Set(all.flatMap(({ checks }) => checks.map(({ name }) => name)))];
  table(
    ['', 'shape', ...names],
    all.map(({ shape, checks }) => {
      const cell = (name: string): string => {
        const one = checks.find((check) => check.name === name);
        return one === undefined ? '–' : one.ok ? `${(one.ms / 1000).toFixed(1)} s` : 'FAILED';
      };
      return [checks.every(({ ok }) => ok) ? '✔' : '✘', shape, ...names.map(cell)];
    }),
  );
  say(`\n${bold('What is refused, and how')}`);
  table(
    ['', 'setting', 'promised', 'said'],
    refusals.map(({ ok, what, promised, said }) => [
      ok ? '✔' : '✘',
      what,
      promised,
      said.replaceAll(/\s+/g, ' ').slice(0, 170),
    ]),
  );
  await front.close();
  return all.every(({ checks }) => checks.every(({ ok }) => ok)) && refusals.every(({ ok }) => ok);
}

const isChosen = (name: string, words: readonly string[]): boolean =>
  words.length === 0 || words.some((word) => name.toLowerCase().includes(word.toLowerCase()));

/** The next shape counts its limits anew. */
async function empty(url: string): Promise<void> {
  const client = quick(url);
  client.on('error', () => undefined);
  await client.flushall();
  client.disconnect();
}

await withParts(async (parts) => {
  const held = await main(parts, process.argv.slice(2));
  say(held ? '\nAll of it holds.' : '\nNot all of it holds.');
  return held;
});
