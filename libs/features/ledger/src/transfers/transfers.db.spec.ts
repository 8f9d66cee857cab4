import { CloudClient } from '@scani/cloud';
import { type Db, rowsOf } from '@scani/database';
import { testDatabase, type TestDatabase } from '@scani/database/testing';
import { EventPublisher, JobQueue } from '@scani/jobs';
import { AssetsService, PricesService } from '@scani/market';
import { decimal } from '@scani/money';
import { Conflict, Invalid, NotFound } from '@scani/runtime';
import type { TransactionKind } from '@scani/domain';
import { randomUUIDv7 } from 'node:crypto';
import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { CorrectionsService } from '../corrections.service.js';
import { LedgerQueries } from '../ledger.queries.js';
import { LedgerService } from '../ledger.service.js';
import { TransferJobs } from './link-transfers.job.js';
import { TransferRulesService } from './transfer-rules.service.js';
import { TransfersQueries } from './transfers.queries.js';
import { TransfersService } from './transfers.service.js';

let db: TestDatabase;
let jobs: TransferJobs;
let transfers: TransfersService;
let rules: TransferRulesService;
let ledger: LedgerService;
const queries = new TransfersQueries();
let me: string;
let euro: string;

beforeAll(async () => {
  db = await testDatabase();
  const queue = new JobQueue();
  const assets = new AssetsService(db.source, new CloudClient({ url: 'http://127.0.0.1:9', apiKey: 'not-asked-here' }));
  ledger = new LedgerService(new LedgerQueries(), new PricesService(db.source, assets, queue), queue);
  // Nobody listens, so news is lost, as it may be.
  const deaf = { publish: () => Promise.resolve(0) };
  jobs = new TransferJobs(db.source, queue, new EventPublisher(deaf as never));
  transfers = new TransfersService(db.source, queries, queue);
  rules = new TransferRulesService(db.source, queue);
  euro = await assets.currencyId(db.source, 'EUR', '');
});
afterAll(() => db.drop());

beforeEach(async () => {
  me = randomUUIDv7();
  await db.source.query(`insert into users (id, email, role) values ($1, $2, 'owner')`, [me, `${me}@example.org`]);
});

async function account(name: string, kind = 'bank', institution = randomUUIDv7()): Promise<string> {
  const id = randomUUIDv7();
  await db.source.query(
    `insert into institution (id, user_id, name, kind) values ($1, $2, $4, $3) on conflict do nothing`,
    [institution, me, kind, institution],
  );
  await db.source.query(
    `insert into account (id, user_id, institution_id, name, kind, currency) values ($1, $2, $3, $4, 'asset', 'EUR')`,
    [id, me, institution, name],
  );
  return id;
}

interface Said {
  at?: string;
  assetId?: string;
  description?: string;
  counterparty?: string;
  kind?: TransactionKind;
  raw?: object;
}

/** Records one entry and tells its id. */
async function moved(accountId: string, quantity: string, said: Said = {}): Promise<string> {
  const externalId = randomUUIDv7();
  const kind = said.kind ?? (quantity.startsWith('-') ? 'withdraw' : 'deposit');
  await db.source.transaction((tx) =>
    ledger.record(tx, {
      userId: me,
      accountId,
      source: 'test',
      observations: [],
      transactions: [
        {
          assetId: said.assetId ?? euro,
          kind,
          quantity: decimal(quantity),
          occurredAt: new Date(said.at ?? '2026-03-01T10:00:00Z'),
          externalId,
          ...(said.description ? { description: said.description } : {}),
          ...(said.counterparty ? { counterparty: said.counterparty } : {}),
          ...(said.raw ? { raw: said.raw } : {}),
        },
      ],
    }),
  );
  const [row] = await rowsOf<{ id: string }>(db.source, 'select id from transaction where external_id = $1', [
    externalId,
  ]);
  return (row as { id: string }).id;
}

const decided = async () => (await queries.decided(db.source, me, 100, undefined)).items;
const open = async () => (await queries.reviews(db.source, me, { limit: 100 })).items;
const groupOf = async (id: string) =>
  (
    await rowsOf<{ transfer_group_id: string | null }>(
      db.source as Db,
      'select transfer_group_id from transaction where id = $1',
      [id],
    )
  )[0]?.transfer_group_id;
