import { describe, expect, test } from 'vitest';
import type { ChainSource } from './chain.js';
import { esplora } from './esplora/esplora.js';
import { helius } from './helius/helius.js';
import { lentReply } from './testing/fixtures.js';
import { ton } from './ton/ton.js';
import { tron } from './tron/tron.js';

const NOW = '2026-01-03T12:00:00.000Z';
const url = 'https://chain.example';
const ID = 'ab'.repeat(32);

/** What else sources have in common than to answer; what they answer is tried through the data-provider. */
const SOURCES: readonly (readonly [chain: string, source: ChainSource, address: string])[] = [
  ['bitcoin', esplora({ url }), '1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa'],
  ['solana', helius({ url, rpcUrl: url, apiKey: 'a-key' }), '86xCnPeV69n6t3DnyGvkKobf9FdN2H9oiVDdaMpo2MMY'],
  ['tron', tron({ url, apiKey: 'a-key' }), 'TJRabPrwbZy45sbavfcjinPJC18kjpRTv8'],
  ['ton', ton({ url, apiKey: 'a-key' }), 'EQCD39VS5jcptHL8vMjEXrzGaRcCVYto7HUn4bpAOg8xqB2N'],
];

describe.each(SOURCES)('%s', (chain, source, address) => {
  test.each(['{}', '[]', '[{}]', '"x"', '{"data":[{}]}', '{"result":null}', '{"data":7,"accounts":7}'])(
    '%s is not used',
    async (text) => {
      const { lent } = lentReply({ text }, NOW);
      const asked = [source.balances(chain, address, lent), source.movements(chain, address, undefined, lent)];
      const outcomes = (await Promise.allSettled(asked)).map((each) =>
        each.status === 'rejected' ? (each.reason as { code: string }).code : JSON.stringify(each.value),
      );
      // An empty list may be an answer to one of the two; nothing else is.
      for (const outcome of outcomes) expect(outcome).toMatch(/^malformed$|"(movements|balances)":\[\]/);
      expect(outcomes).toContain('malformed');
    },
  );

  test.each(['x', '-1', '1&limit=9', '../../admin', `${ID}.${ID}`])('the cursor %s is refused', async (cursor) => {
    const { lent, asked } = lentReply({ text: '[]' }, NOW);
    await expect(source.movements(chain, address, cursor, lent)).rejects.toMatchObject({ name: 'BadCursor' });
    expect(asked).toEqual([]);
  });

  test.each([
    [401, 'unauthorized'],
    [403, 'unauthorized'],
    [429, 'limited'],
    [500, 'failed'],
  ])('status %i is %s, and the key is in no word of it', async (status, code) => {
    const { lent } = lentReply({ status, text: 'no', headers: { 'retry-after': '9' } }, NOW);
    const error = await source.balances(chain, address, lent).catch((reason: unknown) => reason as Error);
    expect(error).toMatchObject({ code, retryAfterSeconds: 9 });
    expect(JSON.stringify([error, String(error)])).not.toContain('a-key');
  });
});

test('what comes in from within a contract of Tron is told, however the amount is written', async () => {
  const [, source, address] = SOURCES[2] ?? [];
  const row = (call_value: unknown) => ({
    tx_id: ID,
    internal_tx_id: ID,
    block_timestamp: 1_700_000_000_000,
    from_address: 'TR7NHqjeKQxGTCi8q8ZY4pL8otSzgjLj6t',
    to_address: address,
    data: { rejected: false, call_value },
  });
  for (const value of [5, { _: 5 }, { _: 5, 1_002_000: 9 }]) {
    const lists = (path: string): unknown[] => (path.endsWith('/internal-transactions') ? [row(value)] : []);
    const page = await source?.movements('tron', address ?? '', undefined, {
      http: (request) => {
        const text = JSON.stringify({ success: true, data: lists(new URL(request.url).pathname), meta: {} });
        return Promise.resolve({ status: 200, text, header: () => undefined });
      },
      now: () => new Date(NOW),
    });
    expect(page?.movements.map(({ direction, quantity }) => [direction, quantity])).toEqual([['in', '0.000005']]);
  }
});
