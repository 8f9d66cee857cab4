import process from 'node:process';
import { buildServers } from '../stack/build.ts';
import { step } from '../stack/screen.ts';
import { Checks } from './checks.ts';
import type { Parts } from './parts.ts';
import { moods } from './tiers.moods.ts';
import { recording } from './tiers.recording.ts';
import { switching } from './tiers.switch.ts';
import { withParts } from './with-parts.ts';

/**
 * `npm run verify:tiers [words]`: what crosses the seam to a hosted data-provider (`recording`), the switch there and back
 * under load (`switch`), and a hosted side that is limited, slow or down (`moods`). Words choose.
 */
async function main(parts: Parts, words: readonly string[]): Promise<boolean> {
  const checks = new Checks();
  const chosen = (name: string): boolean => words.length === 0 || words.includes(name);
  await step('Build', buildServers);
  const outside = await step('Outside world', () => parts.outsideWorld());
  if (chosen('recording')) await recording(parts, checks, outside);
  if (chosen('switch')) await switching(parts, checks, outside);
  if (chosen('moods')) await moods(parts, checks, outside);
  return checks.end();
}

await withParts((parts) => main(parts, process.argv.slice(2)));
