import { setTimeout as pause } from 'node:timers/promises';
import { say } from '../stack/screen.ts';
import { certificates } from './certificates.ts';
import { type Checks, must } from './checks.ts';
import {
  addHolding,
  confirm,
  EMPTY_WALLET,
  followWallet,
  importState,
  openAccount,
  stageImport,
  statement,
} from './deeds.ts';
import { ask, inLedger, Load } from './faults.load.ts';
import { service } from './faults.rolling.ts';
import type { Parts } from './parts.ts';
import { Person } from './person.ts';
import { type Env, Product, type Running, within } from './product.ts';
import { table } from './table.ts';
import { HostedSide } from './tiers.hosted.ts';
import { askAll, buyCoins, settled } from './tiers.recording.ts';

const ROLE = { name: 'scani', password: 'of-the-role', database: 'switched' };
const PRE_STOP_MS = 1_000;
const CALM_MS = 2_000;
const FRESH_SECONDS = 900;

interface Figures {
  worth: string;
  history: string;
  sessions: number;
}

/** An installation of two apis and a worker behind one address, whose data-provider can be exchanged. */
class Installation {
  readonly product: Product;
  readonly url: string;
  private readonly front: Awaited<ReturnType<typeof service>>;
  private apis: Running[] = [];
  worker!: Running;

  constructor(product: Product, url: string, front: Awaited<ReturnType<typeof service>>) {
    this.product = product;
    this.url = url;
    this.front = front;
  }

  get base(): string {
    return `http://127.0.0.1:${this.front.port}`;
  }

  get running(): readonly Running[] {
    return [...this.apis, this.worker];
  }

  async start(env: Env): Promise<void> {
    this.apis = [await this.product.start('api', env), await this.product.start('api', env)];
    for (const one of this.apis) this.front.members.add(portOf(one.url));
    this.worker = await this.product.start('worker', env);
  }