/** Everything that the search may change. */
const state = () =>
  rowsOf<Record<string, unknown>>(
    db.source,
    `select transaction.id, transfer_group.id as group_id, transfer_group.verdict, transfer_group.decided_by,
       transfer_review.transaction_id is not null as review
     from transaction left join transfer_group on transfer_group.id = transaction.transfer_group_id
     left join transfer_review on transfer_review.transaction_id = transaction.id
     where transaction.user_id = $1 order by transaction.id`,
    [me],
  );
const clearJobs = () => db.source.query('delete from job');
const jobNames = async () =>
  (await rowsOf<{ name: string }>(db.source, 'select name from job order by name')).map((row) => row.name);

describe('the search', () => {
  test('what was found at once is listed page by page, the latest first, and nothing is lost between pages', async () => {
    const [bank, broker] = [await account('Bank'), await account('Broker')];
    const hours = Array.from({ length: 13 }, (_, index) => index * 5);
    for (const hour of hours.toReversed()) {
      const at = new Date(Date.parse('2026-03-01T00:00:00Z') + hour * 3_600_000).toISOString();
      await moved(bank, '-70', { at });
      await moved(broker, '70', { at });
    }
    await jobs.link(me);
    const seen: string[] = [];
    for (let cursor: string | undefined; ;) {
      const page = await queries.decided(db.source, me, 4, cursor);
      seen.push(...page.items.map(({ entries }) => entries[0]?.occurredAt ?? ''));
      if (page.nextCursor === null) break;
      cursor = page.nextCursor;
    }
    expect(seen).toHaveLength(hours.length);
    expect(seen).toEqual(seen.toSorted().toReversed());
  });

  test('finds the same, however much of the ledger it looks at together', async () => {
    const accounts = [await account('Bank'), await account('Broker'), await account('Wallet', 'wallet')];
    const moves = fc.record({
      from: fc.nat({ max: 2 }),
      hours: fc.nat({ max: 60 * 24 }),
      later: fc.integer({ min: -40, max: 40 }),
      cents: fc.integer({ min: 100, max: 120 }),
      lost: fc.nat({ max: 2 }),
    });
    const at = (hours: number, minutes = 0): string =>
      new Date(Date.parse('2026-03-01T00:00:00Z') + hours * 3_600_000 + minutes * 60_000).toISOString();
    for (const { from, hours, later, cents, lost } of fc.sample(moves, { numRuns: 60, seed: 7 })) {
      await moved(accounts[from] as string, `-${cents}`, { at: at(hours) });
      await moved(accounts[(from + 1) % 3] as string, String(cents - lost), { at: at(hours, later) });
    }
    await jobs.link(me, undefined, 3);
    const found = await state();
    expect(found.filter((row) => row['group_id'] !== null).length).toBeGreaterThan(10);
    expect(found.filter((row) => row['review']).length).toBeGreaterThan(10);
    await jobs.link(me);
    expect(await state()).toEqual(found);
    for (const group of found)
      if (group['group_id']) await db.source.query('delete from transfer_group where id = $1', [group['group_id']]);
    await jobs.link(me);
    const pairs = (rows: Awaited<ReturnType<typeof state>>): string[] =>
      [...Map.groupBy(rows, (row) => row['group_id'])]
        .map(([group, of]) => (group ? of : []).map((row) => String(row['id'])).join(' '))
        .sort();
    expect(pairs(await state())).toEqual(pairs(found));
  });

  test('links what is beyond doubt, tells who has to follow, and changes nothing when run again', async () => {
    const [bank, broker] = [await account('Bank'), await account('Broker')];
    const out = await moved(bank, '-100');
    const into = await moved(broker, '99.5', { at: '2026-03-01T10:20:00Z' });
    await db.source.query('delete from evidence_change');
    await clearJobs();
    await jobs.link(me);
    expect(await decided()).toMatchObject([
      { verdict: 'paired', decidedBy: 'match', entries: [{ id: out, accountName: 'Bank' }, { id: into }] },
    ]);
    expect(await jobNames()).toEqual(['ledger-changed']);
    expect(
      await rowsOf(
        db.source,
        'select distinct holding_id, from_day::text as day from evidence_change where user_id = $1',
        [me],
      ),
    ).toEqual([
      { holding_id: expect.any(String) as string, day: '2026-03-01' },
      { holding_id: expect.any(String) as string, day: '2026-03-01' },
    ]);
    const before = await state();
    await clearJobs();
    await jobs.link(me);
    expect(await state()).toEqual(before);
    expect(await jobNames()).toEqual([]);
  });

  test('a second candidate that comes later takes an automatic link apart, and all three wait for a person', async () => {
    const [bank, broker] = [await account('Bank'), await account('Broker')];
    await moved(bank, '-100');
    await moved(broker, '100', { at: '2026-03-01T10:05:00Z' });
    await jobs.link(me);
    expect(await decided()).toHaveLength(1);
    await moved(broker, '100', { at: '2026-03-01T10:15:00Z' });
    await jobs.link(me);
    expect(await decided()).toEqual([]);
    expect((await open()).map((review) => review.candidates.length).sort()).toEqual([1, 1, 2]);
    expect(await queries.counts(db.source, me)).toEqual({ toReview: 3 });
  });

  test('a statement with days and no times is linked with the same day, and with no other', async () => {
    const [bank, broker] = [await account('Bank'), await account('Broker')];
    await moved(bank, '-100', { at: '2026-03-01T12:00:00Z', raw: { dayOnly: true } });
    await moved(broker, '100', { at: '2026-03-01T22:10:00Z' });
    await moved(bank, '-50', { at: '2026-03-02T12:00:00Z', raw: { dayOnly: true } });
    await moved(broker, '50', { at: '2026-03-03T00:10:00Z' });
    await jobs.link(me);
    expect((await decided()).map((one) => one.entries.map((side) => side.quantity))).toEqual([['-100', '100']]);
    expect((await open()).map((one) => [one.entry.quantity, one.candidates[0]?.secondsApart])).toEqual([
      ['50', 86_400],
      ['-50', 86_400],
    ]);
  });

  test('a bridge links two assets that CoinGecko knows as one, within a wallet', async () => {
    const [here, there] = [randomUUIDv7(), randomUUIDv7()];
    for (const [id, segment] of [
      [here, 'one'],
      [there, 'two'],
    ] as const) {
      await db.source.query(
        `insert into asset (id, symbol, name, kind, market_segment, decimals) values ($1, $2, 'Ether', 'crypto', $3, 18)`,
        [id, `ETH-${me}`, segment],
      );
      await db.source.query(
        `insert into asset_identity (asset_id, provider, external_id) values ($1, 'coingecko', $2)`,
        [id, me],
      );
    }
    const wallet = randomUUIDv7();
    const [one, two] = [await account('One', 'wallet', wallet), await account('Two', 'wallet', wallet)];
    const elsewhere = await account('Elsewhere', 'exchange');
    const tiny = '0.000000000000000001';
    await moved(one, `-1${tiny.slice(1)}`, { assetId: here });
    await moved(two, '0.999', { assetId: there });
    await moved(one, '-7', { assetId: here });
    await moved(elsewhere, '7', { assetId: there });
    await jobs.link(me);
    expect((await decided()).map((link) => link.entries.map((side) => side.accountName))).toEqual([['One', 'Two']]);
  });

  test('what is taken back is no side of a transfer, and its link is gone', async () => {
    const [bank, broker] = [await account('Bank'), await account('Broker')];
    const out = await moved(bank, '-100');
    const into = await moved(broker, '100');
    await jobs.link(me);
    await db.source.transaction((tx) => new CorrectionsService(ledger).reverse(tx, me, [into]));
    await jobs.link(me);
    expect([await groupOf(out), await groupOf(into)]).toEqual([null, null]);
    expect(await open()).toEqual([]);
  });

  test('a link whose entry was taken back behind its back is dissolved', async () => {
    const [bank, broker] = [await account('Bank'), await account('Broker')];
    const out = await moved(bank, '-100');
    const into = await moved(broker, '100');
    await transfers.decide(me, { verdict: 'paired', transactionIds: [out, into] });
    await db.source.query(
      `insert into transaction (id, user_id, holding_id, kind, quantity, occurred_at, source, external_id, reverses_id)
       select $2::uuid, user_id, holding_id, kind, -quantity, occurred_at, 'test', 'reversal', id from transaction where id = $1`,
      [into, randomUUIDv7()],
    );
    await jobs.link(me);
    expect([await groupOf(out), await groupOf(into)]).toEqual([null, null]);
  });

  test('links and verdicts are the only change that the ledger lets through', async () => {
    const [bank, broker] = [await account('Bank'), await account('Broker')];
    const out = await moved(bank, '-100');
    await moved(broker, '100');
    const content = () =>
      rowsOf(db.source, `select to_jsonb(t) - 'transfer_group_id' as row from transaction t where user_id = $1`, [me]);
    const before = await content();
    await jobs.link(me);
    await expect(
      db.source.query('update transaction set transfer_group_id = null, quantity = 1 where id = $1', [out]),
    ).rejects.toThrow(/append-only/);
    expect(await content()).toEqual(before);
  });

  test('nobody else is touched', async () => {
    const mine = await account('Mine');
    await moved(mine, '-100');
    const first = me;
    me = randomUUIDv7();
    await db.source.query(`insert into users (id, email, role) values ($1, $2, 'owner')`, [me, `${me}@example.org`]);
    const theirs = await moved(await account('Theirs'), '100');
    await jobs.link(me);
    await jobs.link(first);
    expect(await groupOf(theirs)).toBeNull();
    await expect(
      transfers.decide(first, { verdict: 'left-my-control', transactionIds: [theirs] }),
    ).rejects.toBeInstanceOf(NotFound);
  });
});

