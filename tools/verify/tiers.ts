import process from 'node:process';
import { buildServers } from '../stack/build.ts';
import { say, step, Stop } from '../stack/screen.ts';
import { Checks } from './checks.ts';
import { Parts } from './parts.ts';
import { moods } from './tiers.moods.ts';
import { recording } from './tiers.recording.ts';
import { switching } from './tiers.switch.ts';

/**
 * `npm run verify:tiers [words]`: what crosses the seam to a hosted data-provider (`recording`), the switch there and back
 * under load (`switch`), and a hosted side that is limited, slow or down (`moods`). Words choose.
 */
async function main(parts: Parts, words: readonly string[]): Promise<void> {
  const checks = new Checks();
  const chosen = (name: string): boolean => words.length === 0 || words.includes(name);
  await step('Build', buildServers);
  const outside = await step('Outside world', () => parts.outsideWorld());
  if (chosen('recording')) await recording(parts, checks, outside);
  if (chosen('switch')) await switching(parts, checks, outside);
  if (chosen('moods')) await moods(parts, checks, outside);
  checks.end();
}

const parts = new Parts();
for (const signal of ['SIGINT', 'SIGTERM'] as const)
  process.once(signal, () => void parts.end().then(() => process.exit(1)));
process.exitCode = 1;
try {
  await main(parts, process.argv.slice(2));
} catch (error) {
  say(error instanceof Stop ? error.message : error instanceof Error ? (error.stack ?? error.message) : String(error));
} finally {
  await parts.end();
}
process.exit();
