import type { ChainMovement, CloudClient, WalletRef } from '@scani/cloud';
import { decimal } from '@scani/money';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
// The world is a tool, not a project on a shelf.
// eslint-disable-next-line @nx/enforce-module-boundaries
import { DEMO_WALLETS } from '../../../tools/outside-world/chain.ts';
import { post, startStage, type Stage } from './harness.js';

const NOW = Date.parse('2026-11-20T17:00:00Z');
const BITCOIN: WalletRef = { chain: 'bitcoin', address: DEMO_WALLETS.bitcoin };
const ETHEREUM: WalletRef = { chain: 'ethereum', address: DEMO_WALLETS.evm };

const SOLANA: WalletRef = { chain: 'solana', address: DEMO_WALLETS.solana };

const TRON: WalletRef = { chain: 'tron', address: DEMO_WALLETS.tron };
const TON: WalletRef = { chain: 'ton', address: DEMO_WALLETS.ton };

let stage: Stage;
beforeAll(async () => {
  stage = await startStage({}, {}, () => NOW);
});
afterEach(() => {
  stage.world.heal();
  stage.world.forgetRequests();
});
afterAll(() => stage.close());

/** All pages from a cursor to the end. */
async function walk(client: CloudClient, wallet: WalletRef, from?: string) {
  const movements: ChainMovement[] = [];
  let pages = 0;
  let cursor = from;
  for (;;) {
    const page = await client.walletMovements(wallet, cursor);
    movements.push(...page.movements);
    cursor = page.cursor;
    pages++;
    if (!page.more) return { movements, cursor, pages };
  }
}

/** What movements leave of each asset, by contract; none where it is zero. */
function sums(movements: readonly ChainMovement[]): Record<string, string> {
  const left = new Map<string, ReturnType<typeof decimal>>();
  for (const { asset, direction, quantity } of movements) {
    const key = asset.contract ?? 'native';
    const before = left.get(key) ?? decimal('0');
    left.set(key, direction === 'in' ? before.plus(decimal(quantity)) : before.minus(decimal(quantity)));
  }
  return Object.fromEntries([...left].filter(([, sum]) => !sum.isZero()).map(([key, sum]) => [key, sum.toFixed()]));
}

async function held(client: CloudClient, wallet: WalletRef): Promise<Record<string, string>> {
  const { balances } = await client.walletBalances(wallet);
  return Object.fromEntries(balances.map(({ asset, quantity }) => [asset.contract ?? 'native', quantity]));
}

