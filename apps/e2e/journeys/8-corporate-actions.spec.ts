import { AxeBuilder } from '@axe-core/playwright';
import { type Page, expect, test } from '@playwright/test';
import { addAccount, amount, fromApi, startInEuros } from '../support/portfolio.ts';
import { signIn, someone } from '../support/sign-in.ts';

/** Says something to the api with the session of the page, as its scripts would. */
async function tell(page: Page, path: string, data: object): Promise<{ id: string }> {
  const answer = await page.request.post(`/api${path}`, { data, headers: { origin: new URL(page.url()).origin } });
  expect(answer.status(), await answer.text()).toBe(201);
  return (await answer.json()) as { id: string };
}

/** Ten shares at 100, ten at 150, and fifteen sold at 200. */
async function shares(page: Page): Promise<string> {
  const accounts = await fromApi<{ items: { id: string }[] }>(page, '/accounts');
  const asset = await tell(page, '/assets', { symbol: 'ORE', name: 'Ore plc', kind: 'stock', decimals: 6 });
  const { id } = await tell(page, '/holdings', {
    accountId: accounts.items[0]?.id,
    assetId: asset.id,
    balance: '0',
    at: '2025-12-31T00:00:00Z',
  });
  for (const [kind, quantity, onDay, price] of [
    ['buy', '10', '2026-01-10', '100'],
    ['buy', '10', '2026-02-10', '150'],
    ['sell', '15', '2026-06-10', '200'],
  ])
    await tell(page, `/holdings/${id}/transactions`, {
      kind,
      quantity,
      occurredAt: `${onDay}T12:00:00Z`,
      price,
      priceCurrency: 'EUR',
    });
  return id;
}

const clean = async (page: Page): Promise<void> =>
  expect((await new AxeBuilder({ page }).include('[role=dialog]').analyze()).violations).toEqual([]);

test('lots of a sale are chosen by hand, and a split changes what every share cost', async ({ page }) => {
  await signIn(page, someone('shares'));
  await startInEuros(page);
  await addAccount(page, { name: 'Depot', institution: 'First Broker', currency: 'EUR' });
  const holding = await shares(page);

  await page.goto('/accounts');
  await page.locator('main').getByRole('link', { name: /Depot/ }).first().click();
  await page.getByRole('button', { name: 'Cost basis' }).click();
  await page.getByLabel('Method').selectOption('specific');
  await clean(page);
  await page.getByRole('button', { name: 'Save' }).click();
  await expect(page.getByText('Specific lots')).toBeVisible();

  await page.goto('/gains?year=2026');
  await expect(page.getByTestId('gains-realised')).toContainText(amount('1250.00'), { timeout: 30_000 });
  await page.getByRole('button', { name: /^Lots of ORE/ }).click();
  await page.getByRole('button', { name: 'Choose the lots' }).click();
  const dialog = page.getByRole('dialog');
  await expect(dialog.getByRole('listitem')).toHaveCount(2);
  await dialog.getByRole('listitem').nth(1).getByRole('button', { name: 'All' }).click();
  await clean(page);
  await dialog.getByRole('button', { name: 'Save' }).click();
  await expect(dialog).toBeHidden();
  await expect(page.getByTestId('gains-realised')).toContainText(amount('1000.00'), { timeout: 30_000 });

  await page.goto(`/holdings/${holding}`);
  await page.getByRole('button', { name: 'Corporate action' }).click();
  await page.getByLabel('New units').fill('3');
  await expect(page.getByTestId('action-preview')).toHaveText('5 ORE become 15 ORE.');
  await clean(page);
  await page.getByRole('button', { name: 'Record', exact: true }).click();
  await expect(dialog).toBeHidden();
  await expect(page.getByText('15 ORE').first()).toBeVisible({ timeout: 30_000 });
  await expect(page.getByTestId('basis-cost')).toContainText(amount('500.00'), { timeout: 30_000 });
});
