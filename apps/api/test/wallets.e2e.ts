/* eslint-disable @nx/enforce-module-boundaries -- the servers that are played locally live among the tools */
import { rowOf, rowsOf } from '@scani/database';
import { testRedisUrl } from '@scani/jobs/testing';
import { decimal, sum } from '@scani/money';
import { randomBytes } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { DEMO_WALLETS, stranger } from '../../../tools/outside-world/chain.ts';
import { type OutsideWorld, startOutsideWorld } from '../../../tools/outside-world/server.ts';
import { type Person, testApi, type TestApi } from './harness.js';
import { Processes } from './processes.js';

/* Wallets through the real api, worker and data-provider; the chains are played by the outside world in their own formats. */

const PATIENCE_MS = 180_000;
const CLOUD_KEY = `sk_${randomBytes(16).toString('hex')}`;

interface Wallet {
  id: string;
  accountId: string;
  name: string;
  chain: string;
  address: string;
  publicName: string | null;
  explorerUrl: string | null;
  syncedAt: string | null;
  sync: { state: string; done: number } | null;
  problem: { code: string; detail: string; remedy: string } | null;
  gaps: string[];
}
interface Problem {
  code: string;
  detail: string;
  errors?: { pointer: string; detail: string }[];
}

let api: TestApi;
let world: OutsideWorld;
let providers: Processes;
let workers: Processes;
let cloudUrl: string;

beforeAll(async () => {
  providers = new Processes({ LOG_LEVEL: 'warn', LOG_ID_PEPPER: 'a-pepper-for-the-tests' });
  workers = new Processes(providers.settings);
  providers.build('apps/worker', 'apps/data-provider');
  world = await startOutsideWorld();
  cloudUrl = await providers.start('data-provider', { DATA_PROVIDER_API_KEY: CLOUD_KEY, ...world.urls });
  api = await testApi({ SCANI_CLOUD_URL: cloudUrl, SCANI_CLOUD_API_KEY: CLOUD_KEY });
}, PATIENCE_MS);
afterEach(async () => {
  world.heal();
  await workers.stop();
});
afterAll(async () => {
  await providers.stop();
  await api.close();
  await world.close();
});

const startWorker = (): Promise<string> =>
  workers.start('worker', {
    DATABASE_URL: api.db.url,
    POSTGRES_POOL_MAX: '5',
    REDIS_URL: testRedisUrl(),
    SCANI_CLOUD_URL: cloudUrl,
    SCANI_CLOUD_API_KEY: CLOUD_KEY,
    ENCRYPTION_KEY: 'ab'.repeat(32),
  });

async function follow(person: Person, address: string, ...chains: string[]): Promise<Wallet[]> {
  const answer = await person.post<{ items: Wallet[] }>('/api/wallets', { address, chains });
  if (answer.status !== 201) throw new Error(answer.text);
  return answer.body.items;
}

const bitcoin = async (person: Person): Promise<Wallet> =>
  (await follow(person, DEMO_WALLETS.bitcoin, 'bitcoin'))[0] as Wallet;

async function until(person: Person, id: string, good: (wallet: Wallet) => boolean): Promise<Wallet> {
  for (;;) {
    const { body } = await person.get<Wallet>(`/api/wallets/${id}`);
    if (good(body)) return body;
    await pause(50);
  }
}
const settled = (person: Person, id: string): Promise<Wallet> =>
  until(person, id, ({ sync, syncedAt }) => sync === null && syncedAt !== null);

interface Entry {
  kind: string;
  quantity: string;
  external_id: string;
}
/** What the ledger says of an account, with its balances, as text. */
async function ledger(accountId: string): Promise<{ entries: Entry[]; balances: string[] }> {
  const entries = await rowsOf<Entry>(
    api.db.source,
    `select transaction.kind, quantity, external_id from transaction join holding on holding.id = holding_id
     where account_id = $1 order by occurred_at, external_id`,
    [accountId],
  );
  const rows = await rowsOf<{ symbol: string; balance: string }>(
    api.db.source,
    `select symbol, trim_scale(balance) as balance from holding join asset on asset.id = asset_id
     where account_id = $1 and balance > 0 order by 1, 2`,
    [accountId],
  );
  return { entries, balances: rows.map(({ symbol, balance }) => `${symbol} ${balance}`) };
}

