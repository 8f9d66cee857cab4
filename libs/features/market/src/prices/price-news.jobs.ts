import { defineJob } from '@scani/jobs';

/** News: a person changed prices of their own. */
export const ownPricesChanged = defineJob<{ userId: string }>({
  name: 'own-prices-changed',
  title: 'Update figures after a price',
  key: ({ userId }) => userId,
  firstRetryMs: 2_000,
});

/** News: prices of shared assets became known. */
export const pricesChanged = defineJob<{ assetIds: string[] }>({
  name: 'prices-changed',
  title: 'Update figures after new prices',
  firstRetryMs: 2_000,
});
