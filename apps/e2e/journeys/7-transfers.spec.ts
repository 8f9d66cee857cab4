import { type Page, expect, test } from '@playwright/test';
import { addAccount, amount, fromApi, startInEuros } from '../support/portfolio.ts';
import { signIn, someone } from '../support/sign-in.ts';

interface Named {
  id: string;
  name: string;
}

/** Says something to the api with the session of the page, as its scripts would. */
async function tell<T>(page: Page, path: string, data: object): Promise<T> {
  const answer = await page.request.post(`/api${path}`, { data, headers: { origin: new URL(page.url()).origin } });
  expect(answer.status(), await answer.text()).toBe(201);
  return (await answer.json()) as T;
}

/** A holding of euros in the account of that name; its id. */
async function euros(page: Page, account: string, balance: string): Promise<string> {
  const accounts = await fromApi<{ items: Named[] }>(page, '/accounts');
  const currencies = await fromApi<{ items: { code: string; assetId: string }[] }>(page, '/currencies');
  const { id } = await tell<{ id: string }>(page, '/holdings', {
    accountId: accounts.items.find((one) => one.name === account)?.id,
    assetId: currencies.items.find((one) => one.code === 'EUR')?.assetId,
    balance,
  });
  return id;
}

const moved = (page: Page, holding: string, kind: 'deposit' | 'withdraw', quantity: string, at: string) =>
  tell(page, `/holdings/${holding}/transactions`, {
    kind,
    quantity,
    occurredAt: at,
    ...(kind === 'withdraw' ? { description: 'To my savings' } : {}),
  });

test('a transfer is found by itself, an unclear one is decided by one key, and both can be taken apart', async ({
  page,
}) => {
  await signIn(page, someone('transfers'));
  await startInEuros(page);
  await addAccount(page, { name: 'Everyday', institution: 'First Bank', currency: 'EUR' });
  await addAccount(page, { name: 'Savings', institution: 'Second Bank', currency: 'EUR' });
  const [everyday, savings] = [await euros(page, 'Everyday', '5000'), await euros(page, 'Savings', '5000')];
  await moved(page, everyday, 'withdraw', '400', '2026-02-02T10:00:00Z');
  await moved(page, savings, 'deposit', '400', '2026-02-02T10:10:00Z');
  await moved(page, everyday, 'withdraw', '75', '2026-03-03T10:00:00Z');
  await moved(page, savings, 'deposit', '75', '2026-03-03T10:05:00Z');
  await moved(page, savings, 'deposit', '74.50', '2026-03-03T10:20:00Z');

  await page.goto('/transfers');
  await expect(page.getByText('Nothing to look at')).toBeVisible();
  await page.getByRole('button', { name: 'Look for transfers now' }).first().click();
  const waiting = page.getByRole('list', { name: 'Entries to look at' });
  const unclear = waiting.locator('> li').filter({ has: page.locator('.entry', { hasText: 'Everyday' }) });
  await expect(unclear.getByRole('button', { name: /^Link with Savings/ })).toHaveCount(2, { timeout: 20_000 });
  await expect(page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: /Transfers/ })).toContainText(
    '3',
  );

  await page.getByRole('radio', { name: 'Decided' }).click();
  const decided = page.getByRole('region', { name: 'Decided transfers' });
  await expect(decided.getByRole('listitem')).toHaveCount(1);
  await expect(decided).toContainText('found by Scani');
  await expect(decided).toContainText(amount('400'));

  await page.goto('/activity');
  await expect(page.getByRole('link', { name: 'to Savings' })).toBeVisible();

  await page.goto('/transfers');
  await expect(waiting.getByRole('listitem').first()).toBeVisible();
  await unclear.locator('.entry').click();
  await page.keyboard.press('1');
  await expect(page.getByText('Linked Everyday and Savings.')).toBeVisible();
  await expect(unclear).toHaveCount(0);
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect(page.getByText('Linked Everyday and Savings.')).toHaveCount(0);

  await page.getByRole('radio', { name: 'Decided' }).click();
  await decided
    .getByRole('listitem')
    .filter({ hasText: amount('400') })
    .getByRole('button', { name: /^Undo/ })
    .click();
  await expect(decided.getByRole('listitem').filter({ hasText: amount('400') })).toHaveCount(0);
  // A pair that was taken apart is not put together again.
  await page.getByRole('button', { name: 'Look for transfers now' }).click();
  await expect(page.getByText('Looked for transfers just now.')).toBeVisible({ timeout: 20_000 });
  await expect(decided.getByRole('listitem').filter({ hasText: amount('400') })).toHaveCount(0);
});

test('what is paid to one counterparty is said once, by a rule', async ({ page }) => {
  await signIn(page, someone('rules'));
  await startInEuros(page);
  await addAccount(page, { name: 'Everyday', institution: 'First Bank', currency: 'EUR' });
  const everyday = await euros(page, 'Everyday', '5000');
  await moved(page, everyday, 'withdraw', '12', '2026-02-02T10:00:00Z');
  await moved(page, everyday, 'withdraw', '13', '2026-02-03T10:00:00Z');

  await page.goto('/transfers');
  await page.getByLabel('Show those without a candidate too').check();
  const waiting = page.getByRole('list', { name: 'Entries to look at' });
  await expect(waiting.locator('> li')).toHaveCount(2);
  const first = waiting.locator('> li').first();
  await first.getByLabel(/^Always for/).check();
  await first.getByRole('button', { name: 'Left my control' }).click();
  await expect(page.getByText('Everything is decided')).toBeVisible();
  await page.getByRole('radio', { name: 'Rules' }).click();
  const rules = page.getByRole('region', { name: 'Standing rules' });
  await expect(rules).toContainText('decides 2 entries');
  await rules.getByRole('button', { name: /^Delete the rule/ }).click();
  await expect(page.getByText('No standing rules')).toBeVisible();
});
