import { randomUUID } from 'node:crypto';
import process from 'node:process';
import { run } from '../stack/processes.ts';
import { certificates } from './certificates.ts';
import type { Checks } from './checks.ts';
import { must } from './checks.ts';
import {
  addHolding,
  confirm,
  followWallet,
  recordPicture,
  sendPicture,
  importState,
  openAccount,
  stageImport,
  statement,
} from './deeds.ts';
import { ask } from './faults.load.ts';
import type { Parts } from './parts.ts';
import { Person } from './person.ts';
import { type Env, Product, within } from './product.ts';
import { HostedSide } from './tiers.hosted.ts';
import { Namespace } from './tiers.namespace.ts';

const ROLE = { name: 'scani', password: 'of-the-role', database: 'recorded' };
const PATIENCE_MS = 90_000;
const UUID = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g;
/** Every job that the clock asks for by itself, or the night does. */
const CLOCK = [
  'refresh-prices yield-night fill-daily-prices fill-exchange-rates transfer-night rollup-night close-holdings',
  'digest-ledger down-sample-prices clean-up clean-uploads sync-wallets wallet-night score-night',
].flatMap((line) => line.split(' '));

/** T2, T3: api and worker with the settings of tier 2, in a network in which every connection is counted. */
export async function recording(parts: Parts, checks: Checks, hostedEnv: Env): Promise<void> {
  const why = Namespace.why();
  if (why) return checks.skip('what api and worker connect to', why);
  const network = new Namespace();
  await network.make();
  try {
    await recorded(parts, checks, hostedEnv, network);
  } finally {
    await network.end();
  }
}

async function recorded(parts: Parts, checks: Checks, hostedEnv: Env, network: Namespace): Promise<void> {
  const at = network.outside;
  const mail = await parts.mail();
  const theirs = new Product(parts, { ...hostedEnv, SMTP_URL: mail.smtpUrl, SMTP_FROM: 'Hosted <scani@example.org>' });
  const provider = await theirs.start('data-provider');
  const made = await certificates(parts.home, 'recorded', [], [at]);
  const cloud = new HostedSide(portOf(provider.url), made, at);
  await cloud.listen();

  const postgres = await parts.postgres('recorded');
  const redis = await parts.plainRedis('recorded-redis');
  const s3 = await parts.storage('recorded-s3');
  const url = await postgres.database(ROLE);
  const inside = new URL(url);
  inside.host = `${at}:${await network.door('Postgres', postgres.port)}`;
  const s3Url = `http://${at}:${await network.door('S3', portOf(s3.endpoint))}`;
  const env: Env = {
    DATABASE_URL: inside.toString(),
    REDIS_URL: `redis://${at}:${await network.door('Redis', redis.port)}`,
    S3_ENDPOINT: s3Url,
    S3_BUCKET: s3.bucket,
    S3_REGION: s3.region,
    S3_ACCESS_KEY_ID: s3.accessKeyId,
    S3_SECRET_ACCESS_KEY: s3.secretAccessKey,
    SCANI_CLOUD_URL: cloud.url,
    SCANI_CLOUD_API_KEY: theirs.cloudKey,
    NODE_EXTRA_CA_CERTS: made.ca,
    FRONTEND_URL: 'http://scani.test',
  };
  await network.door('cloud', portOf(cloud.url), true);
  await network.shut();
  const product = new Product(parts, env);
  const migrated = await product.cli({ DATABASE_URL: url }, 'migrate', 'up');
  must(migrated.code === 0, migrated.output);
  product.place = { prefix: network.prefix, host: network.inside };

  await checks.check('the recorder sees what goes elsewhere', () => seesAll(network));
  const before = new Map((await network.opened()).map(({ to, count }) => [to, count]));
  const api = await product.start('api');
  const worker = await product.start('worker');
  const ada = new Person(() => api.url, mail.api);
  const unusual = ['7.31415926', `Bank of ${randomUUID().slice(0, 8)}`];
  await checks.check(
    'sign-in, prices, an import with its upload, a picture, a wallet, every job of the clock',
    async () => {
      must(/tier=tier2 cloudUrl=https:/.test(api.said()), 'the api does not say tier=tier2');
      await ada.signIn();
      const account = await openAccount(ada);
      await addHolding(ada, account);
      await buyCoins(ada, account, unusual[0] ?? '');
      const { text } = statement(40);
      unusual.push(/Shop (\w+)-/.exec(text)?.[1] ?? '');
      const id = await stageImport(ada, account, text);
      await confirm(ada, id);
      await importState(ada, id, PATIENCE_MS, 'recorded');
      await recordPicture(ada, await sendPicture(ada, account));
      unusual.push((await followWallet(ada)).name);
      await ada.must(ada.get('/api/portfolio/summary'));
      await askAll(url, CLOCK);
      return `${await settled(url)} jobs completed`;
    },
  );
  await checks.check(
    'api and worker connected to Postgres, Redis, S3 and the cloud URL, and tried nothing else',
    async () => {
      const opened = (await network.opened()).map(({ to, count }) => ({ to, count: count - (before.get(to) ?? 0) }));
      const words = opened.map(({ to, count }) => `${to} ${count}`).join(', ');
      for (const { to, count } of opened) {
        if (to === 'anything else' || to === 'loopback') must(count === 0, words);
        else must(count > 0, `${to} was not used, so nothing is shown: ${words}`);
      }
      return words;
    },
  );
  await checks.check('what crossed the seam', () => crossed(url, cloud, ada, unusual));
  await worker.server.end();
  await api.server.end();
  await cloud.close();
}

const portOf = (url: string): number => Number(new URL(url).port);