const WALLETS: readonly (readonly [what: string, wallet: WalletRef, pages: number])[] = [
  ['Bitcoin', BITCOIN, 3],
  ['taproot', { chain: 'bitcoin', address: DEMO_WALLETS.bitcoinTaproot }, 1],
  ['Ethereum', ETHEREUM, 2],
  ['Arbitrum', { chain: 'arbitrum-one', address: DEMO_WALLETS.evm }, 1],
  ['Polygon', { chain: 'polygon', address: DEMO_WALLETS.evm }, 1],
  ['Solana', SOLANA, 4],
  ['Tron', TRON, 2],
  ['TON', TON, 2],
  ['OP Mainnet', { chain: 'optimism', address: DEMO_WALLETS.evm }, 1],
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
    const { movements } = await walk(stage.client, { chain: 'arbitrum-one', address: DEMO_WALLETS.evm });
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

describe('names', () => {
  test.each([
    ['vitalik.eth', 'vitalik.eth'],
    ['  Vitalik.ETH ', 'vitalik.eth'],
    ['VITALIK.eth', 'vitalik.eth'],
  ])('%s is found', async (asked, name) => {
    expect(await stage.client.resolveName(asked)).toEqual({ name, family: 'evm', address: DEMO_WALLETS.evm });
  });

  test.each([
    ['nobody-has-this.eth', 404, 'name-unknown'],
    ['unset.eth', 404, 'name-unknown'],
    ['broken.eth', 404, 'name-unknown'],
    ['jesse.base.eth', 422, 'name-off-chain'],
    ['no dots', 422, 'bad-name'],
    ['a..eth', 422, 'bad-name'],
    ['vit\u0430lik.eth', 422, 'bad-name'],
    [`${'a'.repeat(250)}`, 422, 'bad-name'],
  ])('%s is refused: %i %s', async (name, status, code) => {
    const response = await post(stage, '/v1/chains/names', { name });
    expect([response.status, ((await response.json()) as { code: string }).code]).toEqual([status, code]);
    // Whatever a name says, nobody but the node is asked, and once.
    expect(stage.world.requests('ethereum-rpc').length).toBeLessThanOrEqual(1);
  });

  test('asked again, nobody is asked; trouble is told, and a node that is not set is named', async () => {
    await stage.client.resolveName('scani-demo.eth');
    stage.world.fail({ service: 'ethereum-rpc', kind: 'status', status: 429, retryAfterSeconds: 40 });
    expect((await stage.client.resolveName('scani-demo.eth')).address).toBe(DEMO_WALLETS.evm);
    const none = await startStage({}, { ETHEREUM_RPC_URL: '' }, () => NOW);
    const fresh = await startStage({}, {}, () => NOW);
    try {
      await expect(none.client.resolveName('vitalik.eth')).rejects.toMatchObject({ problem: 'chain-not-offered' });
      fresh.world.fail({ service: 'ethereum-rpc', kind: 'status', status: 429, retryAfterSeconds: 40 });
      await expect(fresh.client.resolveName('vitalik.eth')).rejects.toMatchObject({
        problem: 'chain-limited',
        retryAfterSeconds: 40,
      });
    } finally {
      await Promise.all([none.close(), fresh.close()]);
    }
  });
});

describe('what is asked for', () => {
  test('an address with nothing has nothing', async () => {
    const empty = { chain: 'bitcoin', address: '1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa' };
    expect(await stage.client.walletBalances(empty)).toMatchObject({ balances: [], gaps: [] });
    expect(await walk(stage.client, empty)).toMatchObject({ movements: [], pages: 1 });
  });

  test.each([
    ['a chain that nobody knows', { chain: 'dogecoin', address: 'D' }, '/chain'],
    ['an address with a slip', { ...BITCOIN, address: `${BITCOIN.address.slice(0, -1)}x` }, '/address'],
    ['an address of another chain', { ...BITCOIN, address: DEMO_WALLETS.evm }, '/address'],
  ])('%s is refused by name, and nobody is asked', async (_what, wallet, pointer) => {
    for (const path of ['/v1/chains/balances', '/v1/chains/movements']) {
      const response = await post(stage, path, wallet);
      expect(response.status).toBe(422);
      expect(await response.json()).toMatchObject({ code: 'bad-wallet', errors: [{ pointer }] });
    }
    const many = await post(stage, '/v1/chains/balances/batch', { wallets: [BITCOIN, wallet] });
    expect(await many.json()).toMatchObject({ code: 'bad-wallet', errors: [{ pointer: `/wallets/1${pointer}` }] });
    expect(stage.world.requests('esplora')).toEqual([]);
  });

  test('a cursor that was tampered with, or belongs to another wallet, is refused by name', async () => {
    const { cursor } = await stage.client.walletMovements(BITCOIN, undefined);
    const other = { chain: 'bitcoin', address: DEMO_WALLETS.bitcoinTaproot };
    for (const [wallet, wrong] of [
      [BITCOIN, `${cursor}x`],
      [BITCOIN, cursor.replace(/.$/, (last) => (last === 'A' ? 'B' : 'A'))],
      [BITCOIN, 'abc'],
      [other, cursor],
    ] as const) {
      const response = await post(stage, '/v1/chains/movements', { ...wallet, cursor: wrong });
      expect(response.status).toBe(422);
      expect(await response.json()).toMatchObject({ code: 'bad-cursor', errors: [{ pointer: '/cursor' }] });
    }
  });

  test('51 wallets at once are too many, 50 are not', async () => {
    const wallets = Array.from({ length: 51 }, () => BITCOIN);
    expect((await post(stage, '/v1/chains/balances/batch', { wallets })).status).toBe(422);
    expect((await stage.client.balancesOfWallets(wallets)).filter((each) => each.balances === null)).toEqual([]);
  });

  test('asked again at once, nobody is asked', async () => {
    const fresh = await startStage({}, {}, () => NOW);
    try {
      const first = [await fresh.client.walletBalances(BITCOIN), await walk(fresh.client, BITCOIN)];
      fresh.world.forgetRequests();
      expect([await fresh.client.walletBalances(BITCOIN), await walk(fresh.client, BITCOIN)]).toEqual(first);
      expect(fresh.world.requests('esplora')).toEqual([]);
    } finally {
      await fresh.close();
    }
  });
});

describe('many wallets', () => {
  test('each says what it has or why not', async () => {
    const fresh = await startStage({ policy: { attempts: 1 } }, {}, () => NOW);
    try {
      fresh.world.fail({ service: 'esplora', kind: 'status', status: 500 });
      const answers = await fresh.client.balancesOfWallets([BITCOIN, SOLANA, TRON, TON]);
      expect(answers.map(({ problem }) => problem)).toEqual([
        { reason: 'failed', detail: 'esplora: answered 500', retryAfterSeconds: 30 },
        null,
        null,
        null,
      ]);
    } finally {
      await fresh.close();
    }
  });

  test('those for which no time is left are told to come back, and then what was read is known', async () => {
    const fresh = await startStage({ walletsMs: 1_000 }, {}, () => NOW);
    try {
      await fresh.client.walletBalances(SOLANA);
      fresh.world.fail({ service: 'tron', kind: 'hang' });
      const wallets = [TRON, TRON, TRON, TRON, TON, SOLANA];
      const answers = await fresh.client.balancesOfWallets(wallets);
      expect(answers.map(({ problem }) => problem?.reason)).toEqual([...Array<string>(5).fill('limited'), undefined]);
      expect(answers[0]?.problem?.retryAfterSeconds).toBe(1);
      fresh.world.heal();
      const again = await fresh.client.balancesOfWallets(wallets);
      expect(again.filter(({ balances }) => balances === null)).toEqual([]);
    } finally {
      await fresh.close();
    }
  });
});

describe('when a source is in trouble', () => {
  test.each([
    ['limited', { kind: 'status', status: 429, retryAfterSeconds: 17 } as const, 'chain-limited', 17],
    ['out of order', { kind: 'status', status: 500 } as const, 'chain-unavailable', 30],
    ['nonsense', { kind: 'malformed' } as const, 'chain-unavailable', 60],
    ['far too long', { kind: 'huge' } as const, 'chain-unavailable', 60],
    ['silent', { kind: 'hang' } as const, 'chain-unavailable', 30],
    ['cut off', { kind: 'reset' } as const, 'chain-unavailable', 30],
  ])('%s: told as such, with when to come back, and nothing of it is kept', async (_what, fault, code, seconds) => {
    const fresh = await startStage({ timeoutMs: 500 }, {}, () => NOW);
    try {
      fresh.world.fail({ service: 'esplora', ...fault });
      for (const path of ['/v1/chains/balances', '/v1/chains/movements']) {
        const response = await post(fresh, path, BITCOIN);
        expect(response.status).toBe(503);
        // A pause that was asked for is shorter when it is told for the second time.
        expect(Math.abs(Number(response.headers.get('retry-after')) - seconds)).toBeLessThanOrEqual(2);
        expect(await response.json()).toMatchObject({ code });
      }
      const [one] = await fresh.client.balancesOfWallets([BITCOIN]);
      expect(one).toMatchObject({ balances: null, problem: { detail: expect.stringContaining('esplora') as string } });
    } finally {
      await fresh.close();
    }
  });

  test('healed, it answers', async () => {
    const fresh = await startStage({ policy: { attempts: 1 } }, {}, () => NOW);
    try {
      fresh.world.fail({ service: 'esplora', kind: 'status', status: 500, times: 1 });
      await expect(fresh.client.walletBalances(BITCOIN)).rejects.toMatchObject({ problem: 'chain-unavailable' });
      expect((await fresh.client.walletBalances(BITCOIN)).balances).toHaveLength(1);
    } finally {
      await fresh.close();
    }
  });
});

test('the chains that are known say whether they are read', async () => {
  const chains = await stage.client.chains();
  expect(chains.find(({ id }) => id === 'bitcoin')).toMatchObject({ family: 'bitcoin', offered: true });
  expect((await stage.client.capabilities()).chains).toEqual(
    chains.filter(({ offered }) => offered).map(({ id }) => id),
  );
});
