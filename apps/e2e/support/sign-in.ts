import { type Page, expect } from '@playwright/test';
import { mailsTo, signInMail } from './mail.ts';

/** Asks for a mail on the sign-in page and gives what it said. */
export async function askForMail(page: Page, email: string): Promise<{ link: string; code: string }> {
  const before = (await mailsTo(email)).length;
  await page.goto('/sign-in');
  await page.getByLabel('E-mail address').fill(email);
  await page.getByRole('button', { name: 'Send me a sign-in mail' }).click();
  await expect(page.getByRole('heading', { name: 'Check your mail' })).toBeVisible();
  return signInMail(email, before);
}

export async function typeCode(page: Page, code: string): Promise<void> {
  await page.getByLabel('Digit 1 of 6').click();
  await page.keyboard.type(code);
}

/** Signs in by code and waits for the dashboard. */
export async function signIn(page: Page, email: string): Promise<void> {
  const { code } = await askForMail(page, email);
  await typeCode(page, code);
  await expect(page.getByRole('heading', { name: 'Dashboard' })).toBeAttached();
}

/** Who makes the first account, and so runs the installation. */
export const administrator = 'first@example.com';

/** An address that no other journey uses. */
export const someone = (name: string) => `${name}-${Date.now().toString(36)}@example.com`;
