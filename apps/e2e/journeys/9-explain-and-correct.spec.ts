import { AxeBuilder } from '@axe-core/playwright';
import { type Page, expect, test } from '@playwright/test';
import {
  addAccount,
  expectNetWorth,
  fromApi,
  netWorth,
  record,
  sendStatement,
  startInEuros,
} from '../support/portfolio.ts';
import { signIn, someone } from '../support/sign-in.ts';

const clean = async (page: Page): Promise<void> =>
  expect((await new AxeBuilder({ page }).include('[role=dialog]').analyze()).violations).toEqual([]);

const daysAgo = (days: number): string => new Date(Date.now() - days * 86_400_000).toISOString().slice(0, 10);

test('the headline is taken apart down to a quote, on another day, and as it was known then', async ({ page }) => {
  await signIn(page, someone('explain'));
  const headline = netWorth(page).getByRole('button');
  await headline.click();
  const dialog = page.getByRole('dialog', { name: 'Where this comes from' });
  const said = dialog.getByTestId('explained-now');
  await expect(said.getByText(/can have a price have one/)).toBeVisible();

  const apple = dialog.getByRole('button', { name: /^AAPL/ });
  await expect(apple).toHaveAttribute('aria-expanded', 'false');
  await apple.click();
  const part = dialog.getByRole('listitem').filter({ has: page.getByRole('button', { name: /^AAPL/ }) });
  const legs = part.locator('app-price-way li');
  await expect(legs.first()).toContainText('1 AAPL');
  await expect(legs.first()).toContainText(/before|at that moment/);
  await expect(legs.last()).toContainText('EUR');
  await clean(page);

  await dialog.getByLabel('As of the end of').fill(daysAgo(40));
  await expect(said).toContainText('at the end of');
  await expect(said).toContainText(/can have a price have one/);
  // The demo was recorded when the stack began, so nothing of it had been known before.
  await dialog.getByLabel('As it was known on').fill(daysAgo(30));
  await expect(dialog.getByTestId('explained-then')).toContainText('Nothing is held');
  await expect(dialog.getByText('Nothing had been recorded for that time.')).toBeVisible();
  await dialog.getByRole('radio', { name: 'Said now' }).check();
  await expect(dialog.getByRole('button', { name: /^AAPL/ })).toBeVisible();
  await clean(page);

  await page.keyboard.press('Escape');
  await expect(dialog).toBeHidden();
  await expect(headline).toBeFocused();
});

/** An account with money in it, and a deposit that is wrong. */
async function wrongDeposit(page: Page): Promise<string> {
  const headers = { origin: new URL(page.url()).origin };
  const accounts = await fromApi<{ items: { id: string }[] }>(page, '/accounts');
  const currencies = await fromApi<{ items: { assetId: string; code: string }[] }>(page, '/currencies');
  const made = await page.request.post('/api/holdings', {
    headers,
    data: {
      accountId: accounts.items[0]?.id,
      assetId: currencies.items.find((one) => one.code === 'EUR')?.assetId,
      balance: '0',
      at: '2026-01-01T00:00:00Z',
    },
  });
  const { id } = (await made.json()) as { id: string };
  const deposit = { kind: 'deposit', quantity: '1000', occurredAt: '2026-02-01T12:00:00Z', description: 'Savings' };
  expect((await page.request.post(`/api/holdings/${id}/transactions`, { headers, data: deposit })).status()).toBe(201);
  return id;
}

test('a transaction is corrected, then taken back, and both stay in the list', async ({ page }) => {
  test.setTimeout(120_000);
  await signIn(page, someone('correct'));
  await startInEuros(page);
  await addAccount(page, { name: 'Giro', institution: 'Sparbank', currency: 'EUR' });
  const holding = await wrongDeposit(page);

  await page.goto(`/holdings/${holding}`);
  await page.getByRole('button', { name: /^Actions: Savings/ }).click();
  await page.getByRole('button', { name: 'Correct…' }).click();
  const dialog = page.getByRole('dialog');
  await expect(dialog.getByLabel('Quantity')).toHaveValue('1000');
  await expect(dialog.getByLabel('Note')).toHaveValue('Savings');
  await dialog.getByLabel('Quantity').fill('1250.50');
  await clean(page);
  await dialog.getByRole('button', { name: 'Correct', exact: true }).click();
  await expect(dialog).toBeHidden();
  await expect(page.getByText('taken back', { exact: true })).toHaveCount(1);
  await expect(page.getByText('takes a row back', { exact: true })).toHaveCount(1);
  await expectNetWorth(page, '1250.50');

  await page.goto('/activity');
  await page.getByRole('button', { name: /^Actions: Savings/ }).click();
  await page.getByRole('button', { name: 'Take back…' }).click();
  await expect(dialog).toContainText('A row with the other sign is added');
  await clean(page);
  await dialog.getByRole('button', { name: 'Take back' }).click();
  await expect(page.getByText('taken back', { exact: true })).toHaveCount(2);
  await expect(page.getByRole('button', { name: /^Actions: Savings/ })).toHaveCount(0);
  await expectNetWorth(page, '0');
});

test('an import is taken back: what another file says as well stays', async ({ page }) => {
  test.setTimeout(120_000);
  await signIn(page, someone('undo'));
  await startInEuros(page);
  await addAccount(page, { name: 'Everyday', institution: 'Revolut', currency: 'EUR' });
  await sendStatement(page, 'revolut-january.csv', 'Everyday');
  await record(page);
  await sendStatement(page, 'revolut-january-february.csv', 'Everyday');
  await record(page);
  await expectNetWorth(page, '1855.40');

  await page.goto('/imports');
  await page.getByRole('link', { name: 'revolut-january-february.csv' }).click();
  await page.getByRole('button', { name: 'Take back' }).click();
  const dialog = page.getByRole('dialog');
  await expect(dialog).toContainText('What another recorded import of this account says as well stays');
  await clean(page);
  await dialog.getByRole('button', { name: 'Take the import back' }).click();
  await expect(page.getByRole('main').getByText('Taken back', { exact: true })).toBeVisible({ timeout: 20_000 });
  await expectNetWorth(page, '387.15');

  await page.goto('/imports');
  await expect(page.getByRole('listitem').filter({ hasText: 'february' })).toContainText('taken back');
  await page.goto('/activity');
  await expect(page.getByRole('listitem').filter({ hasText: 'Bookshop Zweitausend' })).toContainText('taken back');
  await expect(page.getByRole('listitem').filter({ hasText: 'Night train Vienna' })).not.toContainText('taken back');
});

test('closed positions are asked for by a switch', async ({ page }) => {
  await signIn(page, someone('closed'));
  await page.goto('/holdings');
  const asked = page.waitForRequest(/\/api\/holdings\?.*closed=true/);
  await page.getByLabel('Show closed too').check();
  await asked;
  await expect(page.getByRole('link', { name: /AAPL/ })).toBeVisible();
});
