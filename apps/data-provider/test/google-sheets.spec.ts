import type { AssetRef, PriceQuote } from '@scani/cloud';
import { day } from '@scani/money';
import { generateKeyPairSync } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { ask, startDataProvider, type Stage, startStage } from './harness.js';
// eslint-disable-next-line @nx/enforce-module-boundaries
import { FOREIGN_SHEET_ID, serviceAccountFile, SHEET_ID, takeTokensBack } from '../../../tools/outside-world/google.ts';

let now = Date.parse('2026-11-20T15:00:00Z');
let stage: Stage;
beforeAll(async () => {
  stage = await startStage({}, settings(), () => now);
});
beforeEach(() => {
  now += 120_000;
  stage.world.heal();
  stage.world.forgetRequests();
});
afterAll(() => stage.close());

const settings = (id = SHEET_ID, more: Record<string, string> = {}): Record<string, string> => ({
  GOOGLE_SHEETS_ID: id,
  GOOGLE_SERVICE_ACCOUNT_KEY: serviceAccountFile(),
  ...more,
});
const fromSheet = (symbol: string, kind: AssetRef['kind'] = 'other'): AssetRef => ({
  id: symbol,
  kind,
  symbol,
  identities: [{ provider: 'google-sheets', externalId: symbol }],
});
const quotes = async (...symbols: string[]): Promise<PriceQuote[]> =>
  (await stage.client.currentPrices(symbols.map((symbol) => fromSheet(symbol)))).prices;
/** Each with caches of its own. */
async function other(
  more: Record<string, string>,
): Promise<{ reason: string | undefined; detail: string | undefined }> {
  const running = await startDataProvider({ ...stage.world.urls, ...more }, { now: () => new Date(now) });
  try {
    const { problems } = await running.client.currentPrices([fromSheet('PENSION')]);
    return { reason: problems[0]?.reason, detail: problems[0]?.detail };
  } finally {
    await running.close();
  }
}

