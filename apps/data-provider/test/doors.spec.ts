import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ask, KEY, startStage, type Stage } from './harness.js';

let stage: Stage;
beforeAll(async () => {
  stage = await startStage();
});
afterAll(() => stage.close());

interface Document {
  openapi: string;
  paths: Record<string, Record<string, { operationId: string }>>;
}

const document = async (): Promise<Document> =>
  (await ask(stage, '/v1/openapi.json', {}, undefined)).json() as Promise<Document>;

describe('the key', () => {
  test('no documented route opens without it', async () => {
    const { paths } = await document();
    const routes = Object.entries(paths).flatMap(([path, verbs]) =>
      Object.keys(verbs).map((verb) => [verb, path] as const),
    );
    expect(routes.length).toBeGreaterThanOrEqual(5);
    for (const [verb, path] of routes) {
      const response = await fetch(stage.url + path, { method: verb.toUpperCase() });
      expect([path, response.status]).toEqual([path, 401]);
    }
  });

  test.each([
    ['none', undefined, 'key-missing'],
    ['another scheme', `Basic ${KEY}`, 'key-missing'],
    ['an empty one', 'Bearer ', 'key-missing'],
    ['an unknown one', `Bearer ${KEY}x`, 'key-unknown'],
    ['the beginning of it', `Bearer ${KEY.slice(0, -1)}`, 'key-unknown'],
  ])('%s: 401 that says what is wrong', async (_what, authorization, code) => {
    const response = await fetch(`${stage.url}/v1/capabilities`, authorization ? { headers: { authorization } } : {});
    expect(response.status).toBe(401);
    expect(response.headers.get('www-authenticate')).toMatch(/^Bearer/);
    expect(response.headers.get('content-type')).toContain('application/problem+json');
    expect(await response.json()).toMatchObject({ code, status: 401 });
  });

  test('the right one opens, whatever the case of the scheme', async () => {
    const response = await fetch(`${stage.url}/v1/capabilities`, { headers: { authorization: `bearer ${KEY}` } });
    expect(await response.json()).toEqual({
      version: expect.stringMatching(/^\d+\.\d+\.\d+$/) as string,
      levels: [1],
      linkPreviews: true,
      chains: expect.arrayContaining(['bitcoin', 'ethereum']) as string[],
      ai: ['screenshot', 'document', 'columns'],
      mail: false,
      prices: ['coingecko', 'defillama', 'yahoo', 'frankfurter', 'ecb'],
      key: null,
    });
  });
});

describe('health', () => {
  test.each(['/livez', '/health'])('%s needs no key and asks nobody', async (path) => {
    expect((await fetch(stage.url + path)).status).toBe(200);
    expect(stage.world.requests('coingecko')).toEqual([]);
  });

  test('without mail it is ready, and says that mail is degraded', async () => {
    const response = await fetch(`${stage.url}/readyz`);
    expect(response.status).toBe(200);
    expect(await response.json()).toMatchObject({
      details: { mail: { state: 'degraded' }, 'price sources': { state: 'ok' } },
    });
  });
});

test('the document is OpenAPI 3.1 and names every operation', async () => {
  const { openapi, paths } = await document();
  expect(openapi).toBe('3.1.0');
  const operations = Object.values(paths).flatMap((verbs) => Object.values(verbs).map((each) => each.operationId));
  expect(operations.sort()).toEqual([
    'balancesOfWallets',
    'capabilities',
    'chains',
    'currentPrices',
    'previewLink',
    'priceHistories',
    'priceHistory',
    'readDocument',
    'readScreenshot',
    'resolveName',
    'searchAssets',
    'sendMail',
    'suggestColumns',
    'walletBalances',
    'walletMovements',
  ]);
});

test('an unknown route is a problem document', async () => {
  const response = await ask(stage, '/v1/nothing');
  expect(response.status).toBe(404);
  expect(await response.json()).toMatchObject({ code: 'no-such-route' });
});