  /** As an orchestrator does it: a new process is ready before the old one is told to end. */
  async roll(env: Env): Promise<string> {
    const codes: (number | null)[] = [];
    for (const [at, old] of this.apis.entries()) {
      const fresh = await this.product.start('api', env);
      this.front.members.add(portOf(fresh.url));
      this.front.members.delete(portOf(old.url));
      this.apis[at] = fresh;
      await pause(PRE_STOP_MS);
      codes.push(await old.server.end());
    }
    const old = this.worker;
    this.worker = await this.product.start('worker', env);
    codes.push(await old.server.end());
    must(
      codes.every((code) => code === 0),
      `exit codes ${codes.join(', ')}`,
    );
    const lines = this.running.map((one) => /tier=\w+ cloudUrl=[^\s"]+/.exec(one.said())?.[0]);
    must(new Set(lines).size === 1, `they say ${lines.join(', ')}`);
    return lines[0] ?? '';
  }

  async end(): Promise<void> {
    for (const one of this.running) await one.server.end();
    this.front.close();
  }
}

const portOf = (url: string): number => Number(new URL(url).port);

/** T1, T5, T7: two variables, there and back, while people are at work. */
export async function switching(parts: Parts, checks: Checks, outside: Env): Promise<void> {
  const mails = { local: await parts.mail('local-mail'), hosted: await parts.mail('hosted-mail') };
  const made = await certificates(parts.home, 'switched');
  const redis = await parts.plainRedis('switched-redis');
  const shared = { local: redis.url, hosted: (await parts.plainRedis('hosted-redis')).url };
  const sideOf = (mail: keyof typeof mails): Product =>
    new Product(parts, {
      ...outside,
      REDIS_URL: shared[mail],
      SMTP_URL: mails[mail].smtpUrl,
      SMTP_FROM: `${mail} <scani@example.org>`,
    });
  const [ours, theirs] = [sideOf('local'), sideOf('hosted')];
  let local = await ours.start('data-provider');
  const hosted = new HostedSide(portOf((await theirs.start('data-provider')).url), made, '127.0.0.1');
  await hosted.listen();

  const url = await (await parts.postgres('switched')).database(ROLE);
  const tier1: Env = { SCANI_CLOUD_URL: local.url, SCANI_CLOUD_API_KEY: ours.cloudKey };
  const tier2: Env = { SCANI_CLOUD_URL: hosted.url, SCANI_CLOUD_API_KEY: theirs.cloudKey };
  const product = new Product(parts, {
    DATABASE_URL: url,
    POSTGRES_POOL_MAX: '5',
    REDIS_URL: redis.url,
    FRONTEND_URL: 'http://scani.test',
    NODE_EXTRA_CA_CERTS: made.ca,
  });
  must((await product.cli({}, 'migrate', 'up')).code === 0, 'the migrations failed');
  const house = new Installation(product, url, await service());
  await house.start(tier1);

  const [quiet, busy] = [new Person(() => house.base, mails.local.api), new Person(() => house.base, mails.local.api)];
  await quiet.signIn();
  await busy.signIn();
  const account = await openAccount(quiet);
  await addHolding(quiet, account);
  const ownAccount = await openAccount(busy);
  await buyCoins(busy, ownAccount, '0.5');
  const load = new Load(busy, await addHolding(busy, ownAccount));
  await settled(url);
  const before = await figures(quiet, url);
  const phases: Phase[] = [];
  const phase = (name: string): void => void phases.push({ name, from: performance.now() });
  phase('tier 1');
  load.start(() => house.running);
  await pause(CALM_MS);

  await checks.check('tier check says yes before the switch, and no to the wrong key', () =>
    preflight(product, hosted, tier2, made.ca),
  );
  await checks.check('tier 1 → 2: two variables, one process after the other', async () => {
    phase('1 → 2');
    const line = await house.roll(tier2);
    must(line.startsWith('tier=tier2 cloudUrl=https://'), line);
    must((await local.server.end()) === 0, 'the local data-provider did not end with 0');
    return `${line}; the local data-provider is gone`;
  });
  phase('tier 2');
  const askedBefore = hosted.crossed.length;
  await checks.check('there: fresh prices, an import, a sign-in by their mail', () =>
    works(house, quiet, mails.hosted.api, url),
  );
  await checks.check('there: all was asked of them, with their key', () => {
    const since = hosted.crossed.slice(askedBefore);
    must(
      since.length > 0 && since.every(({ key, status }) => key === theirs.cloudKey && status < 300),
      'not all was answered well',
    );
    return `${since.length} questions`;
  });
  await checks.check('there: figures, history and sessions are as before', async () =>
    same(before, await figures(quiet, url)),
  );
  await checks.check('tier 2 → 1: the two variables as they were', async () => {
    local = await ours.start('data-provider', {}, portOf(local.url));
    phase('2 → 1');
    const line = await house.roll(tier1);
    must(line.startsWith('tier=tier1 '), line);
    return line;
  });
  phase('tier 1 again');
  const askedAfter = hosted.crossed.length;
  await checks.check('back: fresh prices, an import, a sign-in by our own mail', () =>
    works(house, quiet, mails.local.api, url),
  );
  await checks.check('back: figures, history and sessions are as before', async () => {
    must(hosted.crossed.length === askedAfter, 'the hosted one was still asked');
    return same(before, await figures(quiet, url));
  });
  await pause(CALM_MS);
  await load.stop();
  await checks.check('under load: no request failed, nobody was signed out', () => {
    const failed = load.seen.filter(({ status }) => status < 200 || status > 299);
    const words = [...new Set(failed.map(({ status, code }) => `${status} ${code}`))].join(', ');
    must(load.seen.length > 100, `only ${load.seen.length} requests`);
    must(failed.length === 0, `${failed.length} of ${load.seen.length}: ${words}`);
    must(load.dead.length === 0, `/livez: ${load.dead.join(', ')}`);
    return `${load.seen.length} requests, 0 failed, slowest ${Math.max(...load.seen.map(({ ms }) => ms))} ms`;
  });
  await checks.check('entries and jobs: none lost, none doubled', async () => {
    const jobs = await settled(url);
    const { missing, doubled } = await inLedger(url, load.meant);
    must(missing.length === 0 && doubled.length === 0, `${missing.length} missing, ${doubled.length} doubled`);
    const again = await ask<{ count: number }>(url, 'select count(*)::int as count from job where attempts > 1');
    return `${load.meant.length} entries once each; ${jobs} jobs completed, ${again[0]?.count} of them at a later try`;
  });
  say('');
  tellPhases(load, phases);
  await house.end();
  await hosted.close();
}

interface Phase {
  name: string;
  from: number;
}

function tellPhases(load: Load, phases: readonly Phase[]): void {
  const rows = phases.map(({ name, from }, at) => {
    const until = phases[at + 1]?.from ?? Infinity;
    const seen = load.seen.filter((one) => one.at >= from && one.at < until);
    const failed = seen.filter(({ status }) => status < 200 || status > 299).length;
    const slowest = Math.max(0, ...seen.map(({ ms }) => ms));
    return [name, String(seen.length), String(failed), `${slowest} ms`];
  });
  table(['', 'requests', 'failed', 'slowest'], rows);
}

/** D9: asked before anything is changed. */
async function preflight(product: Product, hosted: HostedSide, env: Env, ca: string): Promise<string> {
  const check = (key: string | undefined) =>
    product.cli({ SCANI_CLOUD_API_KEY: key, NODE_EXTRA_CA_CERTS: ca }, 'tier', 'check', '--url', hosted.url);
  const good = await check(env['SCANI_CLOUD_API_KEY']);
  const wrong = await check('a-key-that-nobody-has-issued');
  must(good.code === 0, good.output.slice(-400));
  must(wrong.code === 1 && wrong.output.includes('key-unknown'), wrong.output.slice(-400));
  return 'exit codes 0 and 1';
}

/** T8 by hand, and a mail. */
async function works(house: Installation, who: Person, mailApi: string, url: string): Promise<string> {
  await askAll(url, ['refresh-prices']);
  const newcomer = new Person(() => house.base, mailApi);
  await newcomer.signIn();
  const own = await openAccount(newcomer);
  const real = await stageImport(newcomer, own, statement(20).text);
  await confirm(newcomer, real);
  await importState(newcomer, real, 30_000, 'recorded');
  await followWallet(newcomer);
  const { items: wallets } = await who.must(who.get<{ items: object[] }>('/api/wallets'));
  if (wallets.length === 0) await followWallet(who, EMPTY_WALLET);
  await pricesAsked(url);
  return `${await freshPrices(url)}; 20 rows recorded; a wallet read; signed in; the page of admins: ${await verified(who)}`;
}

/** All else never comes to rest while people are at work. */
async function pricesAsked(url: string): Promise<void> {
  let open: { state: string; error: object | null }[] = [];
  const took = await within(30_000, async () => {
    open = await ask(
      url,
      `select state, error from job where name = 'refresh-prices' and state not in ('completed', 'cancelled')`,
    );
    return open.length === 0;
  });
  must(took !== undefined, `the job for prices: ${JSON.stringify(open)}`);
}

interface Verification {
  state: string;
  steps: { name: string; state: string; sentence: string }[];
}

/** What an admin has tried by the console. */
async function verified(admin: Person): Promise<string> {
  const path = '/api/admin/tier-verification';
  let seen = await admin.must(admin.post<Verification>(path));
  await within(60_000, async () => {
    seen = await admin.must(admin.get<Verification>(path));
    return seen.state !== 'running';
  });
  const words = seen.steps.map(({ name, state }) => `${name} ${state}`).join(', ');
  must(
    seen.state === 'passed' && words.includes('sync ok'),
    `${words}: ${JSON.stringify(seen.steps.find(({ state }) => state === 'failed'))}`,
  );
  return words;
}

/** A price that has not moved since is not written twice, so the age of what there is counts. */
async function freshPrices(url: string): Promise<string> {
  const rows = await ask<{ symbol: string; source: string; age: number; problem: string | null }>(
    url,
    `select asset.symbol, price.source, problem, extract(epoch from now() - price.at)::int as age
     from price_watch join asset on asset.id = price_watch.asset_id
     cross join lateral (select source, at from price where price.asset_id = asset.id and user_id is null
                         order by at desc limit 1) as price
     where asset.kind = 'crypto'`,
  );
  must(rows.length > 0, 'there is no price');
  for (const { symbol, age, problem } of rows) {
    must(problem === null, `${symbol}: ${problem}`);
    must(age < FRESH_SECONDS, `the price of ${symbol} is ${age} s old`);
  }
  return rows.map(({ symbol, source, age }) => `${symbol} by ${source}, ${age} s old`).join(', ');
}

async function figures(who: Person, url: string): Promise<Figures> {
  const { value } = await who.must(who.get<{ value: object }>('/api/portfolio/summary'));
  const history = await who.must(who.get('/api/portfolio/history?scope=user&range=1M'));
  const [sessions] = await ask<{ count: number }>(
    url,
    `select count(*)::int as count from session join users on users.id = session.user_id where lower(email) = lower($1)`,
    [who.email],
  );
  return { worth: JSON.stringify(value), history: JSON.stringify(history), sessions: sessions?.count ?? 0 };
}

function same(before: Figures, now: Figures): string {
  for (const name of ['worth', 'history', 'sessions'] as const)
    must(
      before[name] === now[name],
      `${name} was ${String(before[name]).slice(0, 120)} and is ${String(now[name]).slice(0, 120)}`,
    );
  return `${now.worth.slice(0, 60)}, ${now.sessions} session`;
}
