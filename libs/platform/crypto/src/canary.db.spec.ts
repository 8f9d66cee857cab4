import { rowsOf } from '@scani/database';
import { testDatabase, type TestDatabase } from '@scani/database/testing';
import { randomBytes } from 'node:crypto';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { adoptKey, meetCanary, readCanary } from './canary.js';
import { KeysCheck } from './keys.check.js';
import { KeyRing } from './seal.js';

const [one, two] = [randomBytes(32).toString('base64'), randomBytes(32).toString('hex')];
const print = (key: string): string => new KeyRing(key).fingerprint;

let db: TestDatabase;
beforeAll(async () => {
  db = await testDatabase();
});
afterEach(() => db.source.query('delete from key_canary'));
afterAll(() => db.drop());

const stored = () =>
  rowsOf<{ number: number; fingerprint: string; sealed: string }>(
    db.source,
    'select number, fingerprint, sealed from key_canary order by number',
  );

test('many first boots with different keys leave one canary, and all of them are told of the same', async () => {
  const keys = Array.from({ length: 12 }, (_, index) => new KeyRing(index % 2 === 0 ? one : two));
  const findings = await Promise.all(keys.map((ring) => meetCanary(db.source, ring)));
  expect(await stored()).toHaveLength(1);
  const winner = (await stored())[0]?.fingerprint;
  expect(new Set(findings.map((finding) => finding.stored))).toEqual(new Set([winner]));
  expect(findings.map(({ state }) => state)).toEqual(
    keys.map(({ fingerprint }) => (fingerprint === winner ? 'own' : 'foreign')),
  );
});

test('looking alone stores nothing', async () => {
  expect(await readCanary(db.source, new KeyRing(one))).toBeNull();
  expect(await stored()).toEqual([]);
});

test('the right key is ready, a wrong one is not and is told both fingerprints, and nothing is overwritten', async () => {
  expect(await new KeysCheck(db.source, new KeyRing(one)).check()).toMatchObject({ state: 'ok' });
  const before = await stored();
  const wrong = await new KeysCheck(db.source, new KeyRing(two)).check();
  expect(wrong).toMatchObject({ state: 'down', facts: { stored: print(one), own: print(two) } });
  expect(wrong.detail).toContain(print(one));
  expect(wrong.detail).toContain(print(two));
  expect(wrong.detail).toContain('ENCRYPTION_KEY');
  expect(await stored()).toEqual(before);
  expect(await new KeysCheck(db.source, new KeyRing(one)).check()).toMatchObject({ state: 'ok' });
});

test('a ring that is known to be foreign seals nothing until it is not any more', async () => {
  await meetCanary(db.source, new KeyRing(one));
  const ring = new KeyRing(two);
  await new KeysCheck(db.source, ring).check();
  expect(() => ring.seal('mail', 'x')).toThrow('wrong key');
  await adoptKey(db.source, new KeyRing(two, one), { lost: false });
  await new KeysCheck(db.source, ring).check();
  expect(ring.open('mail', ring.seal('mail', 'x'))).toBe('x');
});

test('a key that is known as the previous one is enough, with a note', async () => {
  await meetCanary(db.source, new KeyRing(one));
  const check = await new KeysCheck(db.source, new KeyRing(two, one)).check();
  expect(check).toMatchObject({ state: 'degraded', facts: { stored: print(one), own: print(two) } });
  expect(check.detail).toContain('ENCRYPTION_KEY_PREVIOUS');
});

test('a canary that was changed, or sealed for something else, opens for nobody', async () => {
  const ring = new KeyRing(one);
  await db.source.query('insert into key_canary values (1, $1, $2)', [ring.fingerprint, ring.seal('mail', 'x')]);
  expect(await readCanary(db.source, ring)).toMatchObject({ state: 'foreign' });
});

test('an operator adopts a new key while the old one is known, and a lost one only by saying so', async () => {
  await meetCanary(db.source, new KeyRing(one));
  await expect(adoptKey(db.source, new KeyRing(two), { lost: false })).rejects.toThrow(print(one));
  expect(await stored()).toHaveLength(1);
  const [first] = await stored();

  expect(await adoptKey(db.source, new KeyRing(two, one), { lost: false })).toMatchObject({ state: 'own' });
  expect((await stored()).map((row) => row.fingerprint)).toEqual([print(one), print(two)]);
  expect((await stored())[0]).toEqual(first);
  expect(await meetCanary(db.source, new KeyRing(two))).toMatchObject({ state: 'own' });
  expect(await meetCanary(db.source, new KeyRing(one))).toMatchObject({ state: 'foreign' });

  expect(await adoptKey(db.source, new KeyRing(one), { lost: true })).toMatchObject({ state: 'own' });
  expect(await adoptKey(db.source, new KeyRing(one), { lost: true })).toMatchObject({ state: 'own' });
  expect(await stored()).toHaveLength(3);
});

test('before the migrations it waits for them', async () => {
  await db.source.query('alter table key_canary rename to key_canary_away');
  try {
    const check = await new KeysCheck(db.source, new KeyRing(one)).check();
    expect(check).toMatchObject({ state: 'down', detail: expect.stringContaining('migrate up') as string });
  } finally {
    await db.source.query('alter table key_canary_away rename to key_canary');
  }
});
