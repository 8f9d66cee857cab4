import type { ChainAsset, ChainMovement } from '@scani/cloud';
import { rowOf, rowsOf } from '@scani/database';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { WalletBench } from '../testing/wallet-bench.js';

let bench: WalletBench;
beforeAll(async () => {
  bench = await WalletBench.start();
});
afterAll(() => bench.close());

const COIN: ChainAsset = {
  contract: null,
  symbol: 'ETH',
  name: 'Ether',
  decimals: 18,
  identities: [{ provider: 'coingecko', externalId: 'ethereum' }],
};
const token = (fields: Partial<ChainAsset> & { contract: string }): ChainAsset => ({
  symbol: 'TOK',
  name: 'Token',
  decimals: 6,
  identities: [],
  ...fields,
});
const USDC = token({
  contract: '0xA0b86991c6218b36c1d19D4a2e9Eb0cE3606eB48',
  symbol: 'USDC',
  identities: [{ provider: 'coingecko', externalId: 'usd-coin' }],
});

let count = 0;
const moved = (fields: Partial<ChainMovement>): ChainMovement => {
  count += 1;
  return {
    externalId: `m${count}`,
    transactionId: `t${count}`,
    at: '2026-03-01T12:00:00.000Z',
    direction: 'in',
    quantity: '1',
    asset: COIN,
    counterparty: null,
    ...fields,
  };
};
const NOW = '2026-04-01T00:00:00.000Z';

test('a wallet that was read to its beginning has the balance that its history adds up to, and no opening', async () => {
  const wallet = await bench.wallet(await bench.person());
  await bench.page(wallet, [
    moved({ quantity: '2.000000000000000001' }),
    moved({ quantity: '100', asset: USDC, at: '2026-03-02T12:00:00.000Z' }),
    moved({ quantity: '0.5', direction: 'out', at: '2026-03-03T12:00:00.000Z', transactionId: 'x' }),
    moved({ quantity: '0.001', direction: 'fee', at: '2026-03-03T12:00:00.000Z', transactionId: 'x' }),
  ]);
  await bench.see(wallet, NOW, [
    [COIN, '1.499000000000000001'],
    [USDC, '100'],
  ]);
  expect(await bench.balances(wallet)).toEqual(['ETH 1.499000000000000001', 'USDC 100']);
  expect(await bench.told(wallet)).not.toContain('opening-balance');
  expect(await bench.followed(wallet)).toMatchObject({ cursor: expect.any(String) as string });
});

test('what the history does not explain is an opening balance, and goes when the history is told after all', async () => {
  const wallet = await bench.wallet(await bench.person());
  const late = moved({ quantity: '3', at: '2025-01-01T00:00:00.000Z' });
  await bench.page(wallet, [moved({ quantity: '1' })]);
  await bench.see(wallet, NOW, [[COIN, '4']]);
  expect(await bench.told(wallet)).toContain('opening-balance 3');
  await bench.page(wallet, [late]);
  expect(await bench.told(wallet)).not.toContain('opening-balance');
  expect(await bench.balances(wallet)).toEqual(['ETH 4']);
});

test('a page that somebody else has recorded meanwhile changes nothing, and neither does one of a wallet that was put away', async () => {
  const wallet = await bench.wallet(await bench.person());
  const stale = await bench.followed(wallet);
  await bench.page(wallet, [moved({})]);
  const before = await bench.told(wallet);
  const late = { movements: [moved({ quantity: '9' })], cursor: 'elsewhere', more: false };
  expect(await bench.ledger.recordPage(stale, stale.cursor, late)).toBeUndefined();
  expect(await bench.ledger.recordBalances(stale, stale.cursor, { at: NOW, balances: [], gaps: [] })).toBe(false);
  await bench.db.source.query('update wallet set stopped_at = now() where id = $1', [wallet]);
  expect(await bench.page(wallet, late.movements)).toBeUndefined();
  expect(await bench.told(wallet)).toBe(before);
});

