import { describe, expect, it } from 'vitest';
import type { AddressPlace } from '../../api/models';
import { firstChoice, likelyFirst, readWords, shortAddress, whyNot } from './words';

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
