import { expect, test } from '@playwright/test';
import { amount, fillAccount, netWorth } from '../support/portfolio.ts';
import { signIn, someone } from '../support/sign-in.ts';

test('from the demo to an account and a thing of one’s own with a price of one’s own', async ({ page }) => {
  await signIn(page, someone('own'));
  await page.getByRole('link', { name: 'Start your own' }).click();
  await expect(page.getByRole('heading', { name: 'Start your own portfolio' })).toBeVisible();
  await page.getByLabel('Base currency').selectOption('EUR');
  await page.getByRole('button', { name: 'Use EUR' }).click();

  await page.getByRole('button', { name: 'Add an account' }).click();
  await fillAccount(page, { name: 'The drawer', institution: 'Home', currency: 'EUR' });

  await page.getByRole('button', { name: 'Add a holding by hand' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Asset', { exact: true }).fill('Pocket watch');
  await dialog.getByRole('button', { name: /as an asset of my own/ }).click();
  await dialog.getByLabel('Symbol').fill('WATCH');
  await dialog.getByLabel('Balance').fill('2');
  await dialog.getByLabel('Your price for one').fill('1250.50');
  await dialog.getByLabel('Price currency').selectOption('EUR');
  await dialog.getByRole('button', { name: 'Add holding' }).click();
  await expect(dialog).toBeHidden();

  await page.goto('/');
  await expect(page.getByRole('note', { name: 'Demo portfolio' })).toHaveCount(0);
  await expect(netWorth(page)).toHaveText(amount('2501.00'));
  await page
    .getByRole('link', { name: /Pocket watch/ })
    .first()
    .click();
  await expect(page.getByRole('heading', { name: /Pocket watch/ })).toBeVisible();
});
