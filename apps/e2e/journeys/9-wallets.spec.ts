import { AxeBuilder } from '@axe-core/playwright';
import { type BrowserContextOptions, type Page, expect, test } from '@playwright/test';
import { signIn, someone } from '../support/sign-in.ts';

const NAME = 'vitalik.eth';
const ADDRESS = '0xd8dA6BF26964aF9D7eEd9e03E53415D37aA96045';
const BITCOIN = 'bc1qar0srrr7xfkvy5l643lydnw9re59gtzzwf5mdq';

async function expectUsable(page: Page, what: string): Promise<void> {
  const { violations } = await new AxeBuilder({ page }).analyze();
  const found = violations.map((each) => `${each.id}: ${each.nodes.map((node) => node.target.join(' ')).join(', ')}`);
  expect(found, what).toEqual([]);
  const overhang = await page.evaluate<number>('document.documentElement.scrollWidth - window.innerWidth');
  expect(overhang, what).toBeLessThanOrEqual(0);
}

const upToDate = (page: Page) => page.getByText('up to date', { exact: true });

test('a wallet is followed by its name on two chains; its holdings and history come by themselves, and a sync adds nothing', async ({
  page,
}) => {
  test.setTimeout(120_000);
  await page.emulateMedia({ reducedMotion: 'reduce' });
  await signIn(page, someone('wallet'));
  await page.keyboard.press('n');
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('button', { name: /^Wallet/ }).click();
  const field = dialog.getByLabel('Address or name');
  await expect(field).toBeFocused();
  await expect(dialog.getByRole('button', { name: 'Follow' })).toBeDisabled();

  await page.keyboard.type(ADDRESS.replace('d8dA', 'D8dA'));
  await expect(dialog.getByText('wrong checksum')).toBeVisible();
  await expectUsable(page, 'a mistyped address');

  await field.fill(NAME);
  await expect(dialog.getByText(ADDRESS)).toBeVisible();
  await expect(dialog.getByRole('checkbox', { name: 'Ethereum', exact: true })).toBeChecked();
  await dialog.getByLabel('Search chains').fill('arbitrum o');
  await dialog.getByRole('checkbox', { name: /Arbitrum One/ }).check();
  await expectUsable(page, 'chains to choose from');
  await dialog.getByRole('button', { name: 'Follow on 2 chains' }).click();

  await page.getByRole('link', { name: 'Ethereum', exact: true }).click();
  await expect(page.getByRole('heading', { name: 'Wallet on Ethereum' })).toBeVisible();
  await expect(upToDate(page)).toBeVisible({ timeout: 30_000 });
  await expect(page.locator('main')).toContainText(ADDRESS);
  const rows = page.locator('main table tbody tr');
  await expect(rows.filter({ hasText: 'USDC' }).first()).toBeVisible();
  await expect(rows.filter({ hasText: 'claim-usdc' })).toContainText('may be a scam');
  await expectUsable(page, 'the account of a wallet');

  const holdings = await rows.count();
  const coin = rows.filter({ hasText: 'ETH' }).first();
  const quantity = await coin.locator('td').first().innerText();
  await page.getByRole('button', { name: 'Sync now' }).click();
  await expect(page.getByRole('button', { name: 'Sync now' })).toBeVisible({ timeout: 30_000 });
  await expect(upToDate(page)).toBeVisible();
  expect(await rows.count()).toBe(holdings);
  expect(await coin.locator('td').first().innerText()).toBe(quantity);

  await coin.getByRole('link').first().click();
  await expect(page.getByText('Transfer in').first()).toBeVisible();
});

test('an address of one chain needs no choice; followed already it is said; stopped, its account stays', async ({
  page,
}) => {
  await page.emulateMedia({ reducedMotion: 'reduce' });
  await signIn(page, someone('bitcoiner'));
  await page.goto('/accounts');
  const dialog = page.getByRole('dialog');
  await page.getByRole('button', { name: 'Follow a wallet' }).click();
  await dialog.getByLabel('Address or name').fill(BITCOIN);
  await expect(dialog.getByText('An address of Bitcoin.')).toBeVisible();
  await dialog.getByLabel('What you call it').fill('Cold store');
  await dialog.getByRole('button', { name: 'Follow', exact: true }).click();
  await expect(page.getByRole('heading', { name: 'Wallet on Bitcoin' })).toBeVisible();
  await expect(page.locator('main')).toContainText('Cold store');
  await expect(upToDate(page)).toBeVisible({ timeout: 30_000 });

  await page.goto('/accounts');
  await page.getByRole('button', { name: 'Follow a wallet' }).click();
  await dialog.getByLabel('Address or name').fill(BITCOIN);
  await expect(dialog.getByText('You follow it already.')).toBeVisible();
  await expect(dialog.getByRole('button', { name: 'Follow', exact: true })).toBeDisabled();
  await page.keyboard.press('Escape');

  await page.getByRole('link', { name: 'Bitcoin', exact: true }).click();
  await page.getByRole('button', { name: 'Stop following' }).click();
  await dialog.getByRole('button', { name: 'Stop following' }).click();
  await expect(page.getByRole('heading', { name: 'Wallet on Bitcoin' })).toHaveCount(0);
  await expect(page.locator('main table tbody tr').filter({ hasText: 'BTC' })).toBeVisible();
});

test('the dialog and the account of a wallet can be used by everyone, in every look', async ({ page, browser }) => {
  test.setTimeout(120_000);
  await signIn(page, someone('wallet-looks'));
  const made = await page.request.post('/api/wallets', { data: { address: BITCOIN, chains: ['bitcoin'] } });
  const { items } = (await made.json()) as { items: { accountId: string }[] };
  const storageState = (await page.context().storageState()) as BrowserContextOptions['storageState'];
  for (const colorScheme of ['light', 'dark'] as const) {
    for (const viewport of [
      { width: 1280, height: 800 },
      { width: 360, height: 740 },
    ]) {
      const context = await browser.newContext({ storageState, colorScheme, viewport, reducedMotion: 'reduce' });
      const its = await context.newPage();
      const look = `${colorScheme} ${viewport.width}`;
      await its.goto(`/accounts/${items[0]?.accountId}`);
      await expect(upToDate(its)).toBeVisible({ timeout: 30_000 });
      await expect(its.locator('ui-skeleton')).toHaveCount(0);
      await expectUsable(its, `the account, ${look}`);
      await its.goto('/accounts');
      await its.getByRole('button', { name: 'Follow a wallet' }).click();
      await expectUsable(its, `the dialog, ${look}`);
      await its.getByLabel('Address or name').fill(ADDRESS);
      await expect(its.getByRole('checkbox', { name: 'Ethereum', exact: true })).toBeChecked();
      await expectUsable(its, `the dialog with chains, ${look}`);
      await context.close();
    }
  }
});
