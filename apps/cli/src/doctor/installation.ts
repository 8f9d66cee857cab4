import { KeyRing, readCanary } from '@scani/crypto';
import type { DoctorEnv } from './doctor.env.js';
import { type Diagnosis, fail, messageOf, ok, skipped, warn } from './examination.js';
import { isNear, type Session } from './postgres.js';
import type { RedisSession } from './redis.js';

const MOST_SKEW_MS = 2_000;
/** Postgres: undefined_table. */
const NO_TABLE = '42P01';

/** Whether the key of this environment is the one that the installation was sealed with. Stores nothing. */
export async function examineKeys(env: NonNullable<DoctorEnv['crypto']>, session: Session): Promise<Diagnosis> {
  let ring: KeyRing;
  try {
    ring = new KeyRing(env.ENCRYPTION_KEY, env.ENCRYPTION_KEY_PREVIOUS);
  } catch (error) {
    return fail(messageOf(error), 'Make one with "openssl rand -hex 32", unless this installation has one already.');
  }
  const open = await session().catch(() => undefined);
  if (!open) return skipped('Postgres cannot be used, so the key cannot be compared with the installation.');
  const facts = { own: ring.fingerprint };
  let found;
  try {
    found = await readCanary(open.db, ring);
  } catch (error) {
    if ((error as { code?: string }).code !== NO_TABLE) throw error;
    return skipped('The migrations have not run, so there is nothing to compare the key with.', facts);
  }
  if (!found) return ok(`No process has started yet; the first one will remember key ${ring.fingerprint}.`, facts);
  switch (found.state) {
    case 'own':
      return ok(`ENCRYPTION_KEY is the one of this installation (${found.own}).`, { ...found });
    case 'previous':
      return warn(
        `A change of keys is under way: from ${found.stored} to ${found.own}.`,
        'When all processes have both keys, run "scani keys adopt" and remove ENCRYPTION_KEY_PREVIOUS.',
        { ...found },
      );
    case 'foreign':
      return fail(
        `This installation was sealed with key ${found.stored}, ENCRYPTION_KEY here is ${found.own}.`,
        'Set ENCRYPTION_KEY to the key that is kept with the backups of this database (docs/runbooks/encryption-key.md).',
        { ...found },
      );
  }
}

/** Compares this machine's clock with those of Postgres and Redis: sessions, locks and prices compare their times. */
export async function examineClock(
  session: Session | undefined,
  redis: (() => Promise<RedisSession>) | undefined,
): Promise<Diagnosis> {
  const postgres = await skewOf(async () => {
    const [row] =
      (await (
        await session?.()
      )?.rows<{ ms: string }>('select (extract(epoch from clock_timestamp()) * 1000)::bigint::text as ms')) ?? [];
    return row ? Number(row.ms) : undefined;
  });
  const queue = await skewOf(async () => {
    const time = await (await redis?.())?.node.time();
    return time ? Number(time[0]) * 1000 + Number(time[1]) / 1000 : undefined;
  });
  const facts = { postgresMs: postgres ?? null, redisMs: queue ?? null };
  const known = [postgres, queue].filter((skew) => skew !== undefined);
  if (known.length === 0) return skipped('Neither Postgres nor Redis can be asked for the time.', facts);
  const most = Math.max(...known.map(Math.abs));
  return most > MOST_SKEW_MS
    ? warn(
        `The clocks differ by ${Math.round(most)} ms.`,
        'Let NTP (chrony, systemd-timesyncd) set the clock of every machine.',
        facts,
      )
    : ok('The clocks agree within two seconds.', facts);
}

/** How far the other clock is ahead, against the middle of the question; undefined when nobody answers. */
async function skewOf(ask: () => Promise<number | undefined>): Promise<number | undefined> {
  const before = Date.now();
  const there = await ask().catch(() => undefined);
  return there === undefined ? undefined : Math.round(there - (before + Date.now()) / 2);
}

/** FRONTEND_URL is where links in mails lead, and the one page that may ask the api. */
export function examineFrontend(frontendUrl: string): Diagnosis {
  const url = new URL(frontendUrl);
  const facts = { frontendUrl: url.origin };
  if (url.pathname !== '/' || url.search || url.hash) {
    return fail('FRONTEND_URL has a path.', 'Write the origin alone, like https://scani.example.org.', facts);
  }
  if (url.protocol === 'https:') return ok('Links in mails lead to an https address.', facts);
  if (isNear(url.hostname)) {
    return ok('FRONTEND_URL is not https, and stays within this machine or network.', facts);
  }
  return warn(
    'FRONTEND_URL is not https: sessions would travel readable, and browsers refuse their cookies.',
    'Put TLS in front of the api and write https:// in FRONTEND_URL.',
    facts,
  );
}
