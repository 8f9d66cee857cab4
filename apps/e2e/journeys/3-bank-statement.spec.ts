import { expect, test } from '@playwright/test';
import { addAccount, expectNetWorth, record, sendStatement, startInEuros } from '../support/portfolio.ts';
import { signIn, someone } from '../support/sign-in.ts';

test('a Revolut export becomes entries; again it adds nothing, and an overlapping one only what is new', async ({
  page,
}) => {
  test.setTimeout(120_000);
  await signIn(page, someone('revolut'));
  await startInEuros(page);
  await addAccount(page, { name: 'Everyday', institution: 'Revolut', currency: 'EUR' });

  await sendStatement(page, 'revolut-january.csv', 'Everyday');
  await expect(page.getByRole('heading', { name: /new entries in \d+ lines/ })).toBeVisible({ timeout: 20_000 });
  await expect(page.getByText('Bakery am Markt')).toHaveCount(2);
  await record(page);
  await expectNetWorth(page, '387.15');

  await sendStatement(page, 'revolut-january.csv', 'Everyday');
  await expect(page.getByText('Everything in this file is in the ledger already.')).toBeVisible({ timeout: 20_000 });
  await expect(page.getByRole('button', { name: /^Record/ })).toBeDisabled();

  await sendStatement(page, 'revolut-january-february.csv', 'Everyday');
  await expect(page.getByRole('heading', { name: /^2 new entries/ })).toBeVisible({ timeout: 20_000 });
  await record(page);
  await expectNetWorth(page, '1855.40');

  await page.goto('/activity');
  await expect(page.getByText('Bakery am Markt')).toHaveCount(2);
  await expect(page.getByText('Night train Vienna')).toHaveCount(1);

  await page.goto('/jobs');
  await expect(page.getByText('Done').first()).toBeVisible();
});
