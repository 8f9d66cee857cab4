import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { KeyRing, SealBroken } from './seal.js';

const one = randomBytes(32).toString('base64');
const two = randomBytes(32).toString('hex');

test('what was sealed opens again, under its purpose only', () => {
  const ring = new KeyRing(one);
  fc.assert(
    fc.property(fc.string(), (plain) => {
      const sealed = ring.seal('mail', plain);
      expect(ring.open('mail', sealed)).toBe(plain);
      expect(() => ring.open('other', sealed)).toThrow(SealBroken);
    }),
  );
});

test('a changed seal is refused, wherever it was changed', () => {
  const ring = new KeyRing(one);
  const sealed = ring.seal('mail', 'secret');
  const at = sealed.lastIndexOf('.') + 3;
  const changed = sealed.slice(0, at) + (sealed[at] === 'A' ? 'B' : 'A') + sealed.slice(at + 1);
  expect(() => ring.open('mail', changed)).toThrow(SealBroken);
});

test('the previous key still opens, a foreign one is named', () => {
  const old = new KeyRing(one).seal('mail', 'secret');
  expect(new KeyRing(two, one).open('mail', old)).toBe('secret');
  expect(() => new KeyRing(two).open('mail', old)).toThrow(new KeyRing(one).fingerprint);
});

test('a key of the wrong length is refused', () => {
  expect(() => new KeyRing('abc')).toThrow('32 bytes');
});
