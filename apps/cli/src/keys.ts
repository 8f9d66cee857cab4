import { adoptKey, type CanaryFinding, cryptoEnv, KeyRing, readCanary, SealBroken } from '@scani/crypto';
import { createDataSource, databaseEnv, rowOf } from '@scani/database';
import { envOrExit } from '@scani/runtime';
import type { DataSource } from 'typeorm';

/** Exit codes are part of the contract with pipelines. */
const REFUSED = 1;

/**
 * `show` compares ENCRYPTION_KEY with the installation's; `adopt` makes it the installation's, once nothing that waits is
 * sealed with the key before it. `lost` adopts although the installation's key is not known any more.
 */
export async function keys(what: string, options: { lost: boolean; json: boolean }): Promise<number> {
  if (what !== 'show' && what !== 'adopt') throw new Error(`scani keys ${what} is not known: use show or adopt`);
  const env = envOrExit([databaseEnv, cryptoEnv]);
  const ring = new KeyRing(env.ENCRYPTION_KEY, env.ENCRYPTION_KEY_PREVIOUS);
  const source = createDataSource({ url: env.DATABASE_URL, poolMax: 1, applicationName: 'scani-keys' });
  await source.initialize();
  try {
    const found = await readCanary(source, ring);
    if (what === 'show') return show(found, ring, options.json);
    if (found && found.state === 'previous') await refuseWhileWaiting(source, found);
    return show(await adoptKey(source, ring, options), ring, options.json);
  } catch (error) {
    if (!(error instanceof SealBroken)) throw error;
    process.stderr.write(`${error.message}\nOnly if that key is lost for good: scani keys adopt --lost\n`);
    return REFUSED;
  } finally {
    await source.destroy();
  }
}

/** Sealed mails live in the outbox until they are sent; a moment later they are. */
async function refuseWhileWaiting(source: DataSource, { stored }: CanaryFinding): Promise<void> {
  const row = await rowOf<{ waiting: number }>(
    source,
    `select count(*)::int as waiting from job
     where state in ('waiting', 'queued', 'active') and payload ->> 'sealed' like $1`,
    [`s1.${stored}.%`],
  );
  if (row && row.waiting > 0) {
    throw new Error(
      `${row.waiting} jobs wait with what was sealed with key ${stored}: let the worker finish them first`,
    );
  }
}

function show(finding: CanaryFinding | null, ring: KeyRing, json: boolean): number {
  const words = finding
    ? `this installation was sealed with key ${finding.stored}, ENCRYPTION_KEY here is ${finding.own}`
    : `nothing was sealed here yet, ENCRYPTION_KEY here is ${ring.fingerprint}`;
  process.stdout.write(`${json ? JSON.stringify(finding ?? { state: 'none', own: ring.fingerprint }) : words}\n`);
  return finding?.state === 'foreign' ? REFUSED : 0;
}
