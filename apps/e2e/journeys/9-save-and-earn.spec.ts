import { AxeBuilder } from '@axe-core/playwright';
import { type Page, expect, test } from '@playwright/test';
import { addAccount, amount, fromApi, startInEuros } from '../support/portfolio.ts';
import { signIn, someone } from '../support/sign-in.ts';

const clean = async (page: Page): Promise<void> =>
  expect((await new AxeBuilder({ page }).include('[role=dialog]').analyze()).violations).toEqual([]);

/** A thousand euros in a new account, seen on 1 January. */
async function thousand(page: Page): Promise<string> {
  const accounts = await fromApi<{ items: { id: string }[] }>(page, '/accounts');
  const currencies = await fromApi<{ items: { assetId: string; code: string }[] }>(page, '/currencies');
  const made = await page.request.post('/api/holdings', {
    headers: { origin: new URL(page.url()).origin },
    data: {
      accountId: accounts.items[0]?.id,
      assetId: currencies.items.find((one) => one.code === 'EUR')?.assetId,
      balance: '1000',
      at: '2026-01-01T00:00:00Z',
    },
  });
  return ((await made.json()) as { id: string }).id;
}

async function saver(page: Page, name: string): Promise<string> {
  await signIn(page, someone(name));
  await startInEuros(page);
  await addAccount(page, { name: 'Savings', institution: 'Sparbank', currency: 'EUR' });
  return thousand(page);
}

test('a vault is made and filled, and no holding is put aside twice', async ({ page }) => {
  test.setTimeout(120_000);
  await saver(page, 'vault');
  await page.goto('/vaults');
  const dialog = page.getByRole('dialog');

  await page.getByRole('button', { name: 'Add a vault' }).click();
  await dialog.getByLabel('Name').fill('Summer');
  await dialog.getByLabel('Target').fill('800');
  await clean(page);
  await dialog.getByRole('button', { name: 'Add vault' }).click();
  await expect(dialog.getByRole('heading', { name: 'What is put aside: Summer' })).toBeVisible();
  await dialog.getByLabel(/^Euro/).fill('25');
  await clean(page);
  await dialog.getByRole('button', { name: 'Save' }).click();
  await expect(dialog).toBeHidden();
  const summer = page.getByRole('region', { name: 'Summer' });
  await expect(summer).toContainText(amount('250.00'));
  await expect(summer).toContainText(/€550\.00 to go/);
  await expect(summer.getByRole('progressbar')).toHaveAttribute('aria-valuenow', '31');

  await page.getByRole('button', { name: 'Add vault' }).click();
  await dialog.getByLabel('Name').fill('Roof');
  await dialog.getByLabel('Target').fill('5000');
  await dialog.getByRole('button', { name: 'Add vault' }).click();
  await expect(dialog.getByText('75 % left; the rest is in other vaults')).toBeVisible();
  await dialog.getByLabel(/^Euro/).fill('75.1');
  await dialog.getByRole('button', { name: 'Save' }).click();
  await expect(dialog.getByText('It must be at most 75: the rest is in other vaults.')).toBeVisible();
  await expect(dialog.getByLabel(/^Euro/)).toHaveAttribute('aria-invalid', 'true');
  await dialog.getByLabel(/^Euro/).fill('75');
  await dialog.getByRole('button', { name: 'Save' }).click();
  await expect(page.getByRole('region', { name: 'Roof' })).toContainText(amount('750.00'));

  await page.getByRole('button', { name: 'Delete Summer' }).click();
  await dialog.getByRole('button', { name: 'Delete vault' }).click();
  await expect(page.getByTestId('vault')).toHaveCount(1);
});

test('interest is set, paid and ended', async ({ page }) => {
  test.setTimeout(120_000);
  const holding = await saver(page, 'interest');
  await page.goto(`/holdings/${holding}`);
  await page.getByRole('button', { name: 'Set interest' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Rate by the year, in %').fill('12');
  await dialog.getByLabel('First day that earns').fill('2026-01-15');
  await dialog.getByLabel('Last day').fill('2026-01-10');
  await dialog.getByRole('button', { name: 'Set interest' }).click();
  await expect(dialog.getByText('This lies before the first day.')).toBeVisible();
  await dialog.getByLabel('Last day').fill('2026-03-15');
  await clean(page);
  await dialog.getByRole('button', { name: 'Set interest' }).click();
  await expect(dialog).toBeHidden();

  const card = page.getByTestId('interest');
  await expect(card).toContainText('12 % a year');
  await expect(card).toContainText('paid every month, from');
  // 1 % of 1000 on 15 February, and of 1010 on 15 March.
  await expect(page.getByTestId('interest-paid')).toHaveText(/20[.,]1 EUR/, { timeout: 20_000 });

  await page.getByRole('button', { name: 'End', exact: true }).click();
  await dialog.getByRole('button', { name: 'End interest' }).click();
  await expect(card).toHaveCount(0);
  await expect(page.getByText('If the rate is known in advance')).toBeVisible();
  await expect(page.getByText('Interest', { exact: true }).first()).toBeVisible();
});
