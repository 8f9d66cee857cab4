import { expect, test } from '@playwright/test';
import { administrator, signIn, someone } from '../support/sign-in.ts';

test('a search of mine is in what left this server, as mine, and nobody else has it as theirs', async ({ browser }) => {
  const mine = await (await browser.newContext()).newPage();
  await signIn(mine, someone('searcher'));
  await mine.goto('/start');
  expect((await mine.request.get('/api/asset-search?query=monero')).ok()).toBe(true);
  await mine.goto('/settings');
  await mine.getByRole('link', { name: 'Look at it' }).click();
  await expect(mine.getByRole('heading', { name: 'What left this server' })).toBeVisible();
  const search = mine.locator('li.group', { hasText: 'Asset search' });
  // A worker moves what was noted into the ledger every few seconds.
  await expect(async () => {
    await mine.reload();
    await expect(search.getByText('for you')).toBeVisible({ timeout: 2_000 });
  }).toPass({ timeout: 30_000 });
  await expect(search).toContainText('your own data-provider, by the api');
  await expect(mine.getByRole('region', { name: 'Calls, newest first' }).getByRole('row')).not.toHaveCount(1);
  await mine.getByRole('radio', { name: 'A day' }).check();
  await expect(search.getByText('for you')).toBeVisible();

  const other = await (await browser.newContext()).newPage();
  await signIn(other, someone('bystander'));
  await other.goto('/egress');
  const theirs = other.locator('li.group', { hasText: 'Asset search' });
  await expect(theirs).toContainText('by the data-provider');
  await expect(theirs).not.toContainText('by the api');

  const admin = await (await browser.newContext()).newPage();
  await signIn(admin, administrator);
  await admin.goto('/admin');
  await admin.getByRole('link', { name: 'Egress' }).click();
  await expect(admin.locator('li.group', { hasText: 'Asset search' })).toContainText('by the api');
  await expect(admin.getByText(/· id:[0-9a-f]{12}/).first()).toBeVisible();
});
