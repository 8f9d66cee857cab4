import {
  type AssetKind,
  type AssetRef,
  CLOUD_LIMITS,
  CloudClient,
  type PriceHistory,
  type WantedHistory,
} from '@scani/cloud';
import { addDays, day } from '@scani/money';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { ask, KEY, post, type Stage, startStage } from './harness.js';

const TODAY = day('2026-11-20');
const FROM = addDays(TODAY, -1_826);
const asset = (id: string, kind: AssetKind, symbol: string): AssetRef => ({ id, kind, symbol, identities: [] });
const SHARES = ['AAPL', 'MSFT', 'NVDA', 'GOOGL', 'AMZN', 'META', 'TSLA', 'JPM', 'KO', 'SPY'];

let stage: Stage;
let patient: CloudClient;
beforeAll(async () => {
  stage = await startStage({}, {}, () => Date.parse('2026-11-20T15:00:00Z'));
  patient = new CloudClient({ url: stage.url, apiKey: KEY }, { ...CLOUD_LIMITS, firstDelayMs: 1 });
});
beforeEach(() => {
  stage.world.heal();
  stage.world.forgetRequests();
});
afterAll(() => stage.close());

async function all(wanted: readonly WantedHistory[], client = stage.client): Promise<Map<string, PriceHistory>> {
  const told = new Map<string, PriceHistory>();
  await client.priceHistories(wanted, (_asked, history) => {
    expect(told.has(history.id), `${history.id} is told once`).toBe(false);
    return Promise.resolve(void told.set(history.id, history));
  });
  return told;
}

/** Answers with histories pass through this on their way to the client. */
async function onTheWay<T>(change: (answer: Response) => Promise<Response>, work: () => Promise<T>): Promise<T> {
  const straight = globalThis.fetch;
  globalThis.fetch = async (...request) => {
    const answer = await straight(...request);
    return String(request[0]).endsWith('/v1/prices/histories') ? change(answer) : answer;
  };
  return work().finally(() => {
    globalThis.fetch = straight;
  });
}

const wantedOf = (refs: readonly AssetRef[], from = FROM): WantedHistory[] =>
  refs.map((ref) => ({ asset: ref, from, to: TODAY }));

