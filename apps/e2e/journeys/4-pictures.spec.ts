import { AxeBuilder } from '@axe-core/playwright';
import { type Page, expect, test } from '@playwright/test';
import { brokerScreenshot, type Shown } from '../support/broker-app.ts';
import { addAccount, fromApi, startInEuros } from '../support/portfolio.ts';
import { signIn, someone } from '../support/sign-in.ts';

const DEPOT: Shown[] = [
  { name: 'Apple Inc.', symbol: 'AAPL', kind: 'stock', quantity: '12', price: '187,20 €', value: '2.246,40 €' },
  { name: 'Bitcoin', symbol: 'BTC', kind: 'crypto', quantity: '0,052', price: '80.000,00 €', value: '4.160,00 €' },
  {
    name: 'Grüner Weltfonds A',
    symbol: null,
    kind: 'stock',
    quantity: null,
    price: null,
    value: '1.250,00 €',
    confidence: 'medium',
  },
  { name: 'Verrechnungskonto', symbol: 'EUR', kind: 'fiat', quantity: null, price: null, value: '1.234,56 €' },
];

async function expectUsable(page: Page, what: string): Promise<void> {
  const { violations } = await new AxeBuilder({ page }).analyze();
  const found = violations.map((each) => `${each.id}: ${each.nodes.map((node) => node.target.join(' ')).join(', ')}`);
  expect(found, what).toEqual([]);
  const overhang = await page.evaluate<number>('document.documentElement.scrollWidth - window.innerWidth');
  expect(overhang, what).toBeLessThanOrEqual(0);
}

async function choosePicture(page: Page, buffer: Buffer): Promise<void> {
  await page.goto('/imports/new');
  await page.locator('input[type=file]').setInputFiles({ name: 'depot.png', mimeType: 'image/png', buffer });
}

const row = (page: Page, name: string) => page.getByRole('listitem').filter({ has: page.getByLabel(`Record ${name}`) });

