import type { ChainAsset, ChainMovement } from '@scani/cloud';
import { rowOf } from '@scani/database';
import { type JobContext, Unrepeatable, waitOf } from '@scani/jobs';
import { randomUUID } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { WalletBench } from './testing/wallet-bench.js';

/* One wallet and a data-provider that says, in its own format, what each test wants to hear. */

const COIN: ChainAsset = {
  contract: null,
  symbol: 'BTC',
  name: 'Bitcoin',
  decimals: 8,
  identities: [{ provider: 'coingecko', externalId: 'bitcoin' }],
};
type Answer = { status: number; body: object; after?: number };
const ok = (body: object): Answer => ({ status: 200, body });

let server: Server;
let bench: WalletBench;
let pages: (cursor: string | undefined) => Answer;
/** What a batch says of an address. */
let told: (address: string) => object;
let asked: string[];

beforeAll(async () => {
  server = createServer((request, response) => {
    let text = '';
    request.on('data', (part) => (text += String(part)));
    request.on('end', () => {
      asked.push(request.url ?? '');
      const { cursor, wallets = [] } = JSON.parse(text) as { cursor?: string; wallets?: { address: string }[] };
      const path = request.url ?? '';
      const { status, body, after } = path.endsWith('/movements')
        ? pages(cursor)
        : ok(path.endsWith('/batch') ? { wallets: wallets.map(({ address }) => told(address)) } : balances());
      const type = status === 200 ? 'application/json' : 'application/problem+json';
      const retry = after === undefined ? {} : { 'retry-after': String(after) };
      response.writeHead(status, { 'content-type': type, ...retry }).end(JSON.stringify(body));
    });
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  bench = await WalletBench.start(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
});
beforeEach(() => (asked = []));
afterAll(async () => {
  await bench.close();
  server.close();
});

const balances = (): object => ({
  at: '2026-06-01T00:00:00.000Z',
  balances: [{ asset: COIN, quantity: '7' }],
  gaps: [],
});
const movement = (number: number): ChainMovement => ({
  externalId: `m${number}`,
  transactionId: `t${number}`,
  at: new Date(Date.UTC(2026, 0, 1) + number * 3_600_000).toISOString(),
  direction: 'in',
  quantity: '0.1',
  asset: COIN,
  counterparty: null,
});

async function wallet(): Promise<{ walletId: string; userId: string }> {
  const userId = await bench.person();
  return { walletId: await bench.wallet(userId, 'bitcoin'), userId };
}
interface Context extends JobContext {
  told: number[];
}
function context(stop = new AbortController()): Context {
  const told: number[] = [];
  return {
    jobId: randomUUID(),
    userId: null,
    attempt: 1,
    signal: stop.signal,
    told,
    progress: ({ done }) => {
      told.push(done);
      return Promise.resolve();
    },
  };
}
interface State {
  cursor: string | null;
  synced_at: Date | null;
  problem: { code: string } | null;
  rows: number;
  waiting: { read?: number } | null;
}
const stateOf = async (id: string): Promise<State> =>
  (await rowOf<State>(
    bench.db.source,
    `select cursor, synced_at, problem,
       (select count(*)::int from transaction join holding on holding.id = holding_id
        where holding.account_id = wallet.account_id and kind <> 'opening-balance') as rows,
       (select payload from job where name = 'sync-wallet' and key = wallet.id::text and state = 'waiting') as waiting
     from wallet where id = $1`,
    [id],
  )) as State;

test('a long history is read in parts, each by a job of its own, and balances come when all of it is there', async () => {
  const last = 45;
  pages = (cursor) => {
    const at = Number(cursor ?? 0);
    return ok({ movements: [movement(at)], cursor: String(at + 1), more: at + 1 < last });
  };
  const { walletId, userId } = await wallet();
  const first = context();
  await bench.reader.run({ walletId, userId }, first);
  expect(first.told.at(-1)).toBe(40);
  expect(await stateOf(walletId)).toMatchObject({ cursor: '40', synced_at: null, rows: 40, waiting: { read: 40 } });
  expect(asked.filter((path) => path.endsWith('/balances'))).toEqual([]);
  const second = context();
  await bench.reader.run({ walletId, userId, read: 40 }, second);
  expect(second.told).toEqual([41, 42, 43, 44, 45]);
  const ended = await stateOf(walletId);
  expect(ended).toMatchObject({ cursor: '45', rows: 45, problem: null });
  expect(ended.synced_at).not.toBeNull();
  expect(await bench.balances(walletId)).toEqual(['BTC 7']);
});

test('it goes on from where it was, and asks for no page twice', async () => {
  pages = (cursor) => ok({ movements: cursor ? [] : [movement(1)], cursor: 'end', more: false });
  const { walletId, userId } = await wallet();
  await bench.reader.run({ walletId, userId }, context());
  await bench.reader.run({ walletId, userId }, context());
  expect(asked.map((path) => path.split('/').at(-1))).toEqual(['movements', 'balances', 'movements', 'balances']);
  expect(await stateOf(walletId)).toMatchObject({ rows: 1, cursor: 'end' });
});

test('pages that lead nowhere end it, instead of turning for ever', async () => {
  pages = () => ok({ movements: [], cursor: 'here', more: true });
  const { walletId, userId } = await wallet();
  await expect(bench.reader.run({ walletId, userId }, context())).rejects.toThrow('do not move on');
  expect(await stateOf(walletId)).toMatchObject({ problem: { code: 'failed' }, synced_at: null });
});

test('what is refused is not tried again; what passes is, and both are told to whose wallet it is', async () => {
  const { walletId, userId } = await wallet();
  pages = () => ({
    status: 422,
    body: { code: 'bad-wallet', detail: 'This wallet cannot be read.', status: 422 },
  });
  await expect(bench.reader.run({ walletId, userId }, context())).rejects.toBeInstanceOf(Unrepeatable);
  expect(await stateOf(walletId)).toMatchObject({ problem: { code: 'refused' } });
  pages = () => ({ status: 429, body: { code: 'over-hourly-quota', detail: 'The quota of this hour is used up.' } });
  const limited = await bench.reader.run({ walletId, userId }, context()).catch((error: unknown) => error);
  expect(limited).not.toBeInstanceOf(Unrepeatable);
  expect(await stateOf(walletId)).toMatchObject({ problem: { code: 'limited' } });
  pages = () => ok({ movements: [], cursor: 'end', more: false });
  await bench.reader.run({ walletId, userId }, context());
  expect(await stateOf(walletId)).toMatchObject({ problem: null });
}, 60_000);

test('a cursor that is not understood any more is forgotten: all is read again, and nothing is there twice', async () => {
  pages = () => ok({ movements: [movement(1), movement(2)], cursor: 'old', more: false });
  const { walletId, userId } = await wallet();
  await bench.reader.run({ walletId, userId }, context());
  const before = await bench.told(walletId);
  pages = (cursor) =>
    cursor === 'old'
      ? { status: 422, body: { code: 'bad-cursor', detail: 'This cursor was not given for this wallet.' } }
      : ok({ movements: [movement(2), movement(1)], cursor: 'new', more: false });
  await bench.reader.run({ walletId, userId }, context());
  expect(await stateOf(walletId)).toMatchObject({ cursor: 'new', rows: 2, problem: null });
  expect(await bench.told(walletId)).toBe(before);
});

test('a source that is limited or away is waited for as long as it takes, and no attempt is used up', async () => {
  const { walletId, userId } = await wallet();
  const waits = async (code: string, after?: number): Promise<number | 'away' | undefined> => {
    pages = () => ({ status: 503, body: { code, detail: 'The source said so.' }, ...(after ? { after } : {}) });
    return waitOf(await bench.reader.run({ walletId, userId }, context()).catch((error: unknown) => error));
  };
  expect(await waits('chain-limited', 3_600)).toBe(3_600);
  expect(await waits('chain-limited')).toBe(60);
  expect(await waits('chain-unavailable')).toBe('away');
  expect(await stateOf(walletId)).toMatchObject({ problem: { code: 'chain-unavailable' } });
}, 60_000);

test('what its operator must mend is not tried again, and the wallet says whom to tell', async () => {
  const { walletId, userId } = await wallet();
  pages = () => ({ status: 503, body: { code: 'chain-key-refused', detail: 'Esplora refuses the key.' } });
  await expect(bench.reader.run({ walletId, userId }, context())).rejects.toBeInstanceOf(Unrepeatable);
  expect(await stateOf(walletId)).toMatchObject({ problem: { code: 'chain-key-refused' } });
}, 60_000);

test('cancelled it is no problem, and what was read stays', async () => {
  const stop = new AbortController();
  pages = (cursor) => {
    if (cursor) stop.abort(new Error('cancelled'));
    return ok({ movements: [movement(1)], cursor: cursor ? 'second' : 'first', more: true });
  };
  const { walletId, userId } = await wallet();
  await expect(bench.reader.run({ walletId, userId }, context(stop))).rejects.toThrow();
  expect(await stateOf(walletId)).toMatchObject({ cursor: 'first', rows: 1, problem: null });
});

test('a wallet that was put away meanwhile is left alone', async () => {
  const { walletId, userId } = await wallet();
  await bench.db.source.query('update wallet set stopped_at = now() where id = $1', [walletId]);
  await bench.reader.run({ walletId, userId }, context());
  expect(asked).toEqual([]);
});

describe('the hourly look', () => {
  const LIMITED = { reason: 'limited', detail: 'there was no time left', retryAfterSeconds: 0 };
  const seen = {
    balances: { at: '2026-06-01T00:00:00.000Z', balances: [{ asset: COIN, quantity: '7' }], gaps: [] },
    problem: null,
  };

  async function followed(address: string): Promise<string> {
    pages = () => ok({ movements: [], cursor: 'end', more: false });
    const userId = await bench.person();
    const walletId = await bench.wallet(userId, 'bitcoin', address);
    await bench.reader.run({ walletId, userId }, context());
    asked = [];
    return walletId;
  }

  test('wallets for which one question had no time are asked for again at once, and only those', async () => {
    const walletId = await followed('slow');
    const times = new Map<string, number>();
    told = (address) => {
      times.set(address, (times.get(address) ?? 0) + 1);
      return address === 'slow' && times.get(address) !== 3 ? { balances: null, problem: LIMITED } : seen;
    };
    await bench.hourly.look(context());
    expect(times.get('slow')).toBe(3);
    expect([...times].filter(([address, count]) => address !== 'slow' && count > 1)).toEqual([]);
    expect(await stateOf(walletId)).toMatchObject({ problem: null });
  });

  test('what is limited for longer than the hour is worth waiting says so', async () => {
    const walletId = await followed('for days');
    told = (address) =>
      address === 'for days' ? { balances: null, problem: { ...LIMITED, retryAfterSeconds: 86_400 } } : seen;
    await bench.hourly.look(context());
    expect(await stateOf(walletId)).toMatchObject({ problem: { code: 'limited' } });
  });
});