/** Without this a broken recorder would look like a clean product. */
async function seesAll(network: Namespace): Promise<string> {
  const seen = async (): Promise<number> =>
    (await network.opened())
      .filter(({ to }) => to === 'anything else' || to === 'loopback')
      .reduce((sum, { count }) => sum + count, 0);
  const tries = [
    `fetch('http://192.0.2.1/')`,
    `fetch('http://${network.outside}:9999/')`,
    `fetch('http://127.0.0.1:9999/')`,
    `new (require('node:dns').promises.Resolver)({timeout:500,tries:1}).resolve4('api.coingecko.com')`,
  ];
  const counts: number[] = [];
  for (const one of tries) {
    const before = await seen();
    await run('ip', ['netns', 'exec', network.name, process.execPath, '-e', `${one}.catch(() => 0)`]);
    counts.push((await seen()) - before);
  }
  must(
    counts.every((count) => count > 0),
    `of another address, port, itself and a name it saw ${counts.join(', ')}`,
  );
  return `another address, another port, itself and a name: ${counts.join(', ')} packets`;
}

/** A shared asset that has prices, in a quantity that is found again anywhere. */
export async function buyCoins(who: Person, accountId: string, balance: string): Promise<string> {
  const coin = { symbol: 'BTC', name: 'Bitcoin', kind: 'crypto', decimals: 8 };
  const identity = { provider: 'coingecko', externalId: 'bitcoin' };
  const { id: assetId } = await who.must(who.post<{ id: string }>('/api/assets', { ...coin, identity }));
  const at = new Date(Date.now() - 3 * 864e5).toISOString();
  await who.must(who.post('/api/holdings', { accountId, assetId, balance, at }));
  return assetId;
}

/** As the clock asks. */
export async function askAll(url: string, names: readonly string[]): Promise<void> {
  await ask(
    url,
    `insert into job (id, name, key, title, payload, run_after, cancellable)
     select gen_random_uuid(), name, 'all', name, '{}', now(), false from unnest($1::text[]) as given (name)
     on conflict do nothing`,
    [names],
  );
}

/** Waits until no job is left to do; how many there were. Throws where one has failed. What was asked for twice is one: the other is cancelled. */
export async function settled(url: string, patienceMs = PATIENCE_MS): Promise<number> {
  let rows: { state: string; count: number; names: string }[] = [];
  const took = await within(patienceMs, async () => {
    rows = await ask(url, `select state, count(*)::int, string_agg(distinct name, ' ') as names from job group by 1`);
    return rows.every(({ state }) => state === 'completed' || state === 'failed' || state === 'cancelled');
  });
  const odd = rows.filter(({ state }) => state !== 'completed' && state !== 'cancelled');
  must(
    took !== undefined && odd.length === 0,
    odd.map(({ state, count, names }) => `${count} ${state}: ${names}`).join('; '),
  );
  return rows.reduce((sum, { count }) => sum + count, 0);
}

/** T3: bodies, paths and headers of all that was asked, searched for everything of people that the database has. */
async function crossed(url: string, cloud: HostedSide, who: Person, unusual: readonly string[]): Promise<string> {
  const ids = new Set((await everyUuid(url)).map((id) => id.toLowerCase()));
  must(ids.size > 50, `only ${ids.size} ids in the database`);
  const routes = new Map<string, number>();
  for (const { method, path, headers, body } of cloud.crossed) {
    const route = `${method} ${path.split('?')[0]}`;
    routes.set(route, (routes.get(route) ?? 0) + 1);
    const isMail = path === '/v1/mail';
    const text = `${path}\n${JSON.stringify(headers)}\n${body}`.toLowerCase();
    const found = [...text.matchAll(UUID)].map(([id]) => id).filter((id) => ids.has(id));
    must(found.length === 0, `${route} carries an id of the database`);
    for (const word of unusual) must(!text.includes(word.toLowerCase()), `${route} carries ${word}`);
    if (isMail) {
      const { to, data, ...rest } = JSON.parse(body) as { to: string; data: object };
      const fields = [...Object.keys(rest), 'to', ...Object.keys(data)].toSorted().join(' ');
      must(to === who.email && fields === 'code codeMinutes link linkMinutes template to', `a mail carries ${fields}`);
    } else must(!text.includes(who.email), `${route} carries an address`);
  }
  must(routes.has('POST /v1/ai/screenshot'), 'no picture was ever sent');
  for (const wanted of ['POST /v1/chains/movements', 'POST /v1/chains/balances', 'POST /v1/chains/balances/batch'])
    must(routes.has(wanted), `${wanted} was never asked`);
  for (const wanted of ['POST /v1/mail', 'POST /v1/prices/current', 'POST /v1/prices/history', 'GET /v1/assets/search'])
    must(routes.has(wanted), `${wanted} was never asked`);
  const list = [...routes].map(([route, count]) => `${route} ${count}`).join(', ');
  return `none of ${ids.size} ids, no quantity, no name, no statement; of a picture the picture; a mail has its address, link, code and minutes; ${list}`;
}

async function everyUuid(url: string): Promise<string[]> {
  const columns = await ask<{ table_name: string; column_name: string }>(
    url,
    `select table_name, column_name from information_schema.columns
     where table_schema = 'public' and data_type = 'uuid' order by 1, 2`,
  );
  const all: string[] = [];
  for (const { table_name: table, column_name: column } of columns) {
    const rows = await ask<{ id: string }>(
      url,
      `select distinct "${column}"::text as id from "${table}" where "${column}" is not null`,
    );
    all.push(...rows.map(({ id }) => id));
  }
  return all;
}
