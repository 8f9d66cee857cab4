import { expect, test } from '@playwright/test';
import { addAccount, amount, netWorth, record, sendStatement, startInEuros } from '../support/portfolio.ts';
import { signIn, someone } from '../support/sign-in.ts';

test('who is signed in elsewhere can be signed out from here', async ({ page, browser }) => {
  const email = someone('sessions');
  await signIn(page, email);
  const elsewhere = await (await browser.newContext()).newPage();
  await signIn(elsewhere, email);

  await page.goto('/settings');
  await expect(page.getByText('this one')).toHaveCount(1);
  await page.getByRole('button', { name: 'Sign out everywhere else' }).click();
  await expect(page.getByRole('button', { name: 'Sign out everywhere else' })).toHaveCount(0);

  await elsewhere.goto('/accounts');
  await expect(elsewhere).toHaveURL(/\/sign-in/);

  await page.getByRole('button', { name: 'Sign out', exact: true }).click();
  await expect(page).toHaveURL(/\/sign-in/);
  await page.goto('/holdings');
  await expect(page).toHaveURL(/\/sign-in/);
});

test('figures move by themselves when a statement is recorded in another tab', async ({ page, context }) => {
  await signIn(page, someone('live'));
  await startInEuros(page);
  await addAccount(page, { name: 'Card', institution: 'Old Bank', currency: 'EUR' });
  await page.goto('/');

  const other = await context.newPage();
  await sendStatement(other, 'card.ofx', 'Card');
  await expect(other.getByRole('heading', { name: /^3 new entries/ })).toBeVisible({ timeout: 20_000 });
  await record(other);
  await expect(netWorth(page)).toHaveText(amount('808.02'), { timeout: 20_000 });
});