test('a page that breaks in the middle leaves neither rows nor cursor', async () => {
  const wallet = await bench.wallet(await bench.person());
  await bench.page(wallet, [moved({})], 'first');
  const before = await bench.told(wallet);
  await expect(bench.page(wallet, [moved({}), moved({ at: '1960-01-01T00:00:00.000Z' })], 'second')).rejects.toThrow(
    'too-long-ago',
  );
  expect(await bench.told(wallet)).toBe(before);
  expect(await bench.followed(wallet)).toMatchObject({ cursor: 'first' });
});

test('however a history is cut into pages, in whatever order, told once or again, the ledger is the same', async () => {
  const person = await bench.person();
  const history: ChainMovement[] = Array.from({ length: 24 }, (_, index) => ({
    externalId: `h${index}`,
    transactionId: `ht${Math.floor(index / 2)}`,
    at: new Date(Date.UTC(2026, 0, 1 + Math.floor(index / 3))).toISOString(),
    direction: (['in', 'in', 'out', 'fee'] as const)[index % 4] ?? 'in',
    quantity: ['5.000000000000000001', '7', '0.25', '0.000021'][index % 4] ?? '1',
    asset:
      [COIN, USDC, COIN, COIN, token({ contract: '0x00000000000000000000000000000000000000aa' })][index % 5] ?? COIN,
    counterparty: index % 2 ? `0x${index}` : null,
  }));
  const read = async (pages: readonly ChainMovement[][]): Promise<string> => {
    const wallet = await bench.wallet(person, 'ethereum');
    for (const page of pages) await bench.page(wallet, page);
    await bench.see(wallet, NOW, [
      [COIN, '51.5'],
      [USDC, '20'],
    ]);
    return bench.told(wallet);
  };
  const once = await read([history]);
  const split = fc
    .tuple(
      fc.shuffledSubarray(history, { minLength: history.length }),
      fc.shuffledSubarray(history),
      fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 6 }),
    )
    .map(([all, again, sizes]) => {
      const told = [...all, ...again];
      const pages: ChainMovement[][] = [];
      for (let at = 0, turn = 0; at < told.length; turn += 1) {
        const size = sizes[turn % sizes.length] ?? 1;
        pages.push(told.slice(at, at + size));
        at += size;
      }
      return pages;
    });
  await fc.assert(
    fc.asyncProperty(split, async (pages) => {
      expect(await read(pages)).toBe(once);
    }),
    { numRuns: 12 },
  );
});

test('two people may follow one address: each has a ledger of their own, and the assets are shared', async () => {
  const [ada, eve] = [await bench.person(), await bench.person()];
  const address = '0x00000000000000000000000000000000000000ee';
  const [hers, theirs] = [await bench.wallet(ada, 'base', address), await bench.wallet(eve, 'base', address)];
  const history = [moved({ quantity: '2' }), moved({ asset: USDC, quantity: '3' })];
  await bench.page(hers, history);
  await bench.page(theirs, history);
  await bench.see(hers, NOW, [
    [COIN, '2'],
    [USDC, '3'],
  ]);
  expect(await bench.balances(theirs)).toEqual(await bench.balances(hers));
  const rows = await rowsOf<{ people: number; holdings: number }>(
    bench.db.source,
    `select count(distinct user_id)::int as people, count(*)::int as holdings from holding join asset_identity using (asset_id)
     where provider = 'contract' and external_id = 'base:0xa0b86991c6218b36c1d19d4a2e9eb0ce3606eb48'`,
  );
  expect(rows).toEqual([{ people: 2, holdings: 2 }]);
});

test('the coin of several chains is one asset, a token is one on each chain', async () => {
  const person = await bench.person();
  const [one, other] = [await bench.wallet(person, 'optimism'), await bench.wallet(person, 'arbitrum-one')];
  const both = [moved({}), moved({ asset: USDC })];
  await bench.page(one, both);
  await bench.page(other, both);
  const assets = await rowsOf<{ symbol: string; assets: number }>(
    bench.db.source,
    `select symbol, count(distinct asset.id)::int as assets from holding join asset on asset.id = holding.asset_id
     where holding.user_id = $1 group by symbol order by symbol`,
    [person],
  );
  expect(assets).toEqual([
    { symbol: 'ETH', assets: 1 },
    { symbol: 'USDC', assets: 2 },
  ]);
});

