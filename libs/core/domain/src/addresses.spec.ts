import { base58 } from '@scure/base';
import fc from 'fast-check';
import { getAddress, isAddress } from 'viem/utils';
import { describe, expect, test } from 'vitest';
import { ADDRESS_FAMILIES, type AddressFamily, checkAddress } from './addresses.js';

const EVM = '0xd8dA6BF26964aF9D7eEd9e03E53415D37aA96045';

describe.each<[AddressFamily, readonly (readonly [text: string, address: string])[]]>([
  [
    'evm',
    [
      [EVM, EVM],
      [EVM.toLowerCase(), EVM],
      [`0x${EVM.slice(2).toUpperCase()}`, EVM],
      [`  ${EVM} `, EVM],
    ],
  ],
  [
    'bitcoin',
    [
      ['1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa', '1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa'],
      ['3J98t1WpEZ73CNmQviecrnyiWrnqRhWNLy', '3J98t1WpEZ73CNmQviecrnyiWrnqRhWNLy'],
      ['BC1QW508D6QEJXTDG4Y5R3ZARVARY0C5XW7KV8F3T4', 'bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4'],
      [
        'bc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vqzk5jj0',
        'bc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vqzk5jj0',
      ],
    ],
  ],
  ['solana', [['So11111111111111111111111111111111111111112', 'So11111111111111111111111111111111111111112']]],
  [
    'tron',
    [
      ['TR7NHqjeKQxGTCi8q8ZY4pL8otSzgjLj6t', 'TR7NHqjeKQxGTCi8q8ZY4pL8otSzgjLj6t'],
      ['41a614f803b6fd780986a42c78ec9c7f77e6ded13c', 'TR7NHqjeKQxGTCi8q8ZY4pL8otSzgjLj6t'],
    ],
  ],
  [
    'ton',
    [
      ['EQCxE6mUtQJKFnGfaROTKOt1lZbDiiX1kCixRv7Nw2Id_sDs', 'EQCxE6mUtQJKFnGfaROTKOt1lZbDiiX1kCixRv7Nw2Id_sDs'],
      [
        '0:b113a994b5024a16719f69139328eb759596c38a25f59028b146fecdc3621dfe',
        'EQCxE6mUtQJKFnGfaROTKOt1lZbDiiX1kCixRv7Nw2Id_sDs',
      ],
      ['UQCxE6mUtQJKFnGfaROTKOt1lZbDiiX1kCixRv7Nw2Id_p0p', 'EQCxE6mUtQJKFnGfaROTKOt1lZbDiiX1kCixRv7Nw2Id_sDs'],
    ],
  ],
])('%s', (family, good) => {
  test.each(good)('%s is %s', (text, address) => {
    expect(checkAddress(family, text)).toEqual({ address });
    expect(checkAddress(family, address)).toEqual({ address });
  });

  test('of another family is refused', () => {
    const others = ADDRESS_FAMILIES.filter((other) => other !== family);
    for (const other of others) expect([other, checkAddress(other, good[0]?.[1] ?? '')]).toHaveProperty('1.problem');
  });
});

test.each<[AddressFamily, string, string]>([
  ['evm', '0xd8dA6BF26964aF9D7eEd9e03E53415D37aA96054', 'checksum'],
  ['evm', EVM.replace('d8dA', 'D8dA'), 'checksum'],
  ['evm', EVM.slice(0, -1), 'hexadecimal'],
  ['bitcoin', 'bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t5', 'checksum'],
  ['bitcoin', 'bc1QW508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4', 'mixes'],
  ['bitcoin', 'tb1qw508d6qejxtdg4y5r3zarvary0c5xw7kxpjzsx', 'test network'],
  ['bitcoin', 'mipcBbFg9gMiCh81Kj8tqqdgoZub1ZJRfn', 'test network'],
  // Version 1 written with the checksum of version 0 (BIP 350).
  ['bitcoin', 'bc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vqh2y7hd', 'checksum'],
  ['solana', '1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa', '32 bytes'],
  ['tron', 'TR7NHqjeKQxGTCi8q8ZY4pL8otSzgjLj6T', 'Tron'],
  ['ton', 'EQCxE6mUtQJKFnGfaROTKOt1lZbDiiX1kCixRv7Nw2Id_sDt', 'checksum'],
  ['ton', `1:${'b1'.repeat(32)}`, 'TON'],
])('%s: %s is refused (%s)', (family, text, why) => {
  expect(checkAddress(family, text)).toEqual({ problem: expect.stringContaining(why) as string });
});

test('checksums of EIP-55 are those that viem makes, and what viem refuses is refused', () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 20, maxLength: 20 }), fc.nat(39), (bytes, at) => {
      const plain = `0x${Buffer.from(bytes).toString('hex')}` as const;
      const address = getAddress(plain);
      expect(checkAddress('evm', plain)).toEqual({ address });
      const letter = address[at + 2] ?? '';
      const other = letter === letter.toLowerCase() ? letter.toUpperCase() : letter.toLowerCase();
      const changed = `${address.slice(0, at + 2)}${other}${address.slice(at + 3)}`;
      const mixed = /[a-f]/.test(changed.slice(2)) && /[A-F]/.test(changed.slice(2));
      if (mixed) expect('address' in checkAddress('evm', changed)).toBe(isAddress(changed, { strict: true }));
    }),
  );
});

test('any text is either an address that stays what it is, or a problem', () => {
  fc.assert(
    fc.property(fc.constantFrom(...ADDRESS_FAMILIES), fc.string({ maxLength: 150 }), (family, text) => {
      const read = checkAddress(family, text);
      if ('address' in read) expect(checkAddress(family, read.address)).toEqual(read);
      else expect(read.problem).not.toBe('');
    }),
  );
});

test('32 bytes are an address of Solana and, in the masterchain or workchain 0, of TON', () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 32, maxLength: 32 }), fc.constantFrom('0', '-1'), (bytes, workchain) => {
      const key = base58.encode(bytes);
      expect(checkAddress('solana', key)).toEqual({ address: key });
      const friendly = checkAddress('ton', `${workchain}:${Buffer.from(bytes).toString('hex')}`);
      expect(checkAddress('ton', 'address' in friendly ? friendly.address : '')).toEqual(friendly);
    }),
  );
});
