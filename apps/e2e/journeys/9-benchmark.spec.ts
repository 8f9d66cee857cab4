import { AxeBuilder } from '@axe-core/playwright';
import { type Page, expect, test } from '@playwright/test';
import { signIn, someone } from '../support/sign-in.ts';

const clean = async (page: Page, part: string): Promise<void> =>
  expect((await new AxeBuilder({ page }).include(part).analyze()).violations).toEqual([]);

test('the demo portfolio is laid beside bitcoin, and the choice is remembered until it is cleared', async ({
  page,
}) => {
  await signIn(page, someone('benchmark'));
  const card = page.locator('app-performance-card');
  const chart = card.getByRole('img', { name: /^Returns from/ });
  await expect(page.getByTestId('performance-twr')).toContainText('%', { timeout: 30_000 });
  await card.getByRole('button', { name: 'Compare with…' }).click();
  const dialog = page.getByRole('dialog');
  await expect(dialog.getByRole('heading', { name: 'Compare with' })).toBeVisible();
  await dialog.getByRole('combobox', { name: 'Asset' }).fill('bitcoin');
  await expect(dialog.getByRole('option', { name: /^Bitcoin/ }).first()).toBeVisible();
  await clean(page, '[role=dialog]');
  await dialog
    .getByRole('option', { name: /^Bitcoin/ })
    .first()
    .click();
  await expect(dialog).toBeHidden();
  await expect(card.getByRole('button', { name: 'Change' })).toBeFocused();

  await expect(card.getByRole('heading', { name: /^Beside Bitcoin/ })).toBeVisible();
  await expect(page.getByTestId('beside-return')).toContainText('%', { timeout: 30_000 });
  await expect(page.getByTestId('beside-worth')).not.toContainText('Not known');
  await expect(page.getByTestId('beside-difference')).not.toContainText('Not known');
  await expect(chart).toHaveAccessibleName(/You [+−]?[\d.,]+%, Bitcoin [+−]?[\d.,]+%$/);
  await expect(card.getByRole('list', { name: 'Lines' }).getByRole('listitem')).toHaveText(['You', 'Bitcoin']);
  await clean(page, 'app-performance-card');

  await page.reload();
  await expect(chart).toBeVisible();
  await card.getByRole('button', { name: 'Do not compare with Bitcoin' }).click();
  await expect(chart).toBeHidden();
  await expect(card.getByRole('button', { name: 'Compare with…' })).toBeFocused();
  await page.reload();
  await expect(page.getByTestId('performance-twr')).toContainText('%');
  await expect(card.getByRole('button', { name: 'Compare with…' })).toBeVisible();
});