describe('a sheet of prices', () => {
  test('the line without a day is the price now, else that of the last day, with every digit', async () => {
    expect(await quotes('LU0323578657', 'PENSION', 'SMALL', '840400')).toEqual([
      {
        id: 'LU0323578657',
        value: '331.27',
        currency: 'EUR',
        at: new Date(now).toISOString(),
        granularity: 'intraday',
        source: 'google-sheets',
      },
      expect.objectContaining({ id: 'PENSION', value: '119.25', currency: 'CHF', at: '2026-11-06T23:59:59.999Z' }),
      expect.objectContaining({ id: 'SMALL', value: '0.000012345678901' }),
      expect.objectContaining({ id: '840400', value: '12', currency: 'USD' }),
    ]);
    const values = stage.world.requests('google').filter((path) => path !== '/token');
    expect(values, 'all lines in one question').toHaveLength(1);
  });

  test.each([
    ['BROKEN', 'no-price'],
    ['NEGATIVE', 'zero-or-negative'],
    ['TOMORROW', 'from-the-future'],
    ['NOCURRENCY', 'unknown-asset'],
    ['NOSUCH', 'unknown-asset'],
  ])('%s is refused as %s', async (symbol, reason) => {
    const { prices, problems } = await stage.client.currentPrices([fromSheet(symbol)]);
    expect([prices, problems]).toMatchObject([[], [{ reason }]]);
  });

  test('days are counted or written, and come in order', async () => {
    const history = await stage.client.priceHistory(fromSheet('PENSION'), day('2026-01-01'), day('2026-11-20'));
    expect(history.map(({ at, value }) => [at.slice(0, 10), value])).toEqual([
      ['2026-10-05', '117.9'],
      ['2026-10-25', '118.4051'],
      ['2026-11-06', '119.25'],
    ]);
  });

  test('what is in it can be found, by symbol and by name', async () => {
    expect((await stage.client.searchAssets('pension'))[0]).toEqual({
      provider: 'google-sheets',
      externalId: 'PENSION',
      symbol: 'PENSION',
      name: 'Company pension, unit',
      kind: 'other',
      marketSegment: 'sheet',
    });
    expect(
      (await stage.client.searchAssets('flossbach')).map(({ externalId, kind }) => [externalId, kind]),
    ).toContainEqual(['LU0323578657', 'stock']);
  });

  test('nothing but what was chosen from it is priced by it', async () => {
    const share: AssetRef = { id: '1', kind: 'other', symbol: 'PENSION', identities: [] };
    expect((await stage.client.currentPrices([share])).problems).toMatchObject([{ reason: 'no-source' }]);
    expect(stage.world.requests('google')).toEqual([]);
  });

  test('a token is asked for once an hour, and anew when it was taken back', async () => {
    const tokens = (): number => stage.world.requests('google').filter((path) => path === '/token').length;
    await quotes('LU0323578657');
    stage.world.forgetRequests();
    now += 120_000;
    await quotes('LU0323578657');
    expect(tokens()).toBe(0);
    takeTokensBack();
    now += 120_000;
    expect(await quotes('LU0323578657')).toHaveLength(1);
    expect(tokens()).toBe(1);
    now += 3_600_000;
    expect(await quotes('LU0323578657')).toHaveLength(1);
    expect(tokens()).toBe(2);
  });

  test.each<[string, Record<string, string>, string, RegExp]>([
    ['a sheet that is not shared with it', settings(FOREIGN_SHEET_ID), 'unauthorized', /answered 403/],
    ['no such sheet', settings('1NoSuchSheet'), 'failed', /answered 404/],
    ['no such range', settings(SHEET_ID, { GOOGLE_SHEETS_RANGE: 'Nothing!A:F' }), 'failed', /answered 400/],
    [
      'a heading without what is needed',
      settings(SHEET_ID, { GOOGLE_SHEETS_RANGE: 'Wrong!A:F' }),
      'malformed',
      /no symbol, no price, no currency/,
    ],
    ['an empty sheet', settings(SHEET_ID, { GOOGLE_SHEETS_RANGE: 'Empty!A:F' }), 'malformed', /no symbol/],
  ])('%s: told as it is', async (_name, more, reason, detail) => {
    expect(await other(more)).toMatchObject({ reason, detail: expect.stringMatching(detail) as string });
  });

  test('the key of somebody else is not accepted, and one that is none says so; neither is shown', async () => {
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const foreign = {
      ...(JSON.parse(serviceAccountFile()) as object),
      private_key: privateKey.export({ type: 'pkcs8', format: 'pem' }),
    };
    expect(await other(settings(SHEET_ID, { GOOGLE_SERVICE_ACCOUNT_KEY: JSON.stringify(foreign) }))).toMatchObject({
      reason: 'unauthorized',
      detail: expect.stringContaining('this service account is not accepted') as string,
    });
    const none = { ...(JSON.parse(serviceAccountFile()) as object), private_key: 'secret-but-no-key' };
    const told = await other(settings(SHEET_ID, { GOOGLE_SERVICE_ACCOUNT_KEY: JSON.stringify(none) }));
    expect(told).toMatchObject({ reason: 'unauthorized', detail: expect.stringContaining('cannot be used') as string });
    expect(JSON.stringify(told)).not.toContain('secret-but');
  });

  test('the file may come as base64; without it a sheet is refused, and what is no file is refused without showing it', async () => {
    const packed = Buffer.from(serviceAccountFile()).toString('base64');
    expect(await other(settings(SHEET_ID, { GOOGLE_SERVICE_ACCOUNT_KEY: packed }))).toMatchObject({
      reason: undefined,
    });
    await expect(startDataProvider({ GOOGLE_SHEETS_ID: SHEET_ID })).rejects.toThrow(/needs GOOGLE_SERVICE_ACCOUNT_KEY/);
    const wrong = startDataProvider(settings(SHEET_ID, { GOOGLE_SERVICE_ACCOUNT_KEY: 'my-secret-words' }));
    await expect(wrong).rejects.toThrow(/GOOGLE_SERVICE_ACCOUNT_KEY must be the JSON file/);
    await expect(wrong).rejects.not.toThrow(/my-secret-words/);
  });

  test('capabilities name it where it is set up, and not where it is not', async () => {
    const names = async (url: { url: string }): Promise<string[]> =>
      ((await (await ask(url as never, '/v1/capabilities')).json()) as { prices: string[] }).prices;
    expect(await names(stage)).toContain('google-sheets');
    const plain = await startDataProvider({ ...stage.world.urls });
    expect(await names(plain)).not.toContain('google-sheets');
    await plain.close();
  });
});