describe('histories of many assets', () => {
  test('say what one at a time says, to the last digit', async () => {
    const refs = [...SHARES.map((symbol) => asset(`id of ${symbol}`, 'stock', symbol)), asset('€', 'fiat', 'EUR')];
    const told = await all(wantedOf(refs));
    for (const ref of refs) {
      expect(told.get(ref.id)).toMatchObject({ problem: null, trouble: false });
      expect(told.get(ref.id)?.prices).toEqual(await stage.client.priceHistory(ref, FROM, TODAY));
    }
  });

  test('250 of them are three calls', async () => {
    const refs = Array.from({ length: 250 }, (_, n) => asset(String(n), 'stock', SHARES[n % SHARES.length] ?? ''));
    let calls = 0;
    const told = await onTheWay(
      (answer) => ((calls += 1), Promise.resolve(answer)),
      () => all(wantedOf(refs, addDays(TODAY, -5))),
    );
    expect([calls, told.size]).toEqual([3, 250]);
  });

  test('of 300 assets over five years too; what reaches back further is cut smaller', async () => {
    const refs = (count: number): AssetRef[] => Array.from({ length: count }, (_, n) => asset(String(n), 'other', 'X'));
    const sizes: number[] = [];
    const noted = async (answer: Response): Promise<Response> => {
      const text = await answer.text();
      sizes.push(text.split('\n').length - 2);
      return new Response(text, { status: answer.status, headers: answer.headers });
    };
    await onTheWay(noted, () => all(wantedOf(refs(300))));
    expect(sizes.splice(0)).toEqual([100, 100, 100]);
    await onTheWay(noted, () => all(wantedOf(refs(60), addDays(TODAY, -3_650))));
    expect(sizes).toEqual([50, 10]);
  });

  test('one that cannot be had does not hold up the others, and says why', async () => {
    stage.world.fail({ service: 'yahoo', kind: 'status', status: 403, path: 'JPM' });
    const told = await all([
      ...wantedOf([asset('gone', 'stock', 'GONE'), asset('fine', 'stock', 'BRK-B')]),
      ...wantedOf([asset('jpm', 'stock', 'JPM')], addDays(TODAY, -40)),
      { asset: asset('house', 'other', 'HOUSE'), from: FROM, to: TODAY },
    ]);
    expect(told.get('fine')?.prices.length).toBeGreaterThan(1_200);
    expect(told.get('gone')).toMatchObject({ prices: [], trouble: false, problem: { reason: 'unknown-asset' } });
    expect(told.get('house')).toMatchObject({ prices: [], trouble: false, problem: { reason: 'no-source' } });
    expect(told.get('jpm')).toMatchObject({ prices: [], problem: { reason: 'unauthorized' } });
  });

  test('a source that is limited for all of them is trouble, with the wait', async () => {
    stage.world.fail({ service: 'yahoo', kind: 'status', status: 429, retryAfterSeconds: 1, times: 1 });
    const told = await all(wantedOf([asset('one', 'stock', 'VOD.L')]));
    expect(told.get('one')).toMatchObject({
      trouble: true,
      problem: { reason: 'limited', retryAfterSeconds: 1 },
    });
    await new Promise((resolve) => setTimeout(resolve, 1_050));
  });

  test('lines come while others are still being asked for', async () => {
    stage.world.fail({ service: 'yahoo', kind: 'hang', path: 'BHP.AX', times: 1 });
    const told: string[] = [];
    const hangsUp = new AbortController();
    await stage.client
      .priceHistories(
        wantedOf([asset('slow', 'stock', 'BHP.AX'), asset('quick', 'stock', 'AAPL')]),
        (_asked, { id }) => {
          told.push(id);
          hangsUp.abort();
          return Promise.resolve();
        },
        hangsUp.signal,
      )
      .catch(() => undefined);
    expect(told).toEqual(['quick']);
  });

  test('what was not told because the line broke is asked again, and nothing twice', async () => {
    let calls = 0;
    const cutOnce = async (answer: Response): Promise<Response> => {
      calls += 1;
      if (calls > 1) return answer;
      const half = (await answer.text()).split('\n').slice(0, 4).join('\n');
      return new Response(`${half}\n{"id":"5","par`, { status: 200, headers: answer.headers });
    };
    const refs = SHARES.map((symbol) => asset(symbol, 'stock', symbol));
    const told = await onTheWay(cutOnce, () => all(wantedOf(refs, addDays(TODAY, -9)), patient));
    expect(calls).toBe(2);
    expect([...told.keys()].toSorted()).toEqual(SHARES.toSorted());
  });

  test.each([
    [[], '/histories'],
    [[{ asset: asset('1', 'stock', 'KO'), from: '2026-10-02', to: '2026-10-01' }], '/histories/0/to'],
    [[{ asset: asset('1', 'stock', 'KO'), from: '2026-02-30', to: '2026-10-01' }], '/histories/0/from'],
    [
      Array.from({ length: 51 }, (_, n) => ({
        asset: asset(`${n}`, 'other', 'X'),
        from: '2016-10-01',
        to: '2026-10-01',
      })),
      '/histories',
    ],
    [
      [
        { asset: asset('1', 'stock', 'KO'), from: '2026-10-01', to: '2026-10-01' },
        { asset: asset('1', 'stock', 'JPM'), from: '2026-10-01', to: '2026-10-01' },
      ],
      '/histories',
    ],
  ])('wrong (%#) is refused at its place before anything is asked', async (histories, pointer) => {
    const answer = await post(stage, '/v1/prices/histories', { histories });
    expect([answer.status, answer.headers.get('content-type')]).toEqual([
      422,
      expect.stringContaining('application/problem+json'),
    ]);
    expect(await answer.json()).toMatchObject({ errors: [{ pointer }] });
    expect(stage.world.requests('yahoo')).toEqual([]);
  });

  test('the document says what the lines are', async () => {
    const document = (await (await ask(stage, '/v1/openapi.json')).json()) as {
      paths: Record<string, { post: { responses: Record<string, { content: object }> } }>;
    };
    expect(document.paths['/v1/prices/histories']?.post.responses['200']?.content).toEqual({
      'application/x-ndjson': { schema: { $ref: '#/components/schemas/HistoryLine' } },
    });
  });
});
