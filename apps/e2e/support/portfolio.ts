import { type Locator, type Page, expect } from '@playwright/test';

/** Adds an account with the dialog that is open. */
export async function fillAccount(page: Page, account: { name: string; institution: string; currency: string }) {
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Name', { exact: true }).fill(account.name);
  await dialog.getByLabel('Institution', { exact: true }).fill(account.institution);
  await dialog.getByLabel('Currency').selectOption(account.currency);
  await dialog.getByRole('button', { name: 'Add account' }).click();
  await expect(dialog).toBeHidden();
}

/** Adds an account from wherever one is. */
export async function addAccount(page: Page, account: { name: string; institution: string; currency: string }) {
  await page.getByRole('button', { name: 'Add', exact: true }).first().click();
  await page
    .getByRole('dialog')
    .getByRole('button', { name: /^Account/ })
    .click();
  await expect(page.getByRole('heading', { name: 'Add an account' })).toBeVisible();
  await fillAccount(page, account);
}

export const netWorth = (page: Page): Locator => page.getByTestId('net-worth');

/** An amount as any locale may group it: 2501.00 is "2,501.00", "2.501,00" or "2 501,00". */
export function amount(text: string): RegExp {
  const [whole = '', fraction] = text.split('.');
  const grouped = whole.replaceAll(/\B(?=(\d{3})+(?!\d))/g, '[.,’\\s\\u00a0\\u202f]?');
  return new RegExp(fraction ? `${grouped}[.,]${fraction}` : grouped);
}

/** Reads an answer of the api with the session of the page. */
export async function fromApi<T>(page: Page, path: string): Promise<T> {
  const answer = await page.request.get(`/api${path}`);
  expect(answer.status(), path).toBe(200);
  return (await answer.json()) as T;
}
