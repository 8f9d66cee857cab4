import { AxeBuilder } from '@axe-core/playwright';
import { type Page, expect, test } from '@playwright/test';
import { brokerScreenshot, type Shown } from '../support/broker-app.ts';
import { addAccount, fromApi, startInEuros } from '../support/portfolio.ts';
import { signIn, someone } from '../support/sign-in.ts';

const DEPOT: Shown[] = [
  { name: 'Apple Inc.', symbol: 'AAPL', kind: 'stock', quantity: '12', price: '187,20 €', value: '2.246,40 €' },
  { name: 'Bitcoin', symbol: 'BTC', kind: 'crypto', quantity: '0,052', price: '80.000,00 €', value: '4.160,00 €' },
  {
    name: 'Grüner Weltfonds A',
    symbol: null,
    kind: 'stock',
    quantity: null,
    price: null,
    value: '1.250,00 €',
    confidence: 'medium',
  },
  { name: 'Verrechnungskonto', symbol: 'EUR', kind: 'fiat', quantity: null, price: null, value: '1.234,56 €' },
];

async function expectUsable(page: Page, what: string): Promise<void> {
  const { violations } = await new AxeBuilder({ page }).analyze();
  const found = violations.map((each) => `${each.id}: ${each.nodes.map((node) => node.target.join(' ')).join(', ')}`);
  expect(found, what).toEqual([]);
  const overhang = await page.evaluate<number>('document.documentElement.scrollWidth - window.innerWidth');
  expect(overhang, what).toBeLessThanOrEqual(0);
}

async function choosePicture(page: Page, buffer: Buffer): Promise<void> {
  await page.goto('/imports/new');
  await page.locator('input[type=file]').setInputFiles({ name: 'depot.png', mimeType: 'image/png', buffer });
}

const row = (page: Page, name: string) => page.getByRole('listitem').filter({ has: page.getByLabel(`Record ${name}`) });

test('a picture of a broker is read, compared, corrected, recorded and taken back', async ({ page, browser }) => {
  test.setTimeout(120_000);
  await signIn(page, someone('picture'));
  await startInEuros(page);
  await addAccount(page, { name: 'Depot', institution: 'Some Broker', currency: 'EUR' });

  await choosePicture(page, await brokerScreenshot(browser, DEPOT));
  const read = page.getByRole('button', { name: 'Read the file' });
  await expect(read).toBeDisabled();
  await expect(page.getByText(/It is sent to .+, which shows it to a language model/)).toBeVisible();
  await expectUsable(page, 'a picture is chosen');
  await page.getByRole('checkbox', { name: /Send this picture/ }).check();
  await read.click();

  await expect(page.getByRole('heading', { name: '4 positions in the picture' })).toBeVisible({ timeout: 30_000 });
  await expect(page.getByAltText('What these positions were read from')).toBeVisible();
  await expect(page.getByText('1 lacks an asset or a quantity')).toBeVisible();
  const record = page.getByRole('button', { name: /^Record \d balance/ });
  await expect(record).toBeDisabled();
  await expect(page.getByLabel('Quantity of Bitcoin')).toHaveValue('0.052');
  await expect(page.getByLabel('Quantity of Verrechnungskonto')).toHaveValue('1234.56');
  await expect(row(page, 'Grüner Weltfonds A')).toContainText('Only its value in money is known');
  for (const size of [
    { width: 360, height: 740 },
    { width: 1280, height: 800 },
  ]) {
    await page.setViewportSize(size);
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
      await expectUsable(page, `the review, ${colorScheme}, ${size.width}`);
    }
  }

  await page.getByRole('button', { name: 'Choose an asset for Grüner Weltfonds A' }).click();
  const dialog = page.getByRole('dialog');
  await expectUsable(page, 'choosing an asset');
  await dialog.getByRole('combobox', { name: 'Asset' }).fill('Grüner Weltfonds');
  await dialog.getByRole('button', { name: /as an asset of my own/ }).click();
  await expect(dialog).toBeHidden();
  await expect(page.getByRole('button', { name: /^Grüner Weltfonds A is/ })).toBeVisible();
  await page.getByLabel('Quantity of Grüner Weltfonds A').fill('a few');
  await page.getByLabel('Quantity of Grüner Weltfonds A').press('Tab');
  await expect(page.getByText('Use digits and one decimal mark')).toBeVisible();
  await page.getByLabel('Quantity of Grüner Weltfonds A').fill('25');
  await page.getByLabel('Quantity of Grüner Weltfonds A').press('Tab');
  await expect(page.getByText('Compare them with the picture')).toBeVisible();
  await page.getByLabel('Record Bitcoin').uncheck();
  await page.getByLabel('When was it so?').fill('2026-01-15T09:41');
  await page.getByLabel('When was it so?').blur();

  await expect(page.getByRole('button', { name: 'Record 3 balances' })).toBeEnabled();
  await page.getByRole('button', { name: 'Record 3 balances' }).click();
  await expect(page.getByText(/3 balances are known in Depot/)).toBeVisible({ timeout: 20_000 });
  const { items } = await fromApi<{ items: { asset: { symbol: string }; balance: string }[] }>(
    page,
    '/holdings?limit=50',
  );
  expect(Object.fromEntries(items.map(({ asset, balance }) => [asset.symbol, balance]))).toEqual({
    AAPL: '12',
    EUR: '1234.56',
    GNW: '25',
  });

  await page.getByRole('button', { name: 'Take back' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Take the import back' }).click();
  await expect(page.getByRole('main').getByText('Taken back', { exact: true })).toBeVisible({ timeout: 20_000 });
});

test('a picture of something else says so, and nothing is recorded', async ({ page, browser }) => {
  await signIn(page, someone('no-picture'));
  await startInEuros(page);
  await addAccount(page, { name: 'Depot', institution: 'Some Broker', currency: 'EUR' });
  await choosePicture(page, await brokerScreenshot(browser, []));
  await page.getByRole('checkbox', { name: /Send this picture/ }).check();
  await page.getByRole('button', { name: 'Read the file' }).click();
  await expect(page.getByText('This file could not be read')).toBeVisible({ timeout: 30_000 });
  await expect(page.getByText(/shows? no positions/)).toBeVisible();
  await expectUsable(page, 'a picture that could not be read');
});
