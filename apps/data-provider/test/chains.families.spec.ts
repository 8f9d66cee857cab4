import type { WalletRef } from '@scani/cloud';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { post, startStage, type Stage } from './harness.js';
import { BITCOIN, ETHEREUM, NOW, SOLANA, TAPROOT, TON, TRON, held, sums, walk } from './wallets.js';

let stage: Stage;
beforeAll(async () => {
  stage = await startStage({}, {}, () => NOW);
});
afterEach(() => {
  stage.world.heal();
  stage.world.forgetRequests();
});
afterAll(() => stage.close());

const WALLETS: readonly (readonly [what: string, wallet: WalletRef, pages: number])[] = [
  ['Bitcoin', BITCOIN, 3],
  ['taproot', TAPROOT, 1],
  ['Ethereum', ETHEREUM, 2],
  ['Arbitrum', { chain: 'arbitrum-one', address: ETHEREUM.address }, 1],
  ['Polygon', { chain: 'polygon', address: ETHEREUM.address }, 1],
  ['Solana', SOLANA, 4],
  ['Tron', TRON, 2],
  ['TON', TON, 2],
  ['OP Mainnet', { chain: 'optimism', address: ETHEREUM.address }, 1],
];

describe.each(WALLETS)('%s', (_what, wallet, pages) => {
  test('all pages tell every movement once, and together they are the balance', async () => {
    const walked = await walk(stage.client, wallet);
    expect(walked.pages).toBe(pages);
    const ids = walked.movements.map(({ externalId }) => externalId);
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids.length).toBeGreaterThan(0);
    const balance = await held(stage.client, wallet);
    expect(Object.keys(balance).length).toBeGreaterThan(0);
    expect(sums(walked.movements)).toEqual(balance);
  });

  test('asked again, nothing is new; from the beginning, the same ids', async () => {
    const [first, again] = [await walk(stage.client, wallet), await walk(stage.client, wallet)];
    expect(again.movements).toEqual(first.movements);
    expect(await stage.client.walletMovements(wallet, first.cursor)).toMatchObject({ movements: [], more: false });
  });
});

describe('bitcoin', () => {
  test('what comes later is told by the cursor of before, and only that', async () => {
    let now = Date.parse('2025-03-01T00:00:00Z');
    const later = await startStage({}, {}, () => now);
    try {
      const before = await walk(later.client, BITCOIN);
      now = NOW;
      const other = await startStage({}, { ...later.world.urls }, () => now);
      const since = await walk(other.client, BITCOIN, before.cursor);
      await other.close();
      const all = await walk(stage.client, BITCOIN);
      expect(since.movements.length).toBeGreaterThan(0);
      expect([...before.movements, ...since.movements].map(({ externalId }) => externalId).sort()).toEqual(
        all.movements.map(({ externalId }) => externalId).sort(),
      );
    } finally {
      await later.close();
    }
  });

  test('change is no movement, to oneself only the fee, mined coins come from nobody', async () => {
    const { movements } = await walk(stage.client, BITCOIN);
    const byTransaction = Map.groupBy(movements, ({ transactionId }) => transactionId);
    const shapes = [...byTransaction.values()].map((each) => each.map(({ direction }) => direction).join('+'));
    expect(new Set(shapes)).toEqual(new Set(['in', 'out', 'out+fee', 'fee']));
    expect(movements.some((each) => each.direction === 'in' && each.counterparty === null)).toBe(true);
  });

  test('what is in no block yet is named as a gap', async () => {
    expect((await stage.client.walletBalances(BITCOIN)).gaps).toEqual([
      'Payments that are in no block yet are left out.',
    ]);
  });
});