test('a picture of a broker is read, compared, corrected, recorded and taken back', async ({ page, browser }) => {
  test.setTimeout(120_000);
  await signIn(page, someone('picture'));
  await startInEuros(page);
  await addAccount(page, { name: 'Depot', institution: 'Some Broker', currency: 'EUR' });

  await choosePicture(page, await brokerScreenshot(browser, DEPOT));
  const read = page.getByRole('button', { name: 'Read the file' });
  await expect(read).toBeDisabled();
  await expect(page.getByText(/It is sent to .+, which shows it to a language model/)).toBeVisible();
  await expectUsable(page, 'a picture is chosen');
  await page.getByRole('checkbox', { name: /Send this picture/ }).check();
  await read.click();

  await expect(page.getByRole('heading', { name: '4 positions in the picture' })).toBeVisible({ timeout: 30_000 });
  await expect(page.getByAltText('What these positions were read from')).toBeVisible();
  await expect(page.getByText('1 lacks an asset or a quantity')).toBeVisible();
  const record = page.getByRole('button', { name: /^Record \d balance/ });
  await expect(record).toBeDisabled();
  await expect(page.getByLabel('Quantity of Bitcoin')).toHaveValue('0.052');
  await expect(page.getByLabel('Quantity of Verrechnungskonto')).toHaveValue('1234.56');
  await expect(row(page, 'Grüner Weltfonds A')).toContainText('Only its value in money is known');
  for (const size of [
    { width: 360, height: 740 },
    { width: 1280, height: 800 },
  ]) {
    await page.setViewportSize(size);
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
      await expectUsable(page, `the review, ${colorScheme}, ${size.width}`);
    }
  }

  await page.getByRole('button', { name: 'Choose an asset for Grüner Weltfonds A' }).click();
  const dialog = page.getByRole('dialog');
  await expectUsable(page, 'choosing an asset');
  await dialog.getByRole('combobox', { name: 'Asset' }).fill('Grüner Weltfonds');
  await dialog.getByRole('button', { name: /as an asset of my own/ }).click();
  await expect(dialog).toBeHidden();
  await expect(page.getByRole('button', { name: /^Grüner Weltfonds A is/ })).toBeVisible();
  await page.getByLabel('Quantity of Grüner Weltfonds A').fill('a few');
  await page.getByLabel('Quantity of Grüner Weltfonds A').press('Tab');
  await expect(page.getByText('Use digits and one decimal mark')).toBeVisible();
  await page.getByLabel('Quantity of Grüner Weltfonds A').fill('25');
  await page.getByLabel('Quantity of Grüner Weltfonds A').press('Tab');
  await expect(page.getByText('Compare them with the picture')).toBeVisible();
  await page.getByLabel('Record Bitcoin').uncheck();
  await page.getByLabel('When was it so?').fill('2026-01-15T09:41');
  await page.getByLabel('When was it so?').blur();

  await expect(page.getByRole('button', { name: 'Record 3 balances' })).toBeEnabled();
  await page.getByRole('button', { name: 'Record 3 balances' }).click();
  await expect(page.getByText(/3 balances are known in Depot/)).toBeVisible({ timeout: 20_000 });
  const { items } = await fromApi<{ items: { asset: { symbol: string }; balance: string }[] }>(
    page,
    '/holdings?limit=50',
  );
  expect(Object.fromEntries(items.map(({ asset, balance }) => [asset.symbol, balance]))).toEqual({
    AAPL: '12',
    EUR: '1234.56',
    GNW: '25',
  });

  await page.getByRole('button', { name: 'Take back' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Take the import back' }).click();
  await expect(page.getByRole('main').getByText('Taken back', { exact: true })).toBeVisible({ timeout: 20_000 });
});

test('a picture of something else says so, and nothing is recorded', async ({ page, browser }) => {
  await signIn(page, someone('no-picture'));
  await startInEuros(page);
  await addAccount(page, { name: 'Depot', institution: 'Some Broker', currency: 'EUR' });
  await choosePicture(page, await brokerScreenshot(browser, []));
  await page.getByRole('checkbox', { name: /Send this picture/ }).check();
  await page.getByRole('button', { name: 'Read the file' }).click();
  await expect(page.getByText('This file could not be read')).toBeVisible({ timeout: 30_000 });
  await expect(page.getByText(/shows? no positions/)).toBeVisible();
  await expectUsable(page, 'a picture that could not be read');
});

const STATEMENT = `<!doctype html><meta charset="utf-8"><style>
  body { font: 11px sans-serif } table { width: 100% } td { padding: 3px 8px } .n { text-align: right }
</style><h1>Kontoauszug November</h1><p>Konto DE00 1234 · EUR</p><table>
  <tr><td>03.11.2026</td><td>Miete November</td><td class="n">-950,00</td><td class="n">1.284,56</td></tr>
  <tr><td>04.11.2026</td><td>Gehalt</td><td class="n">2.500,00</td><td class="n">3.784,56</td></tr>
</table><p>Endsaldo 30.11.2026 3.784,56</p>`;

test('a statement as PDF is read by its text, and reviewed like any other', async ({ page, browser }) => {
  await signIn(page, someone('pdf'));
  await startInEuros(page);
  await addAccount(page, { name: 'Konto', institution: 'Hausbank', currency: 'EUR' });
  const press = await browser.newPage();
  await press.setContent(STATEMENT);
  const buffer = await press.pdf({ format: 'A4' });
  await press.close();
  await page.goto('/imports/new');
  await page.locator('input[type=file]').setInputFiles({ name: 'november.pdf', mimeType: 'application/pdf', buffer });
  await page.getByRole('checkbox', { name: /Send the text of this PDF/ }).check();
  await page.getByRole('button', { name: 'Read the file' }).click();
  await expect(page.getByRole('heading', { name: /^2 new entries/ })).toBeVisible({ timeout: 30_000 });
  await expect(page.getByText('Miete November')).toBeVisible();
  await expectUsable(page, 'the review of a PDF');
  await page.getByRole('button', { name: 'Record 2 entries' }).click();
  await expect(page.getByText(/2 new entries are in Konto/)).toBeVisible({ timeout: 20_000 });
});

test('the columns of a strange CSV are suggested by AI, once its owner asks for it', async ({ page }) => {
  await signIn(page, someone('columns'));
  await startInEuros(page);
  await addAccount(page, { name: 'Konto', institution: 'Hausbank', currency: 'EUR' });
  const buffer = Buffer.from('Wer;Buchung;Betrag\nBäcker;03.11.2026;-4,50\nMiete;04.11.2026;-950,00\n');
  await page.goto('/imports/new');
  await page.locator('input[type=file]').setInputFiles({ name: 'bank.csv', mimeType: 'text/csv', buffer });
  await page.getByRole('button', { name: 'Read the file' }).click();
  await expect(page.getByText(/Sends the names of the columns and the first 2 lines to/)).toBeVisible({
    timeout: 20_000,
  });
  const date = page.locator('label:has(> span:text-is("Date")) select');
  await date.selectOption({ label: 'Wer' });
  await page.getByRole('button', { name: 'Suggest by AI' }).click();
  await expect(page.getByText('The columns are as the model suggests.')).toBeVisible();
  await expect(date.locator('option:checked')).toHaveText('Buchung');
  await expectUsable(page, 'suggested columns');
  await page.getByRole('button', { name: 'Read the file like this' }).click();
  await expect(page.getByRole('heading', { name: /^2 new entries/ })).toBeVisible({ timeout: 20_000 });
});

test('a picture can be pasted', async ({ page, browser }) => {
  await signIn(page, someone('paste'));
  await startInEuros(page);
  await addAccount(page, { name: 'Depot', institution: 'Some Broker', currency: 'EUR' });
  await page.goto('/imports/new');
  await expect(page.getByLabel('Which account is it from?')).toBeVisible();
  const base64 = (await brokerScreenshot(browser, DEPOT)).toString('base64');
  await page.evaluate(`
    const data = new DataTransfer();
    const bytes = Uint8Array.from(atob('${base64}'), (letter) => letter.charCodeAt(0));
    data.items.add(new File([bytes], 'image.png', { type: 'image/png' }));
    document.dispatchEvent(new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true }));
  `);
  await expect(page.getByAltText('The picture that was chosen')).toBeVisible();
  await expect(page.getByRole('checkbox', { name: /Send this picture/ })).not.toBeChecked();
});
