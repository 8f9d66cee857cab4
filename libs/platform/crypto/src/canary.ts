import { type Db, rowOf } from '@scani/database';
import { type KeyRing, SealBroken } from './seal.js';

const PURPOSE = 'canary';
const PLAIN = 'Whoever reads this has the key of this installation.';

/**
 * - `own`: sealed with the key that this process seals with
 * - `previous`: an older key of this process opens it, so a change of keys is under way
 * - `foreign`: no key of this process opens it
 */
export type CanaryState = 'own' | 'previous' | 'foreign';

export interface CanaryFinding {
  state: CanaryState;
  /** Fingerprint of the key that the installation was sealed with. */
  stored: string;
  /** Fingerprint of the key that this process seals with. */
  own: string;
}

interface Row {
  number: number;
  fingerprint: string;
  sealed: string;
}

/**
 * Compares the keys of this process with the installation's. The first process of an installation stores what the others
 * are compared with; of several first ones at once, one does. Nothing that is stored is ever changed.
 */
export async function meetCanary(db: Db, keys: KeyRing): Promise<CanaryFinding> {
  return (await readCanary(db, keys)) ?? (await storeFirst(db, keys));
}

/** The same without storing anything: null where no process has stored a canary yet. */
export async function readCanary(db: Db, keys: KeyRing): Promise<CanaryFinding | null> {
  const row = await newest(db);
  return row ? findingOf(row, keys) : null;
}

/**
 * Makes the key of this process the installation's, by storing a new canary after the old ones. This is an operator's
 * decision, never a process's own. A canary that no key here opens is passed over only with `lost`: what was sealed with
 * its key can then never be read again. Throws SealBroken without it.
 */
export async function adoptKey(db: Db, keys: KeyRing, options: { lost: boolean }): Promise<CanaryFinding> {
  const row = await newest(db);
  if (!row) return meetCanary(db, keys);
  const finding = findingOf(row, keys);
  if (finding.state === 'own') return finding;
  if (finding.state === 'foreign' && !options.lost) {
    throw new SealBroken(`this installation was sealed with key ${finding.stored}, this process has ${finding.own}`);
  }
  await store(db, row.number + 1, keys);
  return meetCanary(db, keys);
}

async function storeFirst(db: Db, keys: KeyRing): Promise<CanaryFinding> {
  await store(db, 1, keys);
  // Another first process may have been faster: what is compared is what is stored.
  const row = await newest(db);
  if (!row) throw new Error('the canary that was stored is gone');
  return findingOf(row, keys);
}

async function store(db: Db, number: number, keys: KeyRing): Promise<void> {
  await db.query(
    'insert into key_canary (number, fingerprint, sealed) values ($1, $2, $3) on conflict (number) do nothing',
    [number, keys.fingerprint, keys.seal(PURPOSE, PLAIN)],
  );
}

async function newest(db: Db): Promise<Row | undefined> {
  return rowOf<Row>(db, 'select number, fingerprint, sealed from key_canary order by number desc limit 1');
}

function findingOf({ fingerprint, sealed }: Row, keys: KeyRing): CanaryFinding {
  const about = { stored: fingerprint, own: keys.fingerprint };
  try {
    if (keys.open(PURPOSE, sealed) !== PLAIN) return { state: 'foreign', ...about };
  } catch (error) {
    if (error instanceof SealBroken) return { state: 'foreign', ...about };
    throw error;
  }
  return { state: fingerprint === keys.fingerprint ? 'own' : 'previous', ...about };
}
