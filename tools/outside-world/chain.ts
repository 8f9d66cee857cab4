/** What the chains of this world have in common: whose wallets have a history, and numbers that are the same in any process. */
import { base58, bech32, createBase58check } from '@scure/base';
import { createHash } from 'node:crypto';

/** Wallets with a history; every other address is valid and empty. */
export const DEMO_WALLETS = {
  /** Sixty transactions: change, a consolidation, inputs shared with strangers, mined coins. */
  bitcoin: 'bc1qar0srrr7xfkvy5l643lydnw9re59gtzzwf5mdq',
  /** One payment that came in. */
  bitcoinTaproot: 'bc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vqzk5jj0',
  /** On every EVM chain of this world; more than one page on Ethereum. */
  evm: '0xd8dA6BF26964aF9D7eEd9e03E53415D37aA96045',
  solana: '86xCnPeV69n6t3DnyGvkKobf9FdN2H9oiVDdaMpo2MMY',
  tron: 'TJRabPrwbZy45sbavfcjinPJC18kjpRTv8',
  ton: 'EQCD39VS5jcptHL8vMjEXrzGaRcCVYto7HUn4bpAOg8xqB2N',
} as const;

/** `bytes` bytes that belong to these words, in hexadecimal. */
export function hexOf(words: string, bytes: number): string {
  let hex = '';
  for (let part = 0; hex.length < bytes * 2; part++)
    hex += createHash('sha256').update(`${words} ${part}`).digest('hex');
  return hex.slice(0, bytes * 2);
}

/** A number from 0 up to below `below` that belongs to these words. */
export const numberOf = (words: string, below: bigint): bigint => BigInt(`0x${hexOf(words, 32)}`) % below;

const bytesOf = (words: string, count: number): Uint8Array => Uint8Array.from(Buffer.from(hexOf(words, count), 'hex'));

const sha256 = (bytes: Uint8Array): Uint8Array => Uint8Array.from(createHash('sha256').update(bytes).digest());

/** Strangers, each family in its own writing. */
export const stranger = {
  bitcoin: (name: string): string => bech32.encode('bc', [0, ...bech32.toWords(bytesOf(`bitcoin ${name}`, 20))]),
  evm: (name: string): string => `0x${hexOf(`evm ${name}`, 20)}`,
  solana: (name: string): string => base58.encode(bytesOf(`solana ${name}`, 32)),
  tron: (name: string): string => createBase58check(sha256).encode(Uint8Array.of(0x41, ...bytesOf(`tron ${name}`, 20))),
};

/** A signature of Solana: 64 bytes in base58. */
export const signatureOf = (words: string): string => base58.encode(bytesOf(words, 64));

const FIRST_DAY = Date.UTC(2024, 0, 8, 9, 30);
const DAY_SECONDS = 86_400;

/** The seconds at which step `step` of a story happened: every `days` days since January 2024. */
export const secondsOf = (step: number, days: number): number =>
  Math.floor(FIRST_DAY / 1_000) + Math.floor(step * days * DAY_SECONDS) + Number(numberOf(`minute ${step}`, 3_000n));
