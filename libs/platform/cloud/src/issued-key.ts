import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';

/** What a key may be used for; each route of the data-provider belongs to one. */
export const CLOUD_SCOPES = ['prices', 'asset-search', 'mail', 'chain', 'ai', 'previews'] as const;
export type CloudScope = (typeof CLOUD_SCOPES)[number];

const HANDLE_BYTES = 6;
const SECRET_BYTES = 32;
const FORM = /^scani_sk_([0-9a-f]{12})_[\w-]{43}$/;

/** A key as it is issued. Only `handle` and `hash` are kept. */
export interface NewKey {
  /** `scani_sk_<handle>_<secret>`: 48 random bits that name it, 256 that open. */
  readonly text: string;
  readonly handle: string;
  readonly hash: Buffer;
}

export function newKey(): NewKey {
  const handle = randomBytes(HANDLE_BYTES).toString('hex');
  const text = `scani_sk_${handle}_${randomBytes(SECRET_BYTES).toString('base64url')}`;
  return { text, handle, hash: hashOf(text) };
}

/** By what an issued key is looked up; undefined for what is not formed like one. */
export function handleOf(key: string): string | undefined {
  return FORM.exec(key)?.[1];
}

/** SHA-256. A slow hash is for what people choose: this has 256 random bits, which nobody tries out. */
export function hashOf(key: string): Buffer {
  return createHash('sha256').update(key).digest();
}

/** Takes one time, whatever is wrong, also where there is nothing to compare with. */
export function hasHash(key: string, hash: Buffer | undefined): boolean {
  const matches = timingSafeEqual(hashOf(key), hash?.length === 32 ? hash : NOBODYS);
  return matches && hash !== undefined;
}

const NOBODYS = Buffer.alloc(32);