// The first to ask for this history, so that nothing of it is remembered by the data-provider yet.
test('a worker that is killed in the middle of a history loses a page at most, and nothing is there twice', async () => {
  const [calm, rough] = [await api.signedIn(), await api.signedIn()];
  const other = await bitcoin(rough);
  // The first page comes, the second one never does.
  world.fail({ service: 'esplora', kind: 'hang', path: '/txs/chain/' });
  await startWorker();
  await until(rough, other.id, ({ sync }) => (sync?.done ?? 0) > 0);
  const part = await ledger(other.accountId);
  expect(part.entries.length).toBeGreaterThan(0);
  workers.kill();
  world.heal();
  await startWorker();
  await settled(rough, other.id);
  const whole = await bitcoin(calm);
  await settled(calm, whole.id);
  const [one, two] = [await ledger(whole.accountId), await ledger(other.accountId)];
  expect(part.entries.length).toBeLessThan(two.entries.length);
  expect(two).toEqual(one);
}, 90_000);

test('a wallet is followed: its history and its balance come by themselves, and a sync again adds nothing', async () => {
  const person = await api.signedIn();
  const wallet = await bitcoin(person);
  expect(wallet).toMatchObject({ chain: 'bitcoin', name: 'Bitcoin', syncedAt: null, sync: { state: 'waiting' } });
  expect(wallet.explorerUrl).toMatch(new RegExp(`^https://.*/address/${DEMO_WALLETS.bitcoin}$`));
  await startWorker();
  const read = await settled(person, wallet.id);
  expect(read).toMatchObject({ problem: null });
  const first = await ledger(wallet.accountId);
  expect(first.entries.length).toBeGreaterThan(50);
  expect(first.entries.map(({ kind }) => kind)).not.toContain('opening-balance');
  const total = sum(first.entries.map(({ quantity }) => decimal(quantity)));
  expect(first.balances).toEqual([`BTC ${total.toString()}`]);

  const asked = await person.post<Wallet>(`/api/wallets/${wallet.id}/sync`);
  expect(asked).toMatchObject({ status: 202, body: { sync: { state: expect.any(String) as string } } });
  const again = await settled(person, wallet.id);
  expect(again.problem).toBeNull();
  expect(await ledger(wallet.accountId)).toEqual(first);
});

test('a source that is limited or away is waited for, the wallet says so, and it comes after all', async () => {
  const person = await api.signedIn();
  // Nobody has asked for it yet, so nothing of it is remembered.
  const [wallet] = (await follow(person, stranger.bitcoin('limited'), 'bitcoin')) as [Wallet];
  world.fail({ service: 'esplora', kind: 'status', status: 429, retryAfterSeconds: 1 });
  await startWorker();
  const limited = await until(person, wallet.id, ({ problem }) => problem !== null);
  expect(limited.problem?.code).toMatch(/^(limited|away|failed|chain-.*)$/);
  expect(limited.problem?.remedy).toMatch(/\.$/);
  expect(limited.sync).not.toBeNull();
  world.heal();
  await api.db.source.query(`update job set run_after = now() where name = 'sync-wallet' and state = 'waiting'`);
  expect(await settled(person, wallet.id)).toMatchObject({ problem: null });
}, 90_000);

