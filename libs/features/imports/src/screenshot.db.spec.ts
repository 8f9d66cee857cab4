import { rowOf, rowsOf } from '@scani/database';
import { EFFECTIVE_OBSERVATION } from '@scani/ledger';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { once } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { ImportBench } from './testing/import-bench.js';

/** The first bytes of a PNG; the data-provider of these tests does not look further. */
const PNG = Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex');

interface Reply {
  status?: number;
  headers?: Record<string, string>;
  body: unknown;
}

const position = (more: object = {}) => ({
  name: 'Euro',
  symbol: 'EUR',
  kind: 'fiat',
  quantity: '1.234,56',
  price: null,
  value: null,
  currency: 'EUR',
  unreadable: [],
  confidence: 'high',
  ...more,
});
const apple = (more: object = {}) =>
  position({
    name: 'Apple Inc.',
    symbol: 'AAPL',
    kind: 'stock',
    quantity: '10',
    price: '187,20',
    value: '1.872,00',
    ...more,
  });
const MATCHES = [
  { provider: 'yahoo', externalId: 'AAPL', symbol: 'AAPL', name: 'Apple Inc.', kind: 'stock', marketSegment: 'NASDAQ' },
  {
    provider: 'yahoo',
    externalId: 'APLE',
    symbol: 'APLE',
    name: 'Apple Hospitality',
    kind: 'stock',
    marketSegment: 'NYSE',
  },
];

let bench: ImportBench;
let server: Server;
let me: string;
let account: string;
/** What the data-provider answers about pictures; each in turn, the last one for ever. */
let replies: Reply[];
let asked: { path: string; body: string }[];

