import { AxeBuilder } from '@axe-core/playwright';
import { type BrowserContextOptions, type Page, expect, test } from '@playwright/test';
import { administrator, signIn, someone } from '../support/sign-in.ts';

const pages = [
  '/',
  '/holdings',
  '/accounts',
  '/activity',
  '/gains',
  '/transfers',
  '/transfers?view=decided',
  '/transfers?view=rules',
  '/groups',
  '/vaults',
  '/imports',
  '/imports/new',
  '/jobs',
  '/settings',
  '/egress',
  '/start',
];

/** For those who run the installation. */
const adminPages = ['/admin', '/admin/users', '/admin/cloud-keys', '/admin/tier', '/admin/egress'];

async function visit(page: Page, path: string): Promise<void> {
  await page.goto(path);
  await expect(page.locator('main h1')).toBeAttached();
  await expect(page.locator('ui-skeleton')).toHaveCount(0);
}

/** The pages above, and one page each of an account and a holding. */
async function allPages(page: Page): Promise<string[]> {
  const details: string[] = [];
  for (const list of ['/accounts', '/holdings']) {
    await visit(page, list);
    details.push((await page.locator(`main a[href^="${list}/"]`).first().getAttribute('href')) ?? '');
  }
  return [...pages, ...details];
}

const phone = { width: 360, height: 740 };
const looks = [
  { name: 'light', colorScheme: 'light', size: { width: 1280, height: 800 } },
  { name: 'dark', colorScheme: 'dark', size: { width: 1280, height: 800 } },
  { name: 'light phone', colorScheme: 'light', size: phone },
  { name: 'dark phone', colorScheme: 'dark', size: phone },
] as const;

async function expectUsable(page: Page, path: string): Promise<void> {
  await visit(page, path);
  const { violations } = await new AxeBuilder({ page }).analyze();
  const found = violations.map((each) => `${each.id}: ${each.nodes.map((node) => node.target.join(' ')).join(', ')}`);
  expect(found, path).toEqual([]);
}

for (const look of looks) {
  test(`every page can be used by everyone, ${look.name}`, async ({ page }) => {
    test.setTimeout(120_000);
    await page.setViewportSize(look.size);
    await page.emulateMedia({ colorScheme: look.colorScheme, reducedMotion: 'reduce' });
    await signIn(page, someone('axe'));
    for (const path of await allPages(page)) await expectUsable(page, path);
  });
}

test('the pages of admins can be used by everyone, in every look, and fit a phone', async ({ page, browser }) => {
  test.setTimeout(120_000);
  await signIn(page, administrator);
  await page.request.post('/api/admin/cloud-keys', {
    data: { name: 'A rather long name of another installation', scopes: ['prices', 'mail'], plan: 'team' },
  });
  const storageState = (await page.context().storageState()) as BrowserContextOptions['storageState'];
  for (const { colorScheme, size } of looks) {
    const context = await browser.newContext({ storageState, colorScheme, viewport: size, reducedMotion: 'reduce' });
    const its = await context.newPage();
    for (const path of adminPages) {
      await expectUsable(its, path);
      const overhang = await its.evaluate<number>('document.documentElement.scrollWidth - window.innerWidth');
      expect(overhang, path).toBeLessThanOrEqual(0);
    }
    await context.close();
  }
});

test('on a phone nothing is wider than the screen', async ({ page }) => {
  test.setTimeout(120_000);
  await page.setViewportSize(phone);
  await signIn(page, someone('phone'));
  for (const path of await allPages(page)) {
    await visit(page, path);
    const overhang = await page.evaluate<number>('document.documentElement.scrollWidth - window.innerWidth');
    expect(overhang, path).toBeLessThanOrEqual(0);
  }
});

test('nothing is asked of another host, and the console is quiet', async ({ page, baseURL }) => {
  const foreign: string[] = [];
  const said: string[] = [];
  page.on('request', (request) => {
    const { origin, protocol } = new URL(request.url());
    if (protocol.startsWith('http') && origin !== new URL(baseURL ?? '').origin) foreign.push(request.url());
  });
  page.on('console', (message) => {
    if (message.type() === 'error') said.push(`${message.text()} ${message.location().url}`);
  });
  page.on('pageerror', (error) => said.push(String(error)));
  await signIn(page, someone('quiet'));
  for (const path of await allPages(page)) await visit(page, path);
  expect(foreign).toEqual([]);
  expect(said.filter((text) => !text.includes('401'))).toEqual([]);
});
