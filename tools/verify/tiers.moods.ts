import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { certificates } from './certificates.ts';
import { type Checks, must } from './checks.ts';
import {
  addHolding,
  confirm,
  followWallet,
  importState,
  openAccount,
  recordPicture,
  sendPicture,
  stageImport,
  statement,
} from './deeds.ts';
import { ask } from './faults.load.ts';
import type { Parts } from './parts.ts';
import { Person } from './person.ts';
import { type Env, Product, type Running, within } from './product.ts';
import { HostedSide, type Mood } from './tiers.hosted.ts';
import { askAll, buyCoins, settled } from './tiers.recording.ts';

const ROLE = { name: 'scani', password: 'of-the-role', database: 'moods' };
const SEEN_MS = 45_000;
const MOOD_MS = 20_000;
/** Longest pause that a job was told, or took by itself, and some room. */
const AFTER_MS = 180_000;

interface House {
  api: Running;
  worker: Running;
  url: string;
  hosted: HostedSide;
  mailApi: string;
  me: Person;
  account: string;
  /** The id of one that was read while all was well. */
  wallet: string;
}

/** T6: a hosted side that is limited, slow or away slows the worker down and loses nothing. */
export async function moods(parts: Parts, checks: Checks, outside: Env): Promise<void> {
  const mail = await parts.mail('moods-mail');
  const made = await certificates(parts.home, 'moods');
  const theirs = new Product(parts, {
    ...outside,
    REDIS_URL: (await parts.plainRedis('their-redis')).url,
    SMTP_URL: mail.smtpUrl,
    SMTP_FROM: 'scani@example.org',
  });
  const hosted = new HostedSide(portOf((await theirs.start('data-provider')).url), made, '127.0.0.1');
  await hosted.listen();
  const url = await (await parts.postgres('moods')).database(ROLE);
  const product = new Product(parts, {
    DATABASE_URL: url,
    POSTGRES_POOL_MAX: '5',
    WORKER_CONCURRENCY: '4',
    REDIS_URL: (await parts.plainRedis('moods-redis')).url,
    FRONTEND_URL: 'http://scani.test',
    NODE_EXTRA_CA_CERTS: made.ca,
    SCANI_CLOUD_URL: hosted.url,
    SCANI_CLOUD_API_KEY: theirs.cloudKey,
  });
  must((await product.cli({}, 'migrate', 'up')).code === 0, 'the migrations failed');
  const [api, worker] = [await product.start('api'), await product.start('worker')];
  const me = new Person(() => api.url, mail.api);
  await me.signIn();
  const account = await openAccount(me);
  await buyCoins(me, account, '0.5');
  const { id: wallet } = await followWallet(me);
  await settled(url);
  const house: House = { api, worker, url, hosted, mailApi: mail.api, me, account, wallet };
  for (const mood of ['limited', 'slow', 'gone'] as const)
    await checks.check(`${mood}: everything else works, and after it nothing is lost`, () => lived(house, mood));
  await worker.server.end();
  await api.server.end();
  await hosted.close();
}

const portOf = (url: string): number => Number(new URL(url).port);

