import { CloudClient } from '@scani/cloud';
import { ObjectStore, type StorageSettings } from '@scani/storage';
import type { Redis } from 'ioredis';
import {
  addHolding,
  addTransaction,
  confirm,
  EMPTY_WALLET,
  followWallet,
  importState,
  openAccount,
  stageImport,
  statement,
} from './deeds.ts';
import { Person } from './person.ts';
import type { Env, Product, Running } from './product.ts';
import { within } from './product.ts';

export interface Shape {
  /** For the services. */
  env: Env;
  /** For migrations, where they need another. */
  migrationEnv?: Env;
  mailApi: string;
  storage: StorageSettings | null;
  /** A look into its Redis. */
  redis(): Redis | { keys: () => Promise<string[]>; disconnect(): void };
}

export interface Check {
  name: string;
  ok: boolean;
  said: string;
  ms: number;
}

const PATIENCE_MS = 60_000;

/** What every shape of an installation must be able to do; the first thing that fails ends it. */
export async function smoke(product: Product, shape: Shape): Promise<Check[]> {
  const checks: Check[] = [];
  const running: Running[] = [];
  const check = async (name: string, work: () => Promise<string | void>): Promise<void> => {
    const started = performance.now();
    const done = (ok: boolean, said: string): void =>
      void checks.push({ name, ok, said, ms: Math.round(performance.now() - started) });
    try {
      done(true, (await work()) ?? '');
    } catch (error) {
      done(false, error instanceof Error ? error.message : String(error));
      throw new Failed();
    }
  };
  const start = async (app: 'api' | 'worker' | 'data-provider', env: Env): Promise<Running> => {
    const one = await product.start(app, env);
    running.push(one);
    return one;
  };
  try {
    await check('migrate', async () => {
      const done = await product.cli({ ...shape.env, ...shape.migrationEnv }, 'migrate', 'up');
      if (done.code !== 0) throw new Error(`exit code ${done.code}: ${done.output.slice(-300)}`);
      return done.output.trim().split('\n').at(-1) ?? '';
    });
    const shared: Env = {
      REDIS_URL: shape.env['REDIS_URL'],
      NODE_EXTRA_CA_CERTS: shape.env['NODE_EXTRA_CA_CERTS'],
    };
    const provider = await start('data-provider', shared);
    let api: Running | undefined;
    await check('boot', async () => {
      const env = { ...shape.env, SCANI_CLOUD_URL: provider.url };
      const [worker, first] = await Promise.all([start('worker', env), start('api', env)]);
      api = first;
      const degraded = Object.entries((await first.probe('/readyz')).parts).filter(([, part]) => part.state !== 'ok');
      if (degraded.length > 0) throw new Error(`not ok: ${JSON.stringify(degraded)}`);
      return `worker ${(await worker.probe('/readyz')).status}, api ${(await first.probe('/readyz')).status}`;
    });
    const me = new Person(
      () => api?.url ?? '',
      () => shape.mailApi,
    );
    let account = '';
    let holding = '';
    await check('sign-in by mail', () => me.signIn());
    await check('entries', async () => {
      account = await openAccount(me);
      holding = await addHolding(me, account);
      await addTransaction(me, holding, '5');
      const { balance } = await me.must(me.get<{ balance: string }>(`/api/holdings/${holding}`));
      if (balance !== '105') throw new Error(`the balance is ${balance}, not 105`);
    });
    await check('rollup', async () => {
      interface Summary {
        rollup: string;
        value: { amount: string };
      }
      let last: Summary | undefined;
      const took = await within(PATIENCE_MS, async () => {
        last = await me.must(me.get<Summary>('/api/portfolio/summary'));
        return last.rollup === 'ready' && last.value.amount === '210';
      });
      if (took === undefined) throw new Error(`the summary is ${JSON.stringify(last).slice(0, 200)}`);
      return '210 EUR';
    });
    const news = await me.listen();
    await check('import', async () => {
      const { text, total } = statement(60);
      const id = await stageImport(me, account, text);
      await confirm(me, id);
      const { counts } = await importState(me, id, PATIENCE_MS, 'recorded');
      if (counts.recorded !== 60) throw new Error(`${counts.recorded} rows recorded of 60 (${total})`);
    });
    await check('events', async () => {
      const took = await within(5_000, () => news.heard.includes('import') && news.heard.includes('job'));
      news.end();
      if (took === undefined) throw new Error(`heard only ${[...new Set(news.heard)].join(', ') || 'nothing'}`);
    });
    await check('wallet', async () => void (await followWallet(me, EMPTY_WALLET)));
    await check('shared', async () => {
      // Not among those whose logs hold no error: it has to refuse a question.
      const deaf = await product.start('data-provider', { ...shared, ...DEAF });
      const said = await sharedWith(me, deaf, product.cloudKey);
      if ((await deaf.server.end()) !== 0) throw new Error('it does not end with 0');
      return said;
    });
    if (shape.storage) await check('file links', () => fileLinks(shape.storage as StorageSettings));
    await check('limiter', () => limits(shape, api?.url ?? ''));
    await check('log', async () => {
      const errors = running.flatMap((one) =>
        one
          .said()
          .split('\n')
          .filter((line) => /"level":(?:50|60)|all processes share is not used/.test(line)),
      );
      if (errors.length > 0) throw new Error(`${errors.length} errors, the first: ${errors[0]?.slice(0, 300)}`);
    });
    await check('stop', async () => {
      const codes = await Promise.all(
        running
          .splice(0)
          .toReversed()
          .map((one) => one.server.end()),
      );
      if (codes.some((code) => code !== 0)) throw new Error(`exit codes ${codes.join(', ')}`);
    });
  } catch (error) {
    if (!(error instanceof Failed))
      checks.push({ name: 'start', ok: false, said: error instanceof Error ? error.message : String(error), ms: 0 });
  } finally {
    await Promise.all(running.map((one) => one.server.stop()));
  }
  return checks;
}