test('many wallets may meet a new token at once, and it becomes one asset', async () => {
  const fresh = token({ contract: '0x00000000000000000000000000000000000000bb', symbol: 'NEW' });
  const coin = { ...COIN, symbol: 'NEWCOIN', identities: [{ provider: 'coingecko', externalId: 'new-coin' }] };
  const wallets = await Promise.all(
    Array.from({ length: 6 }, async () => bench.wallet(await bench.person(), 'newchain')),
  );
  await Promise.all(wallets.map((id) => bench.page(id, [moved({ asset: fresh }), moved({ asset: coin })])));
  for (const symbol of ['NEW', 'NEWCOIN']) {
    const row = await rowOf<{ n: number }>(bench.db.source, 'select count(*)::int as n from asset where symbol = $1', [
      symbol,
    ]);
    expect([symbol, row?.n]).toEqual([symbol, 1]);
  }
});

test('many may read the same tokens at once, each in an order of its own, and none waits for the other for ever', async () => {
  const tokens = Array.from({ length: 12 }, (_, index) =>
    token({
      contract: `0x00000000000000000000000000000000000001${String(index).padStart(2, '0')}`,
      symbol: `M${index}`,
      identities: [{ provider: 'defillama', externalId: `many:${index}` }],
    }),
  );
  const wallets = await Promise.all(Array.from({ length: 8 }, async () => bench.wallet(await bench.person(), 'many')));
  const turned = (by: number): ChainAsset[] => [...tokens.slice(by), ...tokens.slice(0, by)];
  for (const day of [9, 8, 7, 6]) {
    await Promise.all(
      wallets.map((id, at) =>
        bench.page(
          id,
          turned(at).map((asset) => moved({ asset, at: `2026-01-0${day}T00:00:00.000Z` })),
        ),
      ),
    );
  }
  await Promise.all(
    wallets.map((id, at) =>
      bench.see(
        id,
        NOW,
        turned(at).map((asset) => [asset, '4']),
      ),
    ),
  );
  expect(await bench.balances(wallets[3] ?? '')).toHaveLength(12);
});

test('a sync does not wait for those who record prices of its tokens', async () => {
  const wallet = await bench.wallet(await bench.person(), 'priced');
  await bench.page(wallet, [moved({ asset: USDC })]);
  await bench.db.source.transaction(async (other) => {
    await other.query(
      `insert into price (asset_id, quote_asset_id, at, granularity, value, source)
       select token.asset_id, dollar.id, now(), 'daily', 1, 'test' from asset_identity as token, asset as dollar
       where token.provider = 'contract' and token.external_id like 'priced:%' and dollar.kind = 'fiat' and dollar.symbol = 'USD'`,
    );
    expect(await bench.see(wallet, NOW, [[USDC, '1']])).toBe(true);
  });
});