describe('verdicts', () => {
  test('a pair that a person took apart stays apart, until a person puts it together', async () => {
    const [bank, broker] = [await account('Bank'), await account('Broker')];
    const [out, into] = [await moved(bank, '-100'), await moved(broker, '100')];
    await jobs.link(me);
    const [link] = await decided();
    await transfers.remove(me, link?.id ?? '');
    await jobs.link(me);
    expect(await decided()).toEqual([]);
    expect(await open()).toEqual([]);
    await transfers.decide(me, { verdict: 'paired', transactionIds: [into, out] });
    await jobs.link(me);
    expect(await decided()).toMatchObject([{ decidedBy: 'user', entries: [{ id: out }, { id: into }] }]);
    expect(await rowsOf(db.source, 'select 1 from transfer_refusal where user_id = $1', [me])).toEqual([]);
  });

  test('a pair that was taken apart is no candidate any more, so that another can be the only one', async () => {
    const [bank, broker] = [await account('Bank'), await account('Broker')];
    const out = await moved(bank, '-100');
    const wrong = await moved(broker, '100');
    const right = await moved(broker, '100', { at: '2026-03-01T10:20:00Z' });
    const [link] = await transfers.decide(me, { verdict: 'paired', transactionIds: [out, wrong] });
    await transfers.remove(me, link?.id ?? '');
    await jobs.link(me);
    expect((await decided()).map((one) => one.entries.map((side) => side.id))).toEqual([[out, right]]);
  });

  test('the parts of a split add up exactly, or the refusal says the difference', async () => {
    const [bank, broker, wallet] = [await account('Bank'), await account('Broker'), await account('Wallet')];
    const out = await moved(bank, '-100.000000000000000000000003');
    const parts = [await moved(broker, '60'), await moved(wallet, '40.000000000000000000000001')];
    await expect(transfers.decide(me, { verdict: 'split', transactionIds: [out, ...parts] })).rejects.toMatchObject({
      code: 'parts-differ',
      detail: 'The parts are 0.000000000000000000000002 less than the whole. They have to add up exactly.',
    });
    const rest = await moved(wallet, '0.000000000000000000000002');
    const [split] = await transfers.decide(me, { verdict: 'split', transactionIds: [rest, out, ...parts] });
    expect(split?.entries).toHaveLength(4);
    await transfers.remove(me, split?.id ?? '');
    expect(await decided()).toEqual([]);
  });

  test.each([
    ['two outflows', ['-100', '-100'], 'two-sides'],
    ['more than left', ['-100', '111'], 'more-arrived'],
  ])('a pair is not %s', async (_, [one, other], code) => {
    const ids = [await moved(await account('A'), one ?? ''), await moved(await account('B'), other ?? '')];
    await expect(transfers.decide(me, { verdict: 'paired', transactionIds: ids })).rejects.toMatchObject({ code });
  });

  test('a pair lies in two holdings, and a purchase is no transfer', async () => {
    const bank = await account('Bank');
    const ids = [await moved(bank, '-5'), await moved(bank, '5')];
    await expect(transfers.decide(me, { verdict: 'paired', transactionIds: ids })).rejects.toBeInstanceOf(Invalid);
    const bought = await moved(bank, '3', { kind: 'buy' });
    await expect(transfers.decide(me, { verdict: 'internal', transactionIds: [bought] })).rejects.toMatchObject({
      code: 'not-a-transfer',
    });
  });

  test('several entries are decided each for itself, all or none', async () => {
    const bank = await account('Bank');
    const [one, two, three] = [await moved(bank, '-1'), await moved(bank, '-2'), await moved(bank, '-3')];
    await transfers.decide(me, { verdict: 'left-my-control', transactionIds: [one, two] });
    expect(await decided()).toHaveLength(2);
    await expect(transfers.decide(me, { verdict: 'untracked', transactionIds: [three, two] })).rejects.toMatchObject({
      code: 'decided-already',
      detail: expect.stringContaining('You (perhaps in another window)') as string,
    });
    expect(await groupOf(three)).toBeNull();
  });
});

