import type { Browser } from '@playwright/test';
// The world is a tool, not a project on a shelf: its model reads what a picture says of itself.
// eslint-disable-next-line @nx/enforce-module-boundaries
import { withReading } from '../../../tools/outside-world/picture.ts';

/** A position as the app of a broker shows it; null is not shown. */
export interface Shown {
  name: string;
  symbol: string | null;
  kind: 'fiat' | 'stock' | 'crypto' | null;
  quantity: string | null;
  price: string | null;
  value: string;
  confidence?: 'high' | 'medium' | 'low';
}

/** A screenshot of a phone that shows these positions: real pixels, and what they say for the played model. */
export async function brokerScreenshot(browser: Browser, positions: readonly Shown[]): Promise<Buffer> {
  const page = await browser.newPage({ viewport: { width: 390, height: 640 }, deviceScaleFactor: 2 });
  await page.setContent(appOf(positions));
  const png = await page.screenshot({ type: 'png' });
  await page.close();
  return withReading(png, {
    shows_positions: true,
    goes_on: false,
    positions: positions.map(({ confidence = 'high', ...shown }) => ({
      ...shown,
      currency: 'EUR',
      unreadable: [],
      confidence,
    })),
  });
}

const rowOf = ({ name, symbol, quantity, price, value }: Shown): string => `
  <li>
    <i>${(symbol ?? name).slice(0, 2)}</i>
    <span><b>${name}</b><small>${[symbol, quantity && price ? `${quantity} × ${price}` : quantity].filter(Boolean).join(' · ')}</small></span>
    <strong>${value}</strong>
  </li>`;

const appOf = (positions: readonly Shown[]): string => `<!doctype html><meta charset="utf-8"><style>
  body { margin: 0; font: 15px system-ui, sans-serif; background: #fff; color: #14171a }
  header { padding: 26px 20px 18px; background: #10312b; color: #fff }
  header small { color: #cfe0db } h1 { margin: 4px 0 0; font-size: 26px }
  ul { margin: 0; padding: 6px 20px; list-style: none }
  li { display: flex; gap: 12px; align-items: center; padding: 13px 0; border-bottom: 1px solid #e7e9ea }
  i { display: grid; place-items: center; width: 38px; height: 38px; border-radius: 50%; background: #dfeae7; font-style: normal; font-weight: 600 }
  span { flex: 1 } b, small { display: block } small { margin-top: 2px; color: #5d666d; font-size: 13px }
</style><header><small>Depot 0815 · heute, 09:41</small><h1>Ihr Vermögen</h1></header><ul>${positions.map(rowOf).join('')}</ul>`;
