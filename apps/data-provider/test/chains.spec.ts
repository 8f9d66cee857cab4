import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { post, startStage, type Stage } from './harness.js';
import { BITCOIN, ETHEREUM, NOW, SOLANA, TAPROOT, TON, TRON, walk } from './wallets.js';

let stage: Stage;
beforeAll(async () => {
  stage = await startStage({}, {}, () => NOW);
});
afterEach(() => {
  stage.world.heal();
  stage.world.forgetRequests();
});
afterAll(() => stage.close());

describe('names', () => {
  test.each([
    ['vitalik.eth', 'vitalik.eth'],
    ['  Vitalik.ETH ', 'vitalik.eth'],
    ['VITALIK.eth', 'vitalik.eth'],
  ])('%s is found', async (asked, name) => {
    expect(await stage.client.resolveName(asked)).toEqual({ name, family: 'evm', address: ETHEREUM.address });
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
    expect((await stage.client.resolveName('scani-demo.eth')).address).toBe(ETHEREUM.address);
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
    ['an address of another chain', { ...BITCOIN, address: ETHEREUM.address }, '/address'],
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
    const other = TAPROOT;
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
