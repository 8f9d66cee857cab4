import type { ChainAsset, ChainMovement, WalletBalances } from '@scani/cloud';
import { decimal, Decimal, sum, ZERO } from '@scani/money';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { differs, draftsOf, type Held, observationsOf } from './movement.drafts.js';

const AT = '2026-03-01T12:00:00.000Z';
const asset = (contract: string | null): ChainAsset => ({
  contract,
  symbol: 'X',
  name: 'X',
  decimals: 18,
  identities: [],
});
const COIN = asset(null);
const TOKEN = asset('0xAbC0000000000000000000000000000000000001');
const ids = new Map([
  ['', 'coin'],
  ['0xabc0000000000000000000000000000000000001', 'token'],
]);

const movement = (fields: Partial<ChainMovement>): ChainMovement => ({
  externalId: 'one',
  transactionId: 'tx',
  at: AT,
  direction: 'in',
  quantity: '1',
  asset: COIN,
  counterparty: null,
  ...fields,
});
const balances = (of: [ChainAsset, string][], gaps: string[] = []): WalletBalances => ({
  at: AT,
  balances: of.map(([what, quantity]) => ({ asset: what, quantity })),
  gaps,
});

test('what comes in is added, what goes out and what the chain was paid is taken away', () => {
  const drafts = draftsOf(
    [
      movement({ externalId: 'a', counterparty: '0x1' }),
      movement({ externalId: 'b', direction: 'out', quantity: '0.4', asset: TOKEN }),
      movement({ externalId: 'c', direction: 'fee', quantity: '0.000021' }),
    ],
    ids,
  );
  expect(
    drafts.map(({ kind, quantity, assetId, counterparty }) => [kind, quantity.toString(), assetId, counterparty]),
  ).toEqual([
    ['transfer-in', '1', 'coin', '0x1'],
    ['transfer-out', '-0.4', 'token', undefined],
    ['fee', '-0.000021', 'coin', undefined],
  ]);
});

const quantity = fc
  .tuple(fc.bigInt({ min: 0n, max: 10n ** 30n - 1n }), fc.bigInt({ min: 0n, max: 10n ** 18n - 1n }))
  .filter(([whole, part]) => whole + part > 0n)
  .map(([whole, part]) => `${whole}.${String(part).padStart(18, '0')}`);
const anyMovement = fc.record({
  direction: fc.constantFrom('in' as const, 'out' as const, 'fee' as const),
  quantity,
  asset: fc.constantFrom(COIN, TOKEN),
});

test('the drafts of a whole history add up to what came in less what went out, to the last digit', () => {
  fc.assert(
    fc.property(fc.array(anyMovement), (told) => {
      const movements = told.map((one, index) => movement({ ...one, externalId: String(index) }));
      const drafts = draftsOf(movements, ids);
      for (const [what, id] of [
        [COIN, 'coin'],
        [TOKEN, 'token'],
      ] as const) {
        const mine = movements.filter((one) => one.asset === what);
        const total = (direction: boolean): Decimal =>
          sum(mine.filter((one) => (one.direction === 'in') === direction).map((one) => decimal(one.quantity)));
        const drafted = sum(drafts.filter(({ assetId }) => assetId === id).map((draft) => draft.quantity));
        expect(drafted.eq(total(true).minus(total(false)))).toBe(true);
      }
    }),
  );
});

test('what nobody could own, or has more decimals than are kept, does not break the ledger', () => {
  const told = [
    movement({ externalId: 'huge', quantity: `1${'0'.repeat(31)}` }),
    movement({ externalId: 'dust', quantity: `0.${'0'.repeat(24)}1` }),
    movement({ externalId: 'fine', quantity: `1.${'0'.repeat(23)}19` }),
  ];
  expect(draftsOf(told, ids).map((draft) => [draft.externalId, draft.quantity.toFixed()])).toEqual([
    ['fine', `1.${'0'.repeat(23)}1`],
  ]);
});

const held = (assetId: string, balance: string, seen = true): Held => ({ assetId, balance: decimal(balance), seen });
const seen = (told: WalletBalances, before: Held[]): [string, string][] =>
  observationsOf(told, ids, before).map(({ assetId, balance }) => [assetId, balance.toString()]);

test('a balance is told to the ledger when it says something new', () => {
  expect(seen(balances([[COIN, '2']]), [])).toEqual([['coin', '2']]);
  expect(seen(balances([[COIN, '2']]), [held('coin', '2', false)])).toEqual([['coin', '2']]);
  expect(seen(balances([[COIN, '2.0']]), [held('coin', '2')])).toEqual([]);
  expect(seen(balances([[COIN, '3']]), [held('coin', '2')])).toEqual([['coin', '3']]);
});

test('what is absent is empty, but not where the source could not tell everything', () => {
  const before = [held('coin', '2'), held('token', '5')];
  expect(seen(balances([[COIN, '2']]), before)).toEqual([['token', ZERO.toString()]]);
  expect(seen(balances([[COIN, '2']], ['tokens beyond the first 1000']), before)).toEqual([]);
  expect(seen(balances([[COIN, '2']]), [held('coin', '2'), held('token', '0')])).toEqual([]);
});

test('a wallet differs when there is a token of which nothing is known, too', () => {
  const onlyCoin = new Map([['', 'coin']]);
  const told = balances([
    [COIN, '2'],
    [TOKEN, '1'],
  ]);
  expect(differs(told, onlyCoin, [held('coin', '2')])).toBe(true);
  expect(differs(told, ids, [held('coin', '2'), held('token', '1')])).toBe(false);
  expect(differs(told, ids, [held('coin', '2'), held('token', '1.1')])).toBe(true);
});
