import { expect, test } from '@playwright/test';
import { addAccount, expectNetWorth, record, sendStatement, startInEuros } from '../support/portfolio.ts';
import { signIn, someone } from '../support/sign-in.ts';

test('any CSV can be read by naming its columns, with a preview', async ({ page }) => {
  await signIn(page, someone('csv'));
  await startInEuros(page);
  await addAccount(page, { name: 'Girokonto', institution: 'Stadtsparkasse', currency: 'EUR' });
  await sendStatement(page, 'girokonto.csv', 'Girokonto');

  await expect(page.getByRole('heading', { name: 'Which column is which?' })).toBeVisible({ timeout: 20_000 });
  await page
    .getByLabel('Description, from these columns')
    .or(page.getByRole('group', { name: /Description/ }))
    .waitFor();
  const preview = page.getByRole('region', { name: 'Preview' });
  await expect(preview).toContainText('Gehalt Januar');
  await expect(preview).toContainText(/2[.,\s]?450[.,]00/);
  await page.getByRole('button', { name: 'Read the file like this' }).click();

  await expect(page.getByRole('heading', { name: /^3 new entries/ })).toBeVisible({ timeout: 20_000 });
  await record(page);
  await expectNetWorth(page, '2967.47');
});

test('an OFX file needs no mapping, and two identical payments stay two', async ({ page }) => {
  await signIn(page, someone('ofx'));
  await startInEuros(page);
  await addAccount(page, { name: 'Card', institution: 'Old Bank', currency: 'EUR' });
  await sendStatement(page, 'card.ofx', 'Card');

  await expect(page.getByRole('heading', { name: /^3 new entries/ })).toBeVisible({ timeout: 20_000 });
  await expect(page.getByText('Garden centre')).toHaveCount(2);
  await record(page);
  await expectNetWorth(page, '808.02');

  await sendStatement(page, 'card.ofx', 'Card');
  await expect(page.getByText('Everything in this file is in the ledger already.')).toBeVisible({ timeout: 20_000 });
});