describe('evm', () => {
  test('a failed transaction costs its fee, one to oneself too, and a contract that is made is the other side', async () => {
    const { movements } = await walk(stage.client, { chain: 'arbitrum-one', address: ETHEREUM.address });
    const byTransaction = Map.groupBy(movements, ({ transactionId }) => transactionId);
    const shapes = new Set([...byTransaction.values()].map((each) => each.map(({ direction }) => direction).join('+')));
    // Given back by a contract: value out, some of it in, the fee.
    expect(shapes).toEqual(new Set(['in', 'out+fee', 'fee', 'fee+out', 'out+in+fee', 'in+fee+out', 'in+in']));
    expect(movements.filter(({ direction }) => direction === 'fee').map(({ counterparty }) => counterparty)).toContain(
      null,
    );
  });

  test('tokens keep their decimals, say what they are known as, and what is absurd is left out', async () => {
    const { balances, gaps } = await stage.client.walletBalances(ETHEREUM);
    const bySymbol = new Map(balances.map((each) => [each.asset.symbol, each]));
    expect(bySymbol.get('USDC')?.asset).toMatchObject({
      contract: '0xA0b86991c6218b36c1d19D4a2e9Eb0cE3606eB48',
      decimals: 6,
      identities: [
        { provider: 'defillama', externalId: 'ethereum:0xa0b86991c6218b36c1d19d4a2e9eb0ce3606eb48' },
        { provider: 'coingecko', externalId: 'usd-coin' },
      ],
    });
    expect(bySymbol.get('THIN')?.quantity).toMatch(/^\d+\.\d{15,24}$/);
    expect(bySymbol.get('Visit claim-usdc.example to claim')?.quantity).toMatch(/^\d+$/);
    expect(bySymbol.has('MAX')).toBe(false);
    expect(gaps).toEqual([
      expect.stringContaining('added up from their transfers') as string,
      '1 tokens with impossible amounts are left out.',
    ]);
  });

  test('one token twice in one transaction is two movements', async () => {
    const { movements } = await walk(stage.client, ETHEREUM);
    const twice = [...Map.groupBy(movements, ({ transactionId }) => transactionId).values()].find(
      (each) => each.length === 2 && each.every(({ quantity }) => quantity === '5'),
    );
    expect(twice?.map(({ direction }) => direction)).toEqual(['in', 'in']);
  });

  test('a limit by the second is waited for; a free key does not read every chain; a wrong one none', async () => {
    const fresh = await startStage({}, { ETHERSCAN_API_KEY: 'free-key' }, () => NOW);
    const wrong = await startStage({}, { ETHERSCAN_API_KEY: 'wrong-key' }, () => NOW);
    const none = await startStage({}, { ETHERSCAN_API_KEY: '' }, () => NOW);
    try {
      fresh.world.fail({ service: 'etherscan', kind: 'status', status: 429, times: 1 });
      expect((await walk(fresh.client, ETHEREUM)).pages).toBe(2);
      fresh.world.fail({ service: 'etherscan', kind: 'status', status: 429 });
      const limited = await post(fresh, '/v1/chains/balances', { ...ETHEREUM, chain: 'linea' });
      expect([limited.status, limited.headers.get('retry-after')]).toEqual([503, '1']);
      expect(await limited.json()).toMatchObject({ code: 'chain-limited' });
      fresh.world.heal();
      await expect(fresh.client.walletBalances({ ...ETHEREUM, chain: 'base' })).rejects.toMatchObject({
        problem: 'chain-not-covered',
      });
      await expect(wrong.client.walletBalances(ETHEREUM)).rejects.toMatchObject({ problem: 'chain-key-refused' });
      await expect(none.client.walletBalances(ETHEREUM)).rejects.toMatchObject({ problem: 'chain-not-offered' });
      expect((await none.client.capabilities()).chains).not.toContain('ethereum');
      expect((await none.client.balancesOfWallets([ETHEREUM, BITCOIN])).map(({ problem }) => problem?.reason)).toEqual([
        'not-offered',
        undefined,
      ]);
    } finally {
      await Promise.all([fresh.close(), wrong.close(), none.close()]);
    }
  }, 15_000);

  test('however the address is written, it is one wallet', async () => {
    const lower = { ...ETHEREUM, address: ETHEREUM.address.toLowerCase() };
    const { cursor } = await stage.client.walletMovements(ETHEREUM, undefined);
    expect((await stage.client.walletMovements(lower, cursor)).more).toBe(false);
  });
});

describe('solana', () => {
  test('tokens that only touch their own account are told, by name; NFTs are not', async () => {
    const { balances } = await stage.client.walletBalances(SOLANA);
    expect(balances.map(({ asset }) => [asset.symbol, asset.decimals, asset.identities.at(-1)?.externalId])).toEqual([
      ['SOL', 9, 'solana'],
      ['USDC', 6, 'usd-coin'],
      ['claim at sol-gift.example', 0, expect.stringMatching(/^solana:/) as string],
    ]);
    const { movements } = await walk(stage.client, SOLANA);
    const first = movements.find(({ asset }) => asset.contract !== null);
    expect(first).toMatchObject({ direction: 'in', asset: { symbol: 'USDC', name: 'USD Coin' } });
    expect(first?.counterparty).toMatch(/^[1-9A-HJ-NP-Za-km-z]{32,44}$/);
  });

  test('the fee is told where the wallet paid it, of a failed transaction alone; a swap is out and in', async () => {
    const { movements } = await walk(stage.client, SOLANA);
    const byTransaction = Map.groupBy(movements, ({ transactionId }) => transactionId);
    const shapes = new Set([...byTransaction.values()].map((each) => each.map(({ direction }) => direction).join('+')));
    expect(shapes).toEqual(new Set(['in', 'out+fee', 'out+fee+out', 'fee', 'in+fee+out', 'out']));
  });

  test('a wrong key is told as such', async () => {
    const wrong = await startStage({}, { HELIUS_API_KEY: 'nobody-knows-this' }, () => NOW);
    try {
      await expect(wrong.client.walletBalances(SOLANA)).rejects.toMatchObject({ problem: 'chain-key-refused' });
      await expect(wrong.client.walletMovements(SOLANA, undefined)).rejects.toMatchObject({
        problem: 'chain-key-refused',
      });
    } finally {
      await wrong.close();
    }
  });
});

