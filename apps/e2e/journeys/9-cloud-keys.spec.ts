import { AxeBuilder } from '@axe-core/playwright';
import { type Locator, type Page, expect, test } from '@playwright/test';
import { administrator, signIn, someone } from '../support/sign-in.ts';

const NAME = 'Home of Ada';

async function expectUsable(page: Page): Promise<void> {
  const { violations } = await new AxeBuilder({ page }).analyze();
  expect(violations.map((each) => each.id)).toEqual([]);
}

const cardOf = (page: Page): Locator => page.getByTestId('cloud-key').filter({ hasText: NAME });

test('an admin issues a key, sees it once, changes it, looks at its use and revokes it', async ({ page }) => {
  await page.emulateMedia({ reducedMotion: 'reduce' });
  await signIn(page, administrator);
  await page.getByRole('link', { name: 'System' }).click();
  await page.getByRole('link', { name: 'Cloud keys' }).click();
  await page.getByRole('button', { name: 'Issue a key' }).first().click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Whose it is').fill(NAME);
  await dialog.getByLabel('Plan').selectOption('trial');
  await expect(dialog.getByLabel('Units an hour')).toHaveValue('1000');
  await dialog.getByLabel('Units a month').fill('499');
  await dialog.getByRole('button', { name: 'Issue key' }).click();
  await expect(dialog.getByText('at least 500')).toBeVisible();
  await dialog.getByLabel('Units a month').fill('7000');
  await dialog.getByLabel('AI', { exact: true }).uncheck();
  await expectUsable(page);
  await dialog.getByRole('button', { name: 'Issue key' }).click();

  const secret = await dialog.getByTestId('secret').innerText();
  expect(secret).toMatch(/^scani_sk_[0-9a-f]{12}_[\w-]{43}$/);
  await expectUsable(page);
  await dialog.getByRole('button', { name: 'I have it' }).click();
  const card = cardOf(page);
  await expect(card).toContainText(/of 7,000/);
  await expect(card).not.toContainText('AI');
  await expect(page.locator('body')).not.toContainText(secret);

  await card.getByRole('button', { name: `Change ${NAME}` }).click();
  await dialog.getByLabel('Plan').selectOption('team');
  await expect(dialog.getByLabel('Units a month')).toHaveValue('5000000');
  await dialog.getByRole('button', { name: 'Save' }).click();
  await expect(card).toContainText('team');
  await expect(card).toContainText(/of 5,000,000/);

  await card.getByRole('button', { name: `Usage of ${NAME}` }).click();
  await expect(dialog).toContainText('Nothing was asked');
  await expectUsable(page);
  await dialog.getByRole('button', { name: 'Close', exact: true }).last().click();

  await card.getByRole('button', { name: `Revoke ${NAME}` }).click();
  await expect(dialog).toContainText('cannot be taken back');
  await dialog.getByRole('button', { name: 'Revoke key' }).click();
  await expect(card).toContainText('revoked');
  await expect(card.getByRole('button', { name: `Change ${NAME}` })).toHaveCount(0);
});

test('who is no admin finds neither the page nor its data', async ({ page }) => {
  await signIn(page, someone('no-keys'));
  await page.goto('/admin/cloud-keys');
  await expect(page.getByRole('heading', { name: 'Dashboard' })).toBeAttached();
  expect((await page.request.get('/api/admin/cloud-keys')).status()).toBe(403);
});