async function lived(house: House, mood: Mood): Promise<string> {
  const { hosted, url, worker, me, account, wallet } = house;
  const before = hosted.crossed.length;
  const synced = await syncs(house);
  await hosted.set(mood);
  await wanted(house);
  await me.must(me.post(`/api/wallets/${wallet}/sync`));
  const picture = await sendPicture(me, account);
  const newcomer = new Person(() => house.api.url, house.mailApi);
  const { status } = await newcomer.post('/api/sign-in/challenges', { email: newcomer.email });
  must(status < 300, `sign-in was refused with ${status}`);
  const rest = await elsewhere(house);
  if (mood !== 'slow') await seen(house, mood);
  await pause(MOOD_MS);
  const asked = hosted.crossed.length - before;
  const lost = await ask<{ name: string; error: string }>(
    url,
    `select name, error::text from job where state = 'failed'`,
  );
  must(lost.length === 0, lost.map(({ name, error }) => `${name} was given up: ${error}`).join('; '));
  must((await worker.probe('/livez')).status === 200, 'the worker is not alive');
  await hosted.set('open');
  const done = performance.now();
  await newcomer.mailedCode(AFTER_MS);
  await recordPicture(me, picture, AFTER_MS);
  const jobs = await settled(url, AFTER_MS);
  const late = Math.round((performance.now() - done) / 1_000);
  const [gaps] = await ask<{ count: number }>(
    url,
    'select count(*)::int as count from price_watch where asked_to is null',
  );
  must(gaps?.count === 0, `${gaps?.count} assets have no history`);
  const { problem } = await me.must(me.get<{ problem: object | null }>(`/api/wallets/${wallet}`));
  must(problem === null && (await syncs(house)) > synced, `the wallet was not read: ${JSON.stringify(problem)}`);
  return `${rest}; ${asked} questions meanwhile; ${late} s after it all ${jobs} jobs were done, the wallet and the picture were read and the mail was there`;
}

/** How often the wallet has been read to its end. */
async function syncs({ url, wallet }: House): Promise<number> {
  const [done] = await ask<{ count: number }>(
    url,
    `select count(*)::int as count from job where name = 'sync-wallet' and key = $1 and state = 'completed'`,
    [wallet],
  );
  return done?.count ?? 0;
}

/** Work for the data-provider: the hourly prices, and histories that nobody has asked for yet. */
async function wanted({ url }: House): Promise<void> {
  await askAll(url, ['refresh-prices']);
  await ask(
    url,
    `insert into price_watch (asset_id, wanted_from)
     select asset_id, current_date - 30 from asset_identity join asset on asset.id = asset_id
     where asset.kind = 'fiat' and symbol in (select symbol from asset where kind = 'fiat' and symbol <> 'USD' order by random() limit 6)
     on conflict (asset_id) do update set wanted_from = least(price_watch.wanted_from, excluded.wanted_from) - 1`,
  );
  await ask(
    url,
    `insert into job (id, name, key, title, payload, run_after, cancellable)
     select gen_random_uuid(), 'backfill-prices', asset_id::text, 'Price history', json_build_object('assetId', asset_id), now(), false
     from price_watch on conflict do nothing`,
  );
}

/** What needs no data-provider, in the time in which people expect it. */
async function elsewhere({ me, account }: House): Promise<string> {
  const took: number[] = [];
  for (const path of ['/api/portfolio/summary', '/api/holdings', '/api/accounts', '/api/me']) {
    const { status, ms } = await me.get(path);
    must(status === 200 && ms < 2_000, `${path} answered ${status} in ${ms} ms`);
    took.push(ms);
  }
  await addHolding(me, (await me.must(me.get<{ items: { id: string }[] }>('/api/accounts'))).items[0]?.id ?? account);
  const id = await stageImport(me, account, statement(10).text);
  await confirm(me, id);
  await importState(me, id, SEEN_MS, 'recorded');
  const { status, body, ms } = await me.get<{ unavailable: string | null }>(`/api/asset-search?query=${randomUUID()}`);
  must(status === 200 && ms < 13_000, `search answered ${status} in ${ms} ms`);
  return `pages in ${Math.max(...took)} ms, an import recorded, search ${body.unavailable ? 'says that it is away' : 'works'}`;
}

/** Jobs wait, and say why. */
async function seen({ url }: House, mood: Mood): Promise<void> {
  const wanted = mood === 'limited' ? 'limited' : 'unreachable';
  let rows: { state: string; error: { code: string; detail: string } | null }[] = [];
  const took = await within(SEEN_MS, async () => {
    rows = await ask(url, `select state, error from job where name = 'backfill-prices' and state <> 'completed'`);
    return rows.some(({ state, error }) => state === 'waiting' && error?.code === wanted);
  });
  must(took !== undefined, `no job waits and says ${wanted}: ${JSON.stringify(rows).slice(0, 300)}`);
}
