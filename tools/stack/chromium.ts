import process from 'node:process';
import { installPackages } from './apt.ts';
import { isRoot, onPath } from './processes.ts';
import { Stop } from './screen.ts';

const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];
const onMac = '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome';

/** The browser for the end-to-end tests: CHROMIUM, one on PATH, or Debian's for root. */
export async function findChromium(): Promise<string> {
  const there = process.env['CHROMIUM'] ?? onPath(...names) ?? (process.platform === 'darwin' ? onMac : null);
  if (there) return there;
  if (!isRoot || !onPath('apt-get')) {
    throw new Stop(
      'The end-to-end tests need Chromium: please install chromium or Google Chrome, or set CHROMIUM to its path.',
    );
  }
  await installPackages(['chromium', 'fonts-liberation']);
  const installed = onPath(...names);
  if (!installed) throw new Stop('apt-get installed chromium, but it is not on the PATH.');
  return installed;
}