describe('rules', () => {
  const rent = { counterparty: ' Landlord  LTD', direction: 'out', verdict: 'left-my-control' } as const;

  test('a rule decides what is undecided at once, and what comes later; without it that is undone', async () => {
    const bank = await account('Bank');
    const first = await moved(bank, '-900', { counterparty: 'LANDLORD ltd', description: 'March' });
    const back = await moved(bank, '20', { counterparty: 'Landlord Ltd' });
    const rule = await rules.create(me, rent);
    expect(rule).toMatchObject({ counterparty: 'landlord ltd', decided: 1 });
    const later = await moved(bank, '-900', { description: 'Ｌandlord ltd', at: '2026-04-01T10:00:00Z' });
    await jobs.link(me);
    expect(await rules.list(me)).toMatchObject([{ decided: 2 }]);
    expect(await groupOf(back)).toBeNull();
    await expect(transfers.remove(me, (await groupOf(first)) ?? '')).rejects.toMatchObject({ code: 'decided-by-rule' });
    await transfers.decide(me, { verdict: 'internal', transactionIds: [first] });
    await rules.remove(me, rule.id);
    expect(await groupOf(later)).toBeNull();
    expect(await decided()).toMatchObject([{ verdict: 'internal', decidedBy: 'user' }]);
  });

  test('there is one rule for a counterparty and direction, and none for nobody', async () => {
    await rules.create(me, rent);
    await expect(rules.create(me, { ...rent, counterparty: 'landlord ltd' })).rejects.toBeInstanceOf(Conflict);
    await expect(rules.create(me, { ...rent, counterparty: '  ' })).rejects.toMatchObject({ code: 'no-counterparty' });
  });
});

