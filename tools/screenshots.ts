/**
 * Takes the pictures of the README, on throw-away data: the demo portfolio as a newcomer sees it, in both themes, and on a
 * phone. `node tools/screenshots.ts` (started through the npm script, which finds the right Node).
 */
import { type Browser, type Page, chromium, expect } from '@playwright/test';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { apiAddress } from './stack/apps.ts';
import { findChromium } from './stack/chromium.ts';
import { Lifetime } from './stack/lifetime.ts';
import { root } from './stack/places.ts';
import { isRoot } from './stack/processes.ts';
import { step } from './stack/screen.ts';
import { ThrowAway } from './stack/throw-away.ts';

const folder = join(root, 'docs', 'screenshots');
const desktop = { width: 1280, height: 860 };
const phone = { width: 390, height: 844 };

interface Shot {
  name: string;
  path: string;
  scheme: 'light' | 'dark';
  size: typeof desktop;
}

const shots: Shot[] = [
  { name: 'dashboard', path: '/', scheme: 'light', size: desktop },
  { name: 'dashboard-dark', path: '/', scheme: 'dark', size: desktop },
  { name: 'dashboard-phone', path: '/', scheme: 'light', size: phone },
  { name: 'holdings', path: '/holdings', scheme: 'light', size: desktop },
  { name: 'accounts-dark', path: '/accounts', scheme: 'dark', size: desktop },
  { name: 'gains', path: '/gains', scheme: 'light', size: desktop },
  { name: 'transfers', path: '/transfers?view=decided', scheme: 'light', size: desktop },
  { name: 'vaults-phone', path: '/vaults', scheme: 'dark', size: phone },
];

async function signIn(browser: Browser, address: string, mailApi: string): Promise<string> {
  process.env['E2E_MAIL_API'] = mailApi;
  const { signIn: asSomeone } = await import('../apps/e2e/support/sign-in.ts');
  const context = await browser.newContext({ baseURL: address });
  await asSomeone(await context.newPage(), 'mara@example.com');
  const state = join(throwAway.home, 'session.json');
  await context.storageState({ path: state });
  await context.close();
  return state;
}

async function shoot(browser: Browser, address: string, session: string, shot: Shot): Promise<void> {
  const context = await browser.newContext({
    baseURL: address,
    storageState: session,
    viewport: shot.size,
    colorScheme: shot.scheme,
    reducedMotion: 'reduce',
    deviceScaleFactor: 2,
    locale: 'en-GB',
  });
  const page = await context.newPage();
  await page.goto(shot.path);
  await settled(page);
  await page.screenshot({ path: join(folder, `${shot.name}.png`) });
  await context.close();
}

/** Live updates keep a connection open, so "no network" never comes; skeletons going away does. */
async function settled(page: Page): Promise<void> {
  await page.locator('main h1').waitFor({ state: 'attached' });
  await expect(page.locator('ui-skeleton')).toHaveCount(0);
  // The chart's engine loads after the first paint and draws itself in.
  await page.waitForTimeout(1_500);
}

async function main(): Promise<void> {
  mkdirSync(folder, { recursive: true });
  const executablePath = await findChromium();
  const stack = await step('The stack, on throw-away data', (notes) => throwAway.stack(notes));
  const browser = await chromium.launch({ executablePath, args: isRoot ? ['--no-sandbox'] : [] });
  const address = apiAddress(stack.ports);
  const session = await signIn(browser, address, stack.services.mail.api);
  for (const shot of shots) await step(shot.name, () => shoot(browser, address, session, shot));
  await browser.close();
}

const lifetime = new Lifetime();
const throwAway = new ThrowAway(lifetime);
await lifetime.guard(main);
await lifetime.end();
process.exit(0);
