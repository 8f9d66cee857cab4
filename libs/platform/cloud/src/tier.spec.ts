import { expect, test } from 'vitest';
import { TierCheck } from './tier.check.js';
import { tierOf } from './tier.js';

const HTTP = 'http://data-provider:8082';
const HTTPS = 'https://data-provider.example.org';

test.each([
  [HTTP, undefined, 'tier1'],
  [HTTPS, undefined, 'tier2'],
  ['https://127.0.0.1:8443', 'tier1', 'tier1'],
  ['http://hosted.mesh:8082', 'tier2', 'tier2'],
  [HTTPS, 'tier3', 'tier3'],
] as const)('%s with SCANI_TIER=%s is %s', (SCANI_CLOUD_URL, SCANI_TIER, tier) => {
  expect(tierOf({ SCANI_CLOUD_URL, SCANI_TIER })).toBe(tier);
});

test('the readiness report says tier and address, without what opens it', async () => {
  const check = new TierCheck({ SCANI_CLOUD_URL: 'https://user:secret@cloud.example.org', SCANI_TIER: undefined });
  expect(await check.check()).toEqual({
    state: 'ok',
    facts: { tier: 'tier2', cloudUrl: 'https://cloud.example.org' },
  });
});
