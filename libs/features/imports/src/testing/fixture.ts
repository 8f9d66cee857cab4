import { readFileSync } from 'node:fs';

/** The bytes of a file in formats/fixtures. */
export function fixture(name: string): Buffer {
  return readFileSync(new URL(`../formats/fixtures/${name}`, import.meta.url));
}

export const CONTEXT = { currency: 'EUR', currencies: new Set(['EUR', 'USD', 'GBP', 'INR']) };
