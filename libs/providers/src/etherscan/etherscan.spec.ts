import { expect, test } from 'vitest';
import type { Lent } from '../provider.js';
import { lentReply } from '../testing/fixtures.js';
import { etherscan } from './etherscan.js';

const NOW = '2026-01-03T12:00:00.000Z';
const WALLET = '0xd8dA6BF26964aF9D7eEd9e03E53415D37aA96045';
const FRIEND = '0x00000000219ab540356cBB839Cbe05303d7705Fa';
const chains = etherscan({ url: 'https://api.etherscan.io/v2/api', apiKey: 'a-key' });
const HASH = `0x${'ab'.repeat(32)}`;

/** Answers by the action that is asked for. */
function lentLists(lists: Record<string, unknown>): Lent {
  return {
    http: ({ url }) => {
      const result = lists[new URL(url).searchParams.get('action') ?? ''] ?? [];
      const found = !Array.isArray(result) || result.length > 0;
      const text = JSON.stringify({
        status: found ? '1' : '0',
        message: found ? 'OK' : 'No transactions found',
        result,
      });
      return Promise.resolve({ status: 200, text, header: () => undefined });
    },
    now: () => new Date(NOW),
  };
}

const row = (more: Record<string, string>): Record<string, string> => ({
  blockNumber: '17',
  timeStamp: '1700000000',
  hash: HASH,
  from: WALLET.toLowerCase(),
  to: FRIEND.toLowerCase(),
  value: '1000000000000000000',
  contractAddress: '',
  gasUsed: '21000',
  gasPrice: '1000000000',
  isError: '0',
  ...more,
});

test.each<[string, string]>([
  ['Max calls per sec rate limit reached (3/sec)', 'limited'],
  ['Max rate limit reached, please use API Key for higher rate limit', 'limited'],
  ['Max daily rate limit reached. 110000 (100%) of 100000 day/limit', 'limited'],
  ['Too many invalid api key attempts, please try again later', 'limited'],
  ['Invalid API Key (#err2)|a-key', 'unauthorized'],
  ['Missing/Invalid API Key', 'unauthorized'],
  ['Free API access is not supported for this chain. Please upgrade your api plan', 'not-covered'],
  ['Query Timeout occured. Please select a smaller result dataset', 'failed'],
])('%s is %s, and none of the words are told on', async (result, code) => {
  const { lent } = lentReply({ text: JSON.stringify({ status: '0', message: 'NOTOK', result }) }, NOW);
  const asked = chains.balances('ethereum', WALLET, lent);
  await expect(asked).rejects.toMatchObject({ code });
  await expect(asked).rejects.not.toThrow(/a-key/);
});

test('a transfer of POL that Polygon also lists as a token is told once; one that it lists only so, too', async () => {
  const contractAddress = '0x0000000000000000000000000000000000001010';
  const asToken = row({ contractAddress, tokenSymbol: 'POL', tokenName: 'POL', tokenDecimal: '18' });
  const both = await chains.movements(
    'polygon',
    WALLET,
    undefined,
    lentLists({ txlist: [row({})], tokentx: [asToken] }),
  );
  expect(both.movements.map(({ direction, quantity, asset }) => [direction, quantity, asset.symbol])).toEqual([
    ['out', '1', 'POL'],
    ['fee', '0.000021', 'POL'],
  ]);
  const only = await chains.movements('polygon', WALLET, undefined, lentLists({ tokentx: [asToken] }));
  expect(only.movements.map(({ direction, asset }) => [direction, asset.contract])).toEqual([['out', null]]);
  const balances = await chains.balances('polygon', WALLET, lentLists({ balance: '5', tokentx: [asToken] }));
  expect(balances.balances.map(({ quantity }) => quantity)).toEqual(['0.000000000000000005']);
});

test('a token of which more went out than came in is left out, and that is said', async () => {
  const out = row({ contractAddress: FRIEND, tokenSymbol: 'X', tokenName: 'X', tokenDecimal: '0', value: '7' });
  const { balances, gaps } = await chains.balances('ethereum', WALLET, lentLists({ balance: '0', tokentx: [out] }));
  expect(balances).toEqual([]);
  expect(gaps.at(-1)).toBe('1 tokens of which more went out than came in are left out.');
});

test.each([
  ['a balance that is no number', { balance: '0x12' }],
  ['a record without a hash', { balance: '1', tokentx: [row({ hash: 'x' })] }],
  ['a list that is none', { balance: '1', tokentx: 'oops' }],
])('%s is not used', async (_what, lists) => {
  await expect(chains.balances('ethereum', WALLET, lentLists(lists))).rejects.toMatchObject({ code: 'malformed' });
});

test('a cursor that it never gave is refused', async () => {
  for (const cursor of ['', '-1', '1.5', 'x', '1&apikey=2'])
    await expect(chains.movements('ethereum', WALLET, cursor, lentLists({}))).rejects.toMatchObject({
      name: 'BadCursor',
    });
});

test('each chain has a number and a word of its own', () => {
  expect(new Set(chains.chains.map(({ id }) => id)).size).toBe(chains.chains.length);
  expect(chains.chains.length).toBeGreaterThan(30);
  expect(etherscan({ url: 'https://x' }).offered).toBe(false);
});
