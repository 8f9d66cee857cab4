import { afterAll, beforeAll, expect, test } from 'vitest';
import { type OutsideWorld, startOutsideWorld } from './server.ts';

const NOW = Date.parse('2026-11-20T17:00:30Z');
let world: OutsideWorld;
let twin: OutsideWorld;

beforeAll(async () => {
  world = await startOutsideWorld({ now: () => NOW });
  twin = await startOutsideWorld({ now: () => NOW });
});
afterAll(() => Promise.all([world.close(), twin.close()]));

const read = async (path: string, of: OutsideWorld = world): Promise<unknown> => (await fetch(of.url + path)).json();

test.each([
  '/coingecko/api/v3/simple/price?ids=bitcoin,pepe&vs_currencies=usd,eur&include_last_updated_at=true',
  '/coingecko/api/v3/coins/solana/market_chart/range?vs_currency=usd&from=2026-10-01&to=2026-11-01',
  '/yahoo/v8/finance/chart/7203.T?range=1y&interval=1d',
  '/frankfurter/v1/2026-01-01..2026-11-20',
])('two worlds with one clock agree: %s', async (path) => {
  expect(await read(path)).toEqual(await read(path, twin));
});

test('three services tell one story', async () => {
  const coins = (await read('/coingecko/api/v3/simple/price?ids=bitcoin&vs_currencies=usd,eur')) as {
    bitcoin: { usd: number; eur: number };
  };
  const share = (await read('/yahoo/v8/finance/chart/BTC-USD?range=1d')) as {
    chart: { result: [{ meta: { regularMarketPrice: number } }] };
  };
  const rates = (await read('/frankfurter/v1/latest?symbols=USD')) as { rates: { USD: number } };
  expect(share.chart.result[0].meta.regularMarketPrice / coins.bitcoin.usd).toBeCloseTo(1, 3);
  expect(coins.bitcoin.usd / coins.bitcoin.eur / rates.rates.USD).toBeCloseTo(1, 2);
});

test('Easter and weekends have no rates; a weekend asks for the Friday before', async () => {
  const easter = (await read('/frankfurter/v1/2026-04-02..2026-04-07?symbols=USD')) as { rates: object };
  expect(Object.keys(easter.rates)).toEqual(['2026-04-02', '2026-04-07']);
  expect(await read('/frankfurter/v1/2026-11-15?symbols=USD')).toMatchObject({ date: '2026-11-13', base: 'EUR' });
});

test('coins come in pages', async () => {
  const page = (number: number) =>
    read(`/coingecko/api/v3/coins/markets?vs_currency=usd&per_page=5&page=${number}`) as Promise<{ id: string }[]>;
  const ids = [...(await page(1)), ...(await page(2)), ...(await page(3)), ...(await page(4))].map((each) => each.id);
  expect(ids).toHaveLength(14);
  expect(new Set(ids).size).toBe(14);
});

test('trouble comes and goes by request', async () => {
  const control = (method: string, body?: object) =>
    fetch(`${world.url}/control/faults`, { method, ...(body ? { body: JSON.stringify(body) } : {}) });
  await control('POST', { service: 'coingecko', kind: 'status', status: 429, retryAfterSeconds: 7, times: 1 });
  const limited = await fetch(`${world.url}/coingecko/api/v3/ping`);
  expect([limited.status, limited.headers.get('retry-after')]).toEqual([429, '7']);
  expect((await fetch(`${world.url}/coingecko/api/v3/ping`)).status).toBe(200);
  await control('POST', { service: 'yahoo', kind: 'reset' });
  await expect(fetch(`${world.url}/yahoo/v1/finance/search?q=a`)).rejects.toThrow();
  await control('DELETE');
  expect((await fetch(`${world.url}/yahoo/v1/finance/search?q=a`)).status).toBe(200);
  expect(world.requests('coingecko')).toContain('/api/v3/ping');
});
