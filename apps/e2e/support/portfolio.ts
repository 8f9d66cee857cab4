import { type Locator, type Page, expect } from '@playwright/test';
import { join } from 'node:path';

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

/** A new person's own, empty portfolio in euros. */
export async function startInEuros(page: Page): Promise<void> {
  await page.goto('/start');
  await page.getByLabel('Base currency').selectOption('EUR');
  await page.getByRole('button', { name: 'Use EUR' }).click();
  await expect(page.getByRole('button', { name: 'Use EUR' })).toBeHidden();
}

const statements = join(import.meta.dirname, '..', 'statements');

/** Sends a statement for an account; the page then follows the import by itself. */
export async function sendStatement(page: Page, file: string, account: string): Promise<void> {
  await page.goto('/imports/new');
  const option = page.getByLabel('Which account is it from?').getByRole('option', { name: new RegExp(account) });
  await page.getByLabel('Which account is it from?').selectOption((await option.getAttribute('value')) ?? '');
  await page.locator('input[type=file]').setInputFiles(join(statements, file));
  await page.getByRole('button', { name: 'Read the file' }).click();
  await expect(page.getByRole('heading', { name: file })).toBeVisible();
}

/** Records what the review shows and waits for the ledger. */
export async function record(page: Page): Promise<void> {
  await page.getByRole('button', { name: /^Record \d+ entr/ }).click();
  await expect(page.getByRole('main').getByText('Recorded', { exact: true })).toBeVisible({ timeout: 20_000 });
}

/** The dashboard's headline, as soon as it says so: the rollup follows the ledger within seconds. */
export async function expectNetWorth(page: Page, expected: string): Promise<void> {
  await page.goto('/');
  await expect(netWorth(page)).toHaveText(amount(expected), { timeout: 20_000 });
}
