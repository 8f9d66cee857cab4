/**
 * Makes the picture with which an installation tries whether screenshots are read: one position that a real model can
 * read, and that says so itself for the played one. `node tools/trial-picture.ts` writes libs/features/imports/src/trial.picture.ts.
 */
import { chromium } from '@playwright/test';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { withReading } from './outside-world/picture.ts';
import { findChromium } from './stack/chromium.ts';
import { root } from './stack/places.ts';
import { isRoot } from './stack/processes.ts';

const html = `<body style="margin:0;padding:14px;background:#fff;color:#000;font:20px monospace;-webkit-font-smoothing:none">
  <div>My account</div><div style="margin-top:10px"><b>Cash EUR</b> <span style="float:right">123.45</span></div></body>`;

const browser = await chromium.launch({ executablePath: await findChromium(), args: isRoot ? ['--no-sandbox'] : [] });
const page = await browser.newPage({ viewport: { width: 260, height: 84 } });
await page.setContent(html);
const png = withReading(await page.screenshot({ type: 'png' }), {
  shows_positions: true,
  goes_on: false,
  positions: [
    {
      name: 'Cash',
      symbol: 'EUR',
      kind: 'fiat',
      quantity: '123.45',
      price: null,
      value: null,
      currency: 'EUR',
      unreadable: [],
      confidence: 'high',
    },
  ],
});
await browser.close();
const lines = png.toString('base64').match(/.{1,110}/g) ?? [];
writeFileSync(
  join(root, 'libs/features/imports/src/trial.picture.ts'),
  `// Made by tools/trial-picture.ts.\n\n/** A PNG that shows one account with cash of 123.45 EUR. */\nexport const TRIAL_PICTURE = Buffer.from(\n  [\n${lines.map((line) => `    '${line}',`).join('\n')}\n  ].join(''),\n  'base64',\n);\n`,
);
process.stdout.write(`${png.length} bytes\n`);