class Failed extends Error {}

/** Of its sources none answers. */
const NOWHERE = 'http://127.0.0.1:9';
const DEAF: Env = { COINGECKO_URL: NOWHERE, YAHOO_URL: NOWHERE, FINNHUB_URL: NOWHERE };

/** What one data-provider was told another knows; all three processes have told what they asked. */
async function sharedWith(me: Person, deaf: Running, apiKey: string): Promise<string> {
  await me.must(me.get('/api/asset-search?query=bitcoin'));
  const other = new CloudClient({ url: deaf.url, apiKey });
  const matches = await other.searchAssets('bitcoin');
  if (matches.length === 0) throw new Error('another data-provider does not know what the first was told');
  const unknown = await other.searchAssets('ethereum').catch(() => 'refused');
  if (unknown !== 'refused')
    throw new Error('a data-provider without sources answers a question that nobody has asked');
  let told: string[] = [];
  const took = await within(PATIENCE_MS, async () => {
    const { items } = await me.must(me.get<{ items: { process: string }[] }>('/api/admin/egress?limit=200'));
    told = [...new Set(items.map(({ process }) => process))];
    return told.length === 3;
  });
  if (took === undefined) throw new Error(`egress only of ${told.join(', ') || 'nobody'}`);
  return `${matches.length} matches of the other; egress of ${told.toSorted().join(', ')}`;
}

/** An original that was kept comes back by a link for browsers. */
async function fileLinks(settings: StorageSettings): Promise<string> {
  const store = new ObjectStore(settings);
  try {
    const key = 'verify/link.txt';
    const put = await store.presignPut({ key, size: 5, contentType: 'text/plain', expiresSeconds: 60 });
    const host = new URL(put.url).host;
    if (host !== new URL(settings.publicEndpoint).host) throw new Error(`the link leads to ${host}`);
    const sent = await fetch(put.url, { method: 'PUT', headers: put.headers, body: 'hello' });
    const longer = await fetch(put.url, { method: 'PUT', headers: put.headers, body: 'hello again' });
    const got = await fetch(await store.presignGet({ key, expiresSeconds: 60 }));
    const text = await got.text();
    if (!sent.ok || longer.ok || text !== 'hello')
      throw new Error(`put ${sent.status}, longer ${longer.status}, got ${text}`);
    await store.delete(key);
    return `by ${host}`;
  } finally {
    store.close();
  }
}

async function limits(shape: Shape, api: string): Promise<string> {
  const redis = shape.redis();
  try {
    const email = `often-${Date.now()}@example.org`;
    const ask = async (): Promise<number> =>
      (
        await fetch(`${api}/api/sign-in/challenges`, {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify({ email }),
        })
      ).status;
    const statuses: number[] = [];
    for (let count = 0; count < 8; count += 1) statuses.push(await ask());
    if (statuses.at(-1) !== 429 || statuses[0] === 429)
      throw new Error(`eight challenges answered ${statuses.join(' ')}`);
    const keys = await redis.keys('*');
    const counted = keys.some((key) => key.includes(`limit:sign-in-mail:${email}`));
    const foreign = keys.filter((key) => !key.startsWith('{scani}'));
    if (!counted) throw new Error('the count is not in Redis');
    if (foreign.length > 0) throw new Error(`keys outside the one slot: ${foreign.slice(0, 3).join(', ')}`);
    return `${keys.length} keys in one slot`;
  } finally {
    redis.disconnect();
  }
}
