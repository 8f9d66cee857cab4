/**
 * Takes pictures of every mail as a person might get it: light and dark, on a wide and on a narrow screen, and as plain
 * text. `npm run screenshots:mails`; they are kept in docs/screenshots/mails, where a change of looks is seen in review.
 */
import { type Browser, chromium } from '@playwright/test';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { MAIL_FIXTURES } from '../apps/data-provider/dist/mail/templates/templates.fixtures.js';
import { MAIL_TEMPLATES, mailOf } from '../apps/data-provider/dist/mail/templates/templates.js';
import { findChromium } from './stack/chromium.ts';
import { root } from './stack/places.ts';
import { isRoot } from './stack/processes.ts';

const folder = join(root, 'docs', 'screenshots', 'mails');
const WIDE = { width: 720, height: 600 };
const NARROW = { width: 360, height: 600 };

async function shoot(
  browser: Browser,
  name: string,
  html: string,
  viewport: typeof WIDE,
  colorScheme: 'light' | 'dark',
): Promise<void> {
  const context = await browser.newContext({ viewport, colorScheme, javaScriptEnabled: false });
  // A mail that asked for anything would tell who opens it.
  const asked: string[] = [];
  await context.route('**', (route) => {
    asked.push(route.request().url());
    return route.abort();
  });
  const page = await context.newPage();
  await page.setContent(html);
  if (asked.length > 0) throw new Error(`${name} asks for ${asked.join(', ')}`);
  const { scrollWidth, clientWidth } = await page
    .locator('html')
    .evaluate(({ scrollWidth, clientWidth }) => ({ scrollWidth, clientWidth }));
  if (scrollWidth > clientWidth) throw new Error(`${name} is ${scrollWidth} wide on a screen of ${clientWidth}`);
  await page.screenshot({ path: join(folder, `${name}.png`), fullPage: true });
  console.log(`✔ ${name}.png`);
  await context.close();
}

const plain = (text: string): string => {
  const escaped = text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
  return `<meta name="color-scheme" content="light dark"><pre style="margin:24px;white-space:pre-wrap;overflow-wrap:anywhere;font:14px/21px monospace">${escaped}</pre>`;
};

mkdirSync(folder, { recursive: true });
const browser = await chromium.launch({ executablePath: await findChromium(), args: isRoot ? ['--no-sandbox'] : [] });
for (const template of MAIL_TEMPLATES) {
  const { html, text } = mailOf(template, MAIL_FIXTURES[template] as never);
  await shoot(browser, template, html, WIDE, 'light');
  await shoot(browser, `${template}-dark`, html, WIDE, 'dark');
  await shoot(browser, `${template}-phone`, html, NARROW, 'light');
  await shoot(browser, `${template}-phone-dark`, html, NARROW, 'dark');
  await shoot(browser, `${template}-plain`, plain(text), NARROW, 'light');
}
await browser.close();