describe('at the same time', () => {
  test('two searches and two people: every entry is in one transfer, and whoever lost is told', async () => {
    const [bank, broker] = [await account('Bank'), await account('Broker')];
    const outs: string[] = [];
    const ins: string[] = [];
    for (let day = 1; day <= 20; day += 1) {
      const at = `2026-03-${String(day).padStart(2, '0')}T10:00:00Z`;
      outs.push(await moved(bank, `-${100 + day}`, { at }));
      ins.push(await moved(broker, `${100 + day}`, { at }));
    }
    const verdicts = outs.flatMap((out, index) => [
      transfers.decide(me, { verdict: 'paired', transactionIds: [out, ins[index] ?? ''] }),
      transfers.decide(me, { verdict: 'left-my-control', transactionIds: [ins[index] ?? ''] }),
    ]);
    const results = await Promise.allSettled([jobs.link(me), jobs.link(me), ...verdicts]);
    const lost = results.flatMap((one) => (one.status === 'rejected' ? [one.reason as unknown] : []));
    for (const reason of lost) expect(reason).toBeInstanceOf(Conflict);
    await jobs.link(me);
    const before = await state();
    await Promise.all([jobs.link(me), jobs.link(me)]);
    expect(await state()).toEqual(before);
    for (const transfer of await decided()) {
      const quantities = transfer.entries.map((side) => side.quantity);
      expect(quantities).toHaveLength(transfer.verdict === 'paired' ? 2 : 1);
      if (transfer.verdict === 'paired') expect(`-${quantities[1]}`).toBe(quantities[0]);
    }
    const empty = await rowsOf(
      db.source,
      `select 1 from transfer_group where user_id = $1
         and not exists (select 1 from transaction where transfer_group_id = transfer_group.id)`,
      [me],
    );
    expect(empty).toEqual([]);
  });
});
