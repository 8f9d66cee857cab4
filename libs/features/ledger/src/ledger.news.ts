import { defineJob } from '@scani/jobs';

/** News: accounts, holdings, transactions or observations of a person changed. */
export const ledgerChanged = defineJob<{ userId: string }>({
  name: 'ledger-changed',
  title: 'Update figures',
  key: ({ userId }) => userId,
  firstRetryMs: 2_000,
});
