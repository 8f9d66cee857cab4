import { createHash } from 'node:crypto';
import type { WalletRef } from '@scani/cloud';

/** Cursors of before, in case that what is in them changes. */
const VERSION = '1';

/** A source's cursor, bound to its wallet: what was damaged, or belongs to another, is noticed and never asked for. */
export const sealCursor = (wallet: WalletRef, cursor: string): string =>
  [VERSION, Buffer.from(cursor).toString('base64url'), markOf(wallet, cursor)].join('.');

/** The source's cursor; undefined for what was not sealed for this wallet. */
export function openCursor(wallet: WalletRef, sealed: string): string | undefined {
  const [version, text = '', mark, ...rest] = sealed.split('.');
  if (version !== VERSION || mark === undefined || rest.length > 0) return undefined;
  const cursor = Buffer.from(text, 'base64url').toString();
  return mark === markOf(wallet, cursor) && sealCursor(wallet, cursor) === sealed ? cursor : undefined;
}

/** Nothing secret: a slip is to be noticed, and whoever makes one up by intent only reads another page. */
const markOf = ({ chain, address }: WalletRef, cursor: string): string =>
  createHash('sha256')
    .update(JSON.stringify([chain, address, cursor]))
    .digest('base64url')
    .slice(0, 16);
