import { sha256 } from '@noble/hashes/sha2.js';
import { keccak_256 } from '@noble/hashes/sha3.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';
import { base58, base64, bech32, bech32m, createBase58check } from '@scure/base';

/** How addresses of a chain are written. */
export const ADDRESS_FAMILIES = ['evm', 'bitcoin', 'solana', 'tron', 'ton'] as const;
export type AddressFamily = (typeof ADDRESS_FAMILIES)[number];

/** The one way in which we write an address, or what is wrong with it in words for people. */
export type CheckedAddress = { readonly address: string } | { readonly problem: string };

/** No address of any family is longer. */
export const LONGEST_ADDRESS = 100;

const CHECKS: Readonly<Record<AddressFamily, (text: string) => CheckedAddress>> = {
  evm,
  bitcoin,
  solana,
  tron,
  ton,
};

/** Reads an address of a family; checksums are looked at, main networks only. The answer is the same however it was written. */
export function checkAddress(family: AddressFamily, text: string): CheckedAddress {
  const trimmed = text.trim();
  if (trimmed === '') return { problem: 'is empty' };
  if (trimmed.length > LONGEST_ADDRESS) return { problem: 'is too long for an address' };
  return CHECKS[family](trimmed);
}

/** EIP-55: an address in mixed case carries a checksum, one in a single case does not. */
function evm(text: string): CheckedAddress {
  if (!/^0x[0-9a-f]{40}$/i.test(text)) return { problem: 'is not 0x and 40 hexadecimal digits' };
  const digits = text.slice(2);
  const address = `0x${withChecksum(digits.toLowerCase())}`;
  const plain = digits === digits.toLowerCase() || digits === digits.toUpperCase();
  if (plain || address === `0x${digits}`) return { address };
  return { problem: 'has a wrong checksum (EIP-55): a letter is mistyped' };
}

/**
 * A letter is a capital where the digit of the hash at its place is 8 or more. viem does it too, for 29 MB and 85 ms in every
 * process that knows a rule of the domain.
 */
function withChecksum(digits: string): string {
  const hash = bytesToHex(keccak_256(utf8ToBytes(digits)));
  return digits.replace(/[a-f]/g, (letter, at: number) =>
    parseInt(hash[at] ?? '', 16) >= 8 ? letter.toUpperCase() : letter,
  );
}

const base58check = createBase58check(sha256);
/** First byte of P2PKH and P2SH on the main network. */
const BITCOIN_VERSIONS: ReadonlySet<number> = new Set([0x00, 0x05]);

/** P2PKH, P2SH (base58check) and segregated witness (BIP 173; BIP 350 from version 1 on, which is taproot). */
function bitcoin(text: string): CheckedAddress {
  const lower = text.toLowerCase();
  if (lower.startsWith('bc1')) {
    if (text !== lower && text !== text.toUpperCase()) return { problem: 'mixes small and capital letters' };
    return isWitness(lower) ? { address: lower } : { problem: 'has a wrong checksum: a letter is mistyped' };
  }
  if (/^(tb1|bcrt1|[mn2])/.test(text)) return { problem: 'belongs to a test network' };
  const bytes = decoded(() => base58check.decode(text));
  if (bytes?.length !== 21 || !BITCOIN_VERSIONS.has(bytes[0] ?? -1)) return { problem: 'is no address of Bitcoin' };
  return { address: text };
}

function isWitness(text: string): boolean {
  for (const [coder, versions] of [
    [bech32, [0, 0]],
    [bech32m, [1, 16]],
  ] as const) {
    const read = decoded(() => coder.decode(text as `bc1${string}`, 90));
    if (read?.prefix !== 'bc') continue;
    const [version = -1, ...words] = read.words;
    const program = decoded(() => coder.fromWords(words));
    if (!program || version < versions[0] || version > versions[1]) continue;
    if (version === 0 ? [20, 32].includes(program.length) : program.length >= 2 && program.length <= 40) return true;
  }
  return false;
}

/** A public key of 32 bytes in base58; there is no checksum. */
function solana(text: string): CheckedAddress {
  const bytes = decoded(() => base58.decode(text));
  return bytes?.length === 32 ? { address: text } : { problem: 'is no address of Solana (32 bytes in base58)' };
}

/** base58check of 0x41 and 20 bytes, written with a T; nodes also write it in hexadecimal. */
function tron(text: string): CheckedAddress {
  if (/^(0x)?41[0-9a-fA-F]{40}$/.test(text)) {
    const digits = text.replace(/^0x/, '');
    return { address: base58check.encode(Uint8Array.from(digits.match(/../g) ?? [], (pair) => parseInt(pair, 16))) };
  }
  const bytes = decoded(() => base58check.decode(text));
  return bytes?.length === 21 && bytes[0] === 0x41 ? { address: text } : { problem: 'is no address of Tron' };
}

/** Bits of the first byte of a friendly address (TEP-2). */
const TON_BOUNCEABLE = 0x11;
const TON_UNBOUNCEABLE = 0x51;
const TON_TEST = 0x80;

/** Friendly (TEP-2: flags, workchain, 32 bytes, CRC16) or raw `workchain:hex`; the friendly bounceable one is kept. */
function ton(text: string): CheckedAddress {
  const raw = /^(-1|0):([0-9a-fA-F]{64})$/.exec(text);
  if (raw) {
    const hash = Uint8Array.from(raw[2]?.match(/../g) ?? [], (pair) => parseInt(pair, 16));
    return { address: tonFriendly(raw[1] === '-1' ? 0xff : 0, hash) };
  }
  const bytes = decoded(() => base64.decode(text.replaceAll('-', '+').replaceAll('_', '/')));
  if (bytes?.length !== 36) return { problem: 'is no address of TON' };
  const checked = bytes.subarray(0, 34);
  if (crc16(checked) !== (((bytes[34] ?? 0) << 8) | (bytes[35] ?? 0)))
    return { problem: 'has a wrong checksum: a letter is mistyped' };
  const [flags = 0, workchain = 1] = bytes;
  if (flags & TON_TEST) return { problem: 'belongs to a test network' };
  if (flags !== TON_BOUNCEABLE && flags !== TON_UNBOUNCEABLE) return { problem: 'is no address of TON' };
  if (workchain !== 0 && workchain !== 0xff) return { problem: 'is of a workchain that does not exist' };
  return { address: tonFriendly(workchain, bytes.subarray(2, 34)) };
}

function tonFriendly(workchain: number, hash: Uint8Array): string {
  const body = Uint8Array.of(TON_BOUNCEABLE, workchain, ...hash);
  const crc = crc16(body);
  return base64
    .encode(Uint8Array.of(...body, crc >> 8, crc & 0xff))
    .replaceAll('+', '-')
    .replaceAll('/', '_');
}

/** CRC-16/XMODEM, which TEP-2 asks for. Its libraries need Node's Buffer, and this must work in browsers. */
function crc16(bytes: Uint8Array): number {
  let crc = 0;
  for (const byte of bytes) {
    crc ^= byte << 8;
    for (let bit = 0; bit < 8; bit++) crc = crc & 0x8000 ? ((crc << 1) ^ 0x1021) & 0xffff : (crc << 1) & 0xffff;
  }
  return crc;
}

/** These libraries throw at what is not theirs. */
function decoded<T>(decode: () => T): T | undefined {
  try {
    return decode();
  } catch {
    return undefined;
  }
}