test('what cannot be followed is refused, and the answer names the field and the reason', async () => {
  const person = await api.signedIn();
  const refused = async (address: string, ...chains: string[]): Promise<[number, Problem]> => {
    const { status, body } = await person.post<Problem>('/api/wallets', { address, chains });
    return [status, body as unknown as Problem];
  };
  const wrong = '0xD8dA6BF26964aF9D7eEd9e03E53415D37aA96045';
  expect(await refused(wrong, 'ethereum')).toMatchObject([
    422,
    { code: expect.stringMatching(/bad-address|chain-not-offered/) as string },
  ]);
  const [status, typo] = await refused(DEMO_WALLETS.bitcoin.replace('w9re59', 'w9re58'), 'bitcoin');
  expect([status, typo.code, typo.errors?.[0]?.pointer]).toEqual([422, 'bad-address', '/address']);
  expect(typo.detail).toContain('checksum');
  expect(await refused(DEMO_WALLETS.bitcoin, 'dogechain')).toMatchObject([
    422,
    { code: 'unknown-chain', errors: [{ pointer: '/chains/0' }] },
  ]);
  expect(await refused('tb1qw508d6qejxtdg4y5r3zarvary0c5xw7kxpjzsx', 'bitcoin')).toMatchObject([
    422,
    { code: 'bad-address', detail: expect.stringContaining('test network') as string },
  ]);
  await bitcoin(person);
  expect(await refused(DEMO_WALLETS.bitcoin.toUpperCase(), 'bitcoin')).toMatchObject([409, { code: 'wallet-exists' }]);
  const { body } = await person.get<{ items: Wallet[] }>('/api/wallets');
  expect(body.items).toHaveLength(1);
});

test('the same request twice makes one wallet', async () => {
  const person = await api.signedIn();
  const body = { address: DEMO_WALLETS.bitcoinTaproot, chains: ['bitcoin'] };
  const headers = { 'idempotency-key': randomBytes(12).toString('hex') };
  const first = await person.ask('POST', '/api/wallets', body, headers);
  const second = await person.ask('POST', '/api/wallets', body, headers);
  expect([first.status, second.status]).toEqual([201, 201]);
  expect(second.body).toEqual(first.body);
});

test('a text is looked up before it is added: where it is an address, and where it is followed already', async () => {
  const person = await api.signedIn();
  const lookUp = async (text: string) =>
    (
      await person.get<{ places: { chain: { id: string }; walletId: string | null }[]; problem: string | null }>(
        `/api/wallets/address?text=${encodeURIComponent(text)}`,
      )
    ).body;
  expect(await lookUp(`  ${DEMO_WALLETS.bitcoin} `)).toMatchObject({
    problem: null,
    places: [{ chain: { id: 'bitcoin', offered: true }, address: DEMO_WALLETS.bitcoin, walletId: null }],
  });
  const { id } = await bitcoin(person);
  expect(await lookUp(DEMO_WALLETS.bitcoin)).toMatchObject({ places: [{ walletId: id }] });
  expect(await lookUp('what is this')).toMatchObject({ places: [], problem: expect.stringMatching(/\.$/) as string });
});

test('put away it is asked for no more; added again it goes on in the account that it had', async () => {
  const person = await api.signedIn();
  await startWorker();
  const wallet = await bitcoin(person);
  await settled(person, wallet.id);
  const before = await ledger(wallet.accountId);
  expect((await person.ask('DELETE', `/api/wallets/${wallet.id}`)).status).toBe(204);
  expect((await person.ask('DELETE', `/api/wallets/${wallet.id}`)).status).toBe(404);
  expect((await person.post(`/api/wallets/${wallet.id}/sync`)).status).toBe(404);
  expect((await person.get<{ items: Wallet[] }>('/api/wallets')).body.items).toEqual([]);
  expect(await ledger(wallet.accountId)).toEqual(before);
  const again = await bitcoin(person);
  expect([again.id, again.accountId]).toEqual([wallet.id, wallet.accountId]);
  await settled(person, wallet.id);
  expect(await ledger(wallet.accountId)).toEqual(before);
});

test('two people who follow one address have it each for themselves', async () => {
  const [ada, eve] = [await api.signedIn(), await api.signedIn()];
  const [hers, theirs] = [await bitcoin(ada), await bitcoin(eve)];
  expect(hers.id).not.toBe(theirs.id);
  await startWorker();
  await settled(ada, hers.id);
  await settled(eve, theirs.id);
  expect(await ledger(theirs.accountId)).toEqual(await ledger(hers.accountId));
  expect((await ada.ask('DELETE', `/api/wallets/${theirs.id}`)).status).toBe(404);
  expect((await eve.get<{ items: Wallet[] }>('/api/wallets')).body.items.map(({ id }) => id)).toEqual([theirs.id]);
});