beforeEach(async () => {
  replies = [{ body: { positions: [position(), apple()], problems: [] } }];
  asked = [];
  server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const path = request.url ?? '';
    asked.push({ path, body: Buffer.concat(chunks).toString() });
    const reply: Reply = path.startsWith('/v1/assets/search')
      ? { body: { matches: MATCHES, silent: [] } }
      : ((replies.length > 1 ? replies.shift() : replies[0]) as Reply);
    const type = (reply.status ?? 200) < 400 ? 'application/json' : 'application/problem+json';
    response.writeHead(reply.status ?? 200, { 'content-type': type, ...reply.headers }).end(JSON.stringify(reply.body));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  bench = await ImportBench.start(null, `http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  bench.work();
  me = await bench.person();
  account = await bench.account(me);
});
afterEach(async () => {
  await bench.close();
  server.closeAllConnections();
  server.close();
});

const send = (more: { readByAi?: boolean; seenAt?: string } = { readByAi: true }, bytes = PNG) =>
  bench.send(me, account, bytes, 'portfolio.png', more);
const read = async (more?: Parameters<typeof send>[0]) => {
  const { id } = await send(more);
  return bench.settled(me, id);
};
const seen = () =>
  rowsOf<{ symbol: string; balance: string; source: string; at: Date }>(
    bench.db.source,
    `select asset.symbol, observation.balance::text, observation.source, observation.at from observation
     join holding on holding.id = observation.holding_id join asset on asset.id = holding.asset_id
     where observation.user_id = $1 and ${EFFECTIVE_OBSERVATION} order by asset.symbol`,
    [me],
  );

test('from a picture to balances that were seen: review first, nothing is in the ledger before', async () => {
  const at = '2026-11-01T08:30:00.000Z';
  const shown = await read({ readByAi: true, seenAt: at });
  expect(shown).toMatchObject({
    state: 'to-review',
    format: 'screenshot',
    counts: { rows: 2, new: 2, problems: 0 },
    seenAt: at,
    readByAi: true,
    notes: [],
  });
  const positions = await bench.positions.list(me, shown.id);
  expect(positions).toMatchObject([
    { ordinal: 1, asset: { symbol: 'EUR', kind: 'fiat' }, quantity: '1234.56', current: null, doubts: [] },
    {
      ordinal: 2,
      asset: { symbol: 'AAPL' },
      quantity: '10',
      price: '187.2',
      value: '1872',
      written: { quantity: '10' },
    },
  ]);
  expect(await seen()).toEqual([]);

  await bench.imports.confirm(me, shown.id);
  expect(await bench.settled(me, shown.id)).toMatchObject({ state: 'recorded', counts: { recorded: 2 } });
  expect(await seen()).toMatchObject([
    { symbol: 'AAPL', balance: '10', source: 'screenshot', at: new Date(at) },
    { symbol: 'EUR', balance: '1234.56', source: 'screenshot' },
  ]);
  expect(await bench.balance(account)).toBe('1234.56');
  expect(await rowOf(bench.db.source, 'select content from upload')).toEqual({ content: null });
});

test('the same picture again adds nothing, and taking one back leaves what the other says', async () => {
  const at = '2026-11-01T08:30:00.000Z';
  const both = [await read({ readByAi: true, seenAt: at }), await read({ readByAi: true, seenAt: at })];
  for (const { id } of both) {
    await bench.imports.confirm(me, id);
    await bench.settled(me, id);
  }
  expect(await seen()).toHaveLength(2);
  await bench.undo(me, both[0]?.id ?? '');
  expect(await seen()).toHaveLength(2);
  await bench.undo(me, both[1]?.id ?? '');
  expect(await seen()).toEqual([]);
  const again = await read({ readByAi: true, seenAt: at });
  await bench.imports.confirm(me, again.id);
  await bench.settled(me, again.id);
  expect(await seen()).toHaveLength(2);
});

test('without its owner`s consent nothing leaves the server', async () => {
  expect(await read({})).toMatchObject({ state: 'failed', error: { code: 'ai-not-agreed' } });
  expect(asked).toEqual([]);
});

test('only the picture is sent: no name, no account, no id', async () => {
  await read();
  const [{ path, body } = { path: '', body: '' }] = asked;
  expect(path).toBe('/v1/ai/screenshot');
  expect(JSON.parse(body)).toEqual({ picture: PNG.toString('base64') });
});

/** As if the worker had been killed after this step: the job waits again, and the import is where it was. */
async function again(id: string, jobId: string | null, state: string): Promise<void> {
  await bench.db.source.query('update import set state = $2 where id = $1', [id, state]);
  await bench.db.source.query(`update job set state = 'waiting', finished_at = null where id = $1`, [jobId]);
}

test('a worker that is killed and begins again reads and records everything once', async () => {
  const at = '2026-11-01T08:30:00.000Z';
  const { id, jobId } = await read({ readByAi: true, seenAt: at });
  await again(id, jobId, 'reading');
  await bench.settled(me, id);
  expect(asked.filter(({ path }) => path === '/v1/ai/screenshot')).toHaveLength(2);
  expect(await bench.positions.list(me, id)).toHaveLength(2);
  const confirmed = await bench.imports.confirm(me, id);
  await bench.settled(me, id);
  await again(id, confirmed.jobId, 'recording');
  expect(await bench.settled(me, id)).toMatchObject({ state: 'recorded' });
  expect(await seen()).toHaveLength(2);
});

describe('review', () => {
  test('what has no asset or no quantity stands in the way until it is completed or left out', async () => {
    replies = [
      {
        body: {
          positions: [
            position(),
            apple({ quantity: null }),
            position({ name: 'Mystery fund', symbol: null, kind: 'stock' }),
          ],
          problems: ['The list seems to go on.'],
        },
      },
    ];
    const { id, notes, counts } = await read();
    expect([notes, counts]).toMatchObject([['The list seems to go on.'], { rows: 3, new: 1, problems: 2 }]);
    const [, second, third] = await bench.positions.list(me, id);
    expect(second).toMatchObject({ quantity: null, doubts: [expect.stringContaining('Only its value')] });
    expect(third).toMatchObject({
      asset: null,
      doubts: [expect.stringContaining('No asset')],
      candidates: expect.any(Array),
    });
    await expect(bench.imports.confirm(me, id)).rejects.toMatchObject({
      code: 'positions-open',
      facts: { ordinals: [2, 3] },
    });
    await bench.positions.update(me, id, 2, { assetId: second?.asset?.id ?? null, quantity: '7.5', included: true });
    await bench.positions.update(me, id, 3, { assetId: null, quantity: null, included: false });
    await bench.imports.confirm(me, id);
    expect(await bench.settled(me, id)).toMatchObject({ state: 'recorded', counts: { recorded: 2 } });
    expect((await seen()).map(({ balance }) => balance)).toEqual(['7.5', '1234.56']);
    await expect(
      bench.positions.update(me, id, 1, { assetId: null, quantity: null, included: true }),
    ).rejects.toMatchObject({ code: 'import-state' });
  });

  test('one asset twice is not recorded, and neither is nothing at all', async () => {
    replies = [{ body: { positions: [position(), position({ quantity: '5' })], problems: [] } }];
    const { id } = await read();
    await expect(bench.imports.confirm(me, id)).rejects.toMatchObject({ code: 'asset-twice' });
    for (const ordinal of [1, 2]) {
      await bench.positions.update(me, id, ordinal, { assetId: null, quantity: null, included: false });
    }
    await expect(bench.imports.confirm(me, id)).rejects.toMatchObject({ code: 'nothing-included' });
  });

  test('a holding of the account is taken before any search, by symbol or by its whole name', async () => {
    const first = await read({ readByAi: true, seenAt: '2026-11-01T08:30:00.000Z' });
    await bench.imports.confirm(me, first.id);
    await bench.settled(me, first.id);
    asked.length = 0;
    replies = [{ body: { positions: [apple({ symbol: null, quantity: '12' })], problems: [] } }];
    const { id } = await read();
    expect(await bench.positions.list(me, id)).toMatchObject([
      { asset: { symbol: 'AAPL' }, current: '10', quantity: '12' },
    ]);
    expect(asked.map(({ path }) => path)).toEqual(['/v1/ai/screenshot']);
  });

  test('when it was so can be said, but not later than now', async () => {
    const { id } = await read();
    await bench.imports.setSeenAt(me, id, '2026-10-31T12:00:00Z');
    expect(await bench.imports.get(me, id)).toMatchObject({ seenAt: '2026-10-31T12:00:00.000Z' });
    await expect(bench.imports.setSeenAt(me, id, '2999-01-01T00:00:00Z')).rejects.toMatchObject({ code: 'seen-at' });
  });

  test('on an account of debts it is said that what is owed bears a minus', async () => {
    const card = await bench.account(me);
    await bench.db.source.query(`update account set kind = 'liability' where id = $1`, [card]);
    const { id } = await bench.send(me, card, PNG, 'card.png', { readByAi: true });
    expect((await bench.settled(me, id)).notes).toEqual([expect.stringContaining('put a minus')]);
  });

  test('another person neither sees nor changes it', async () => {
    const { id } = await read();
    const other = await bench.person();
    const attempts = [
      bench.positions.list(other, id),
      bench.positions.update(other, id, 1, { assetId: null, quantity: '1', included: true }),
      bench.imports.setSeenAt(other, id, '2026-10-31T12:00:00Z'),
      bench.imports.confirm(other, id),
    ];
    for (const attempt of await Promise.allSettled(attempts))
      expect(attempt).toMatchObject({ status: 'rejected', reason: { code: 'import-not-found' } });
    expect((await bench.positions.list(me, id))[0]).toMatchObject({ quantity: '1234.56' });
  });

  test('a discarded picture forgets its positions', async () => {
    const { id } = await read();
    await bench.imports.discard(me, id);
    expect(await bench.positions.list(me, id)).toEqual([]);
  });
});

describe('a data-provider in trouble', () => {
  const problem = (status: number, code: string, headers = {}): Reply => ({
    status,
    headers,
    body: { type: 'about:blank', title: 'x', status, code, detail: 'Because.' },
  });

  test.each<[string, Reply, string]>([
    ['that has no model', problem(503, 'ai-not-configured'), 'ai-not-configured'],
    ['whose model refuses', problem(422, 'ai-refused'), 'ai-refused'],
    ['whose model`s key is wrong', problem(503, 'ai-unauthorized'), 'ai-unauthorized'],
    ['for which the key is not meant', problem(403, 'key-scope'), 'key-scope'],
  ])('%s: the import says why, at once', async (_what, reply, code) => {
    replies = [reply];
    expect(await read()).toMatchObject({ state: 'failed', error: { code } });
    expect(asked).toHaveLength(1);
  });

  test('a picture without positions says so', async () => {
    replies = [{ body: { positions: [], problems: ['The picture seems to show no positions.'] } }];
    expect(await read()).toMatchObject({ state: 'failed', error: { code: 'no-positions' } });
  });

  test('over a limit the job waits as it is told, and no attempt is used up', async () => {
    replies = [
      problem(429, 'over-hourly-quota', { 'retry-after': '1' }),
      { body: { positions: [position()], problems: [] } },
    ];
    const { id, jobId } = await send();
    expect(await bench.settled(me, id)).toMatchObject({ state: 'to-review' });
    expect(await rowOf(bench.db.source, 'select attempts, waits from job where id = $1', [jobId])).toMatchObject({
      waits: 1,
    });
  });

  test('an answer of another version is refused whole', async () => {
    replies = [{ body: { positions: [{ ...position(), quantity: 12 }], problems: [] } }];
    const { id, jobId } = await send();
    const error = async () =>
      (
        await rowOf<{ error: { detail: string } | null }>(bench.db.source, 'select error from job where id = $1', [
          jobId,
        ])
      )?.error;
    while (!(await error())) await pause(20);
    expect(await bench.imports.get(me, id)).toMatchObject({ state: 'reading', counts: { rows: 0 } });
    expect(await bench.positions.list(me, id)).toEqual([]);
  });
});