describe('tron', () => {
  test('what is frozen is still there, rewards come from nobody, failed calls cost their fee', async () => {
    const { balances, gaps } = await stage.client.walletBalances(TRON);
    expect(balances.map(({ asset }) => [asset.symbol, asset.decimals]).sort()).toEqual([
      ['THIN', 24],
      ['TRX', 6],
      ['USDT', 6],
      ['trx-bonus.example', 0],
    ]);
    expect(gaps).toEqual([]);
    const { movements } = await walk(stage.client, TRON);
    const rewards = movements.filter((each) => each.direction === 'in' && each.counterparty === null);
    expect(new Set(rewards.map(({ quantity, asset }) => `${quantity} ${asset.symbol}`))).toEqual(
      new Set(['3.141592 TRX']),
    );
    const byTransaction = Map.groupBy(movements, ({ transactionId }) => transactionId);
    const shapes = new Set([...byTransaction.values()].map((each) => each.map(({ direction }) => direction).join('+')));
    expect(shapes).toEqual(new Set(['in', 'out+fee', 'fee', 'fee+out', 'out+fee+in']));
  });

  test('asked too often by a 403 is a limit; a wrong key is told as such', async () => {
    const wrong = await startStage({}, { TRONGRID_API_KEY: 'nobody-knows-this' }, () => NOW);
    try {
      await expect(wrong.client.walletBalances(TRON)).rejects.toMatchObject({ problem: 'chain-key-refused' });
      wrong.world.fail({ service: 'tron', kind: 'status', status: 403 });
      await expect(wrong.client.walletBalances(TRON)).rejects.toMatchObject({
        problem: 'chain-limited',
        retryAfterSeconds: 30,
      });
    } finally {
      await wrong.close();
    }
  });
});

describe('ton', () => {
  test('messages are movements, what bounced came back, what is not described is named as a gap', async () => {
    const { balances, gaps } = await stage.client.walletBalances(TON);
    expect(balances.map(({ asset }) => [asset.symbol, asset.decimals, asset.identities])).toEqual([
      ['TON', 9, [{ provider: 'coingecko', externalId: 'the-open-network' }]],
      [
        'USD₮',
        6,
        [
          { provider: 'defillama', externalId: 'ton:EQCxE6mUtQJKFnGfaROTKOt1lZbDiiX1kCixRv7Nw2Id_sDs' },
          { provider: 'coingecko', externalId: 'tether' },
        ],
      ],
      ['t.me/ton-gift', 0, expect.anything()],
    ]);
    expect(gaps).toEqual(['1 tokens of which nothing is known are left out.']);
    const { movements } = await walk(stage.client, TON);
    const byTransaction = Map.groupBy(movements, ({ transactionId }) => transactionId);
    const shapes = new Set([...byTransaction.values()].map((each) => each.map(({ direction }) => direction).join('+')));
    expect(shapes).toEqual(new Set(['in+fee', 'in', 'out+fee', 'out', 'out+out+fee']));
  });

  test('the public server is not asked without a key; a wrong key is told as such', async () => {
    const none = await startStage({}, { TON_URL: 'https://toncenter.com/api/v3', TON_API_KEY: '' }, () => NOW);
    const own = await startStage({}, { TON_API_KEY: '' }, () => NOW);
    const wrong = await startStage({}, { TON_API_KEY: 'nobody-knows-this' }, () => NOW);
    try {
      await expect(none.client.walletBalances(TON)).rejects.toMatchObject({ problem: 'chain-not-offered' });
      expect((await own.client.walletBalances(TON)).balances).toHaveLength(3);
      await expect(wrong.client.walletBalances(TON)).rejects.toMatchObject({ problem: 'chain-key-refused' });
    } finally {
      await Promise.all([none.close(), own.close(), wrong.close()]);
    }
  });
});