test('the hourly look reads in full those alone whose balance has changed', async () => {
  const person = await api.signedIn();
  await startWorker();
  const wallet = await bitcoin(person);
  await settled(person, wallet.id);
  const look = async (): Promise<void> => {
    const job = await rowOf<{ id: string }>(
      api.db.source,
      `insert into job (id, name, key, title, payload) values (gen_random_uuid(), 'sync-wallets', 'all', 'look', '{}') returning id`,
    );
    for (;;) {
      const row = await rowOf<{ state: string }>(api.db.source, 'select state from job where id = $1', [job?.id]);
      if (row?.state === 'completed') return;
      await pause(50);
    }
  };
  const reads = async (): Promise<number> =>
    (
      await rowOf<{ n: number }>(
        api.db.source,
        `select count(*)::int as n from job where name = 'sync-wallet' and key = $1`,
        [wallet.id],
      )
    )?.n ?? 0;
  await look();
  expect(await reads()).toBe(1);
  // As if something had happened since: what the ledger holds is not what the chain shows.
  await api.db.source.query('update holding set balance = balance + 1 where account_id = $1', [wallet.accountId]);
  await look();
  expect(await reads()).toBe(2);
  await settled(person, wallet.id);
});

test('an admin has it verified with a sync of a wallet of theirs, and it fails when the sync does not get through', async () => {
  const admin = await api.signedIn();
  await api.db.source.query(`update users set role = 'admin' where lower(email) = lower($1)`, [admin.email]);
  const verify = async (): Promise<{ name: string; state: string; sentence: string }[]> => {
    interface Verification {
      state: string;
      startedAt: string;
      steps: { name: string; state: string; sentence: string }[];
    }
    const AT = '/api/admin/tier-verification';
    await admin.post<Verification>(AT);
    for (;;) {
      const { body } = await admin.get<Verification>(AT);
      if (body.state !== 'running') return body.steps;
      await pause(100);
    }
  };
  const stepOf = async (): Promise<object | undefined> => (await verify()).find(({ name }) => name === 'sync');
  await startWorker();
  expect(await stepOf()).toMatchObject({ state: 'skipped', sentence: expect.stringContaining('no wallet') as string });
  const wallet = await bitcoin(admin);
  await settled(admin, wallet.id);
  expect(await stepOf()).toMatchObject({ state: 'ok', sentence: expect.stringContaining('Bitcoin') as string });
  await admin.ask('DELETE', `/api/wallets/${wallet.id}`);
  await follow(admin, stranger.bitcoin('broken'), 'bitcoin');
  world.fail({ service: 'esplora', kind: 'malformed' });
  expect(await stepOf()).toMatchObject({ state: 'failed' });
}, 120_000);

test('a name on several chains at once: one wallet with an account for each, whose histories explain what is in them', async () => {
  const person = await api.signedIn();
  const { body: found } = await person.get<{ name: string; places: { chain: { id: string }; address: string }[] }>(
    '/api/wallets/address?text=VITALIK.eth',
  );
  expect(found).toMatchObject({ name: 'vitalik.eth', problem: null });
  expect(found.places.map(({ chain }) => chain.id)).toEqual(expect.arrayContaining(['ethereum', 'base', 'polygon']));
  const wallets = await follow(person, 'vitalik.eth', 'ethereum', 'base', 'arbitrum-one');
  expect(wallets.map(({ name, publicName, address }) => [name, publicName, address])).toEqual(
    ['Ethereum', 'Base', 'Arbitrum One'].map((name) => [name, 'vitalik.eth', DEMO_WALLETS.evm]),
  );
  await startWorker();
  for (const { id } of wallets) expect(await settled(person, id)).toMatchObject({ problem: null });

  const institutions = await rowsOf<{ name: string; accounts: number }>(
    api.db.source,
    `select institution.name, count(*)::int as accounts from wallet join account on account.id = wallet.account_id
     join institution on institution.id = account.institution_id where wallet.id = any($1) group by institution.id`,
    [wallets.map(({ id }) => id)],
  );
  expect(institutions).toEqual([{ name: 'vitalik.eth', accounts: 3 }]);
  const unexplained = await rowsOf(
    api.db.source,
    `select symbol, chain, holding.balance, (select sum(quantity) from transaction where holding_id = holding.id) as explained
     from holding join asset on asset.id = asset_id join wallet using (account_id)
     where wallet.id = any($1) and (exists (
         select 1 from transaction where holding_id = holding.id and kind = 'opening-balance')
       or holding.balance <> (select sum(quantity) from transaction where holding_id = holding.id))`,
    [wallets.map(({ id }) => id)],
  );
  expect(unexplained).toEqual([]);

  const { body } = await person.get<{
    items: { asset: { id: string; symbol: string }; account: { name: string }; counted: boolean; uncounted: string }[];
  }>('/api/holdings?limit=200');
  const of = (symbol: string) => body.items.filter(({ asset }) => asset.symbol === symbol);
  expect(new Set(of('ETH').map(({ asset }) => asset.id)).size).toBe(1);
  expect(new Set(of('USDC').map(({ asset }) => asset.id)).size).toBe(3);
  const spam = body.items.find(({ asset }) => asset.symbol.startsWith('Visit'));
  expect(spam).toMatchObject({ counted: false, uncounted: 'scam' });
  expect([...of('ETH'), ...of('USDC')].every(({ counted }) => counted)).toBe(true);
}, 120_000);

