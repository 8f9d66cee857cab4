import { defineJob } from '@scani/jobs';
import type { Day } from '@scani/money';

/** News: a person changed prices of their own. */
export const ownPricesChanged = defineJob<{ userId: string }>({
  name: 'own-prices-changed',
  title: 'Update figures after a price',
  key: ({ userId }) => userId,
  firstRetryMs: 2_000,
});

/** News: prices of shared assets became known; `from`: the first former day with a new one, null where all are of now. */
export const pricesChanged = defineJob<{ assetIds: string[]; from: Day | null }>({
  name: 'prices-changed',
  title: 'Update figures after new prices',
  firstRetryMs: 2_000,
});
