import { describe, expect, it } from 'vitest';
import type { AddressPlace, Wallet } from '../../api/models';
import { firstChoice, likelyFirst, readWords, shortAddress, walletTag, whyNot } from './words';

const place = (id: string, offered = true, walletId: string | null = null): AddressPlace => ({
  chain: { id, name: id, family: 'evm', symbol: 'X', offered, missing: offered ? null : 'needs a key' },
  address: '0x1',
  walletId,
});

describe('what is chosen at first', () => {
  it('is the only chain there is, where it can be followed', () => {
    expect(firstChoice([place('bitcoin')])).toEqual(['bitcoin']);
    expect(firstChoice([place('bitcoin', true, 'w')])).toEqual([]);
    expect(firstChoice([place('bitcoin', false)])).toEqual([]);
  });
  it('is Ethereum of many, and none of the others', () => {
    expect(firstChoice([place('base'), place('ethereum')])).toEqual(['ethereum']);
    expect(firstChoice([place('base'), place('polygon')])).toEqual([]);
  });
  it('stands first, and the others as they were', () => {
    const places = ['base', 'celo', 'ethereum', 'polygon'].map((id) => place(id));
    expect(likelyFirst(places).map(({ chain }) => chain.id)).toEqual(['ethereum', 'base', 'celo', 'polygon']);
  });
});

it('says of a wallet in a list only what is not as it should be', () => {
  const wallet = (state: Partial<Wallet>) => ({ sync: null, problem: null, syncedAt: null, ...state }) as Wallet;
  const sync = { jobId: 'j', state: 'active' as const, done: 1, canCancel: true };
  const problem = { code: 'limited', detail: 'd', remedy: 'r' };
  const syncedAt = '2026-01-01T00:00:00Z';
  expect([
    walletTag(wallet({ syncedAt })),
    walletTag(wallet({ syncedAt, sync })),
    walletTag(wallet({ syncedAt, problem }))?.word,
    walletTag(wallet({ sync }))?.word,
    walletTag(wallet({}))?.word,
  ]).toEqual([undefined, undefined, 'not up to date', 'being read', 'not read yet']);
});

it('says why a chain cannot be chosen', () => {
  expect([whyNot(place('a')), whyNot(place('a', false)), whyNot(place('a', true, 'w'))]).toEqual([
    '',
    'needs a key',
    'You follow it already.',
  ]);
});

it('shortens what is long, and counts what was read', () => {
  expect(shortAddress('0xd8dA6BF26964aF9D7eEd9e03E53415D37aA96045')).toBe('0xd8dA…A96045');
  expect(shortAddress('abc')).toBe('abc');
  expect([readWords(0), readWords(1), readWords(1234)]).toEqual([
    'Beginning to read…',
    '1 movement read so far',
    '1,234 movements read so far',
  ]);
});