test('a name that leads nowhere, and a mistyped letter, are told apart', async () => {
  const person = await api.signedIn();
  const problem = async (text: string): Promise<string> =>
    (await person.get<{ problem: string }>(`/api/wallets/address?text=${encodeURIComponent(text)}`)).body.problem;
  expect(await problem('nobody-has-this.eth')).toMatch(/^This name leads nowhere: /);
  expect(await problem(DEMO_WALLETS.evm.replace('d8dA', 'D8dA'))).toMatch(/^This looks like .* checksum/);
  expect(await problem(DEMO_WALLETS.evm.slice(0, -1))).toMatch(/hexadecimal digits\.$/);
});

test('a wallet of every family is read to its end, and what is in it is what its history leaves', async () => {
  const person = await api.signedIn();
  await startWorker();
  for (const [chain, address] of [
    ['solana', DEMO_WALLETS.solana],
    ['tron', DEMO_WALLETS.tron],
    ['ton', DEMO_WALLETS.ton],
  ] as const) {
    const [wallet] = (await follow(person, address, chain)) as [Wallet];
    expect([chain, (await settled(person, wallet.id)).problem]).toEqual([chain, null]);
    const { entries, balances } = await ledger(wallet.accountId);
    expect([chain, entries.length > 0, balances.length > 0]).toEqual([chain, true, true]);
    expect([chain, entries.filter(({ kind }) => kind === 'opening-balance')]).toEqual([chain, []]);
  }
}, 120_000);

test('two hundred wallets at most, also of those who add many at once', async () => {
  const person = await api.signedIn();
  const { id: userId } = (await person.get<{ id: string }>('/api/me')).body;
  await api.db.source.query(
    `with place as (insert into institution (id, user_id, name, kind) values (gen_random_uuid(), $1, 'Many', 'wallet') returning id),
       account as (insert into account (id, user_id, institution_id, name, kind, currency)
         select gen_random_uuid(), $1, place.id, 'Chain ' || n, 'asset', 'EUR' from place, generate_series(1, 198) as n returning id, name)
     insert into wallet (id, user_id, account_id, chain, chain_name, explorer, address)
       select gen_random_uuid(), $1, account.id, 'none', 'None', 'https://explorer.example', account.name from account`,
    [userId],
  );
  const answers = await Promise.all(
    Array.from({ length: 6 }, (_, n) =>
      person.post<{ code?: string }>('/api/wallets', { address: stranger.bitcoin(`many ${n}`), chains: ['bitcoin'] }),
    ),
  );
  expect(answers.filter(({ status }) => status === 201)).toHaveLength(2);
  expect(answers.map(({ body }) => body.code).filter((code) => code !== undefined)).toEqual(
    Array.from({ length: 4 }, () => 'too-many-wallets'),
  );
});
