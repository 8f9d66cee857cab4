import { defineJob } from '@scani/jobs';

/** News: a person changed prices of their own. */
export const ownPricesChanged = defineJob<{ userId: string }>({
  name: 'own-prices-changed',
  title: 'Update figures after a price',
  key: ({ userId }) => userId,
  firstRetryMs: 2_000,
});

/** News: prices of shared assets became known; `past` when closes of former days are among them. */
export const pricesChanged = defineJob<{ assetIds: string[]; past: boolean }>({
  name: 'prices-changed',
  title: 'Update figures after new prices',
  firstRetryMs: 2_000,
});
