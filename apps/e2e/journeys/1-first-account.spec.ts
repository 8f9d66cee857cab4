import { expect, test } from '@playwright/test';
import { fromApi } from '../support/portfolio.ts';
import { administrator, askForMail, signIn, someone, typeCode } from '../support/sign-in.ts';

// This account goes on looking at the demo; when nobody does any more, it is erased for later journeys too.
test('the first newcomer signs in by code, sees the demo, and is the admin', async ({ page }) => {
  await page.goto('/');
  await expect(page).toHaveURL(/\/sign-in/);

  const { code } = await askForMail(page, administrator);
  const wrong = code === '000000' ? '000001' : '000000';
  await typeCode(page, wrong);
  await expect(page.getByText(/not right|wrong|tries/i)).toBeVisible();
  await typeCode(page, code);

  await expect(page.getByRole('note', { name: 'Demo portfolio' })).toContainText('made-up data');
  await expect(page.getByTestId('net-worth')).toContainText(/\d/);
  await page.getByRole('link', { name: 'System' }).click();
  await expect(page.getByRole('heading', { name: 'Processes' })).toBeVisible();
  await expect(page.getByRole('listitem').filter({ hasText: 'worker' }).first()).toBeVisible();
});

test('a link signs in once, and whoever comes second is no admin', async ({ page, browser }) => {
  const { link } = await askForMail(page, someone('second'));
  await page.goto(link);
  await expect(page.getByTestId('net-worth')).toContainText(/\d/);
  await expect(page.getByRole('link', { name: 'System' })).toHaveCount(0);

  const elsewhere = await browser.newPage();
  await elsewhere.goto(link);
  await expect(elsewhere.getByText(/already been used|used/i).first()).toBeVisible();
  await elsewhere.close();
});

test('the headline is the last point of the chart', async ({ page }) => {
  await signIn(page, someone('chart'));
  const path = '/portfolio/history?scope=user&range=1M';
  await expect.poll(async () => (await fromApi<{ state: string }>(page, path)).state).toBe('ready');
  const { value } = await fromApi<{ value: { amount: string } }>(page, '/portfolio/summary');
  const { points } = await fromApi<{ points: { value: string }[] }>(page, path);
  expect(points.at(-1)?.value).toBe(value.amount);
});

test('the demo goes with one click and leaves the way to a portfolio of one’s own', async ({ page }) => {
  await signIn(page, someone('no-demo'));
  const demo = page.getByRole('note', { name: 'Demo portfolio' });
  await demo.getByRole('button', { name: 'Remove demo data' }).click();
  await expect(demo).toBeHidden();
  await expect(page.getByText('Nothing here yet')).toBeVisible();
  await page.getByRole('main').getByRole('link', { name: 'Start' }).click();
  await expect(page.getByRole('heading', { name: 'Start your own portfolio' })).toBeVisible();
});
