import { createHash } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';

/** The checkout. */
export const root = join(import.meta.dirname, '..', '..');

/** What `npm start` keeps between two starts: data, secrets, logs. */
export const home = join(root, '.scani');

/** Outlives a checkout: servers that were built once. */
export const cache = join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'scani');

const checkoutKey = createHash('sha256').update(root).digest('hex').slice(0, 10);

/** Where Postgres' own user can go when it cannot reach the checkout, as when root cloned into /root. */
export const outside = join('/var/tmp', `scani-${checkoutKey}`);

export function folder(...parts: string[]): string {
  const path = join(...parts);
  mkdirSync(path, { recursive: true });
  return path;
}
