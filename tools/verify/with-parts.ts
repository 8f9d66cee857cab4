import process from 'node:process';
import { say, Stop } from '../stack/screen.ts';
import { Parts } from './parts.ts';

/** Runs checks over parts that are ended afterwards, however it goes, and then the process: with 0 where all held. */
export async function withParts(work: (parts: Parts) => Promise<boolean>): Promise<never> {
  const parts = new Parts();
  for (const signal of ['SIGINT', 'SIGTERM'] as const)
    process.once(signal, () => void parts.end().then(() => process.exit(1)));
  let held = false;
  try {
    held = await work(parts);
  } catch (error) {
    say(
      error instanceof Stop ? error.message : error instanceof Error ? (error.stack ?? error.message) : String(error),
    );
  } finally {
    await parts.end();
  }
  process.exit(held ? 0 : 1);
}