test('what came unasked is not counted until its holder has paid for moving it; what is known is', async () => {
  const person = await bench.person();
  const wallet = await bench.wallet(person, 'polygon');
  const unasked = token({ contract: '0x00000000000000000000000000000000000000c1', symbol: 'UNASKED' });
  const feigned = token({ contract: '0x00000000000000000000000000000000000000c2', symbol: 'FEIGNED' });
  const swapped = token({ contract: '0x00000000000000000000000000000000000000c3', symbol: 'SWAPPED' });
  const luring = token({
    contract: '0x00000000000000000000000000000000000000c4',
    symbol: 'LURE',
    name: 'visit lure.xyz',
  });
  await bench.page(wallet, [
    moved({ asset: unasked }),
    // A contract says that it went out; nobody paid for that.
    moved({ asset: feigned }),
    moved({ asset: feigned, direction: 'out' }),
    moved({ asset: swapped, transactionId: 'swap' }),
    moved({ asset: COIN, direction: 'fee', quantity: '0.1', transactionId: 'swap' }),
    moved({ asset: luring, transactionId: 'swap' }),
    moved({ asset: USDC }),
  ]);
  expect(await bench.scam('SWAPPED')).toBe('0.4');
  await bench.see(wallet, NOW, [], ['everything']);
  expect(await Promise.all(['UNASKED', 'FEIGNED', 'SWAPPED', 'LURE'].map((symbol) => bench.scam(symbol)))).toEqual([
    '0.4',
    '0.4',
    '0',
    '0.95',
  ]);
  const watched = await rowsOf<{ symbol: string }>(
    bench.db.source,
    `select symbol from price_watch join asset on asset.id = asset_id join holding using (asset_id)
     where holding.user_id = $1 order by 1`,
    [person],
  );
  expect(watched.map(({ symbol }) => symbol)).toEqual(['ETH', 'USDC']);
});

test('what goes from one chain to another of one wallet is found as a transfer, whoever carried it over', async () => {
  const person = await bench.person();
  const address = '0x00000000000000000000000000000000000000dd';
  const [one, other, stranger] = [
    await bench.wallet(person, 'ethereum', address),
    await bench.wallet(person, 'arbitrum-one', address),
    await bench.wallet(person, 'base', 'somewhere else'),
  ];
  const bridged = token({ contract: '0x00000000000000000000000000000000000000e1', identities: USDC.identities });
  await bench.page(one, [
    moved({ asset: USDC, quantity: '50', at: '2026-01-01T00:00:00.000Z' }),
    moved({ asset: USDC, quantity: '20', direction: 'out', at: '2026-02-01T12:00:00.000Z' }),
    moved({ asset: USDC, quantity: '7', direction: 'out', at: '2026-02-05T12:00:00.000Z' }),
  ]);
  await bench.page(other, [moved({ asset: bridged, quantity: '19.99', at: '2026-02-01T12:10:00.000Z' })]);
  await bench.page(stranger, [moved({ asset: bridged, quantity: '7', at: '2026-02-05T12:10:00.000Z' })]);
  await bench.transfers.link(person);
  const linked = await rowsOf<{ quantity: string }>(
    bench.db.source,
    `select trim_scale(quantity)::text as quantity from transaction where user_id = $1 and transfer_group_id is not null order by 1`,
    [person],
  );
  expect(linked.map(({ quantity }) => quantity)).toEqual(['-20', '19.99']);
});

test('a position that a person put into the account by hand is left alone', async () => {
  const person = await bench.person();
  const wallet = await bench.wallet(person);
  const { account_id: account } = await bench.followed(wallet);
  await bench.db.source.query(
    `insert into holding (id, user_id, account_id, asset_id, balance)
     select gen_random_uuid(), $1, $2, id, 7 from asset where kind = 'fiat' and symbol = 'EUR'`,
    [person, account],
  );
  await bench.page(wallet, [moved({ quantity: '1' })]);
  await bench.see(wallet, NOW, []);
  expect(await bench.balances(wallet)).toEqual(['ETH 0', 'EUR 7']);
});

test('a look finds what has changed, and notes when nothing has', async () => {
  const wallet = await bench.wallet(await bench.person());
  await bench.page(wallet, [moved({ quantity: '1' })]);
  await bench.see(wallet, '2026-03-05T00:00:00.000Z', [[COIN, '1']]);
  const look = async (at: string, quantity: string): Promise<boolean> =>
    bench.ledger.confirm(await bench.followed(wallet), { at, balances: [{ asset: COIN, quantity }], gaps: [] });
  expect(await look(NOW, '1')).toBe(true);
  expect(await look('2026-04-02T00:00:00.000Z', '2')).toBe(false);
  const row = await rowOf<{ at: Date }>(bench.db.source, 'select synced_at as at from wallet where id = $1', [wallet]);
  expect(row?.at.toISOString()).toBe(NOW);
});
