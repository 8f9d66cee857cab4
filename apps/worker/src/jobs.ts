import { type INestApplicationContext } from '@nestjs/common';
import { CloudClient } from '@scani/cloud';
import { KeyRing } from '@scani/crypto';
import { sendInvitationMailHandler, sendSignInMailHandler } from '@scani/identity';
import { cleanUploads, ImportJobs } from '@scani/imports';
import { IntegrationJobs, scoreNight, syncWallets, walletNight } from '@scani/integrations';
import type { Chain, HandledJob, Schedule } from '@scani/jobs';
import {
  closeHoldings,
  CloseHoldings,
  DigestJobs,
  digestLedger,
  TransferJobs,
  transferNight,
  YieldJobs,
  yieldNight,
} from '@scani/ledger';
import { downSamplePrices, fillDailyPrices, fillExchangeRates, PriceJobs, refreshPrices } from '@scani/market';
import { cleanUp, cleanUpHandler } from '@scani/operations';
import { GainsJobs, RollupJobs, rollupNight } from '@scani/portfolio';
import { DataSource } from 'typeorm';

/** Every job that the worker does. */
export function handledJobs(app: INestApplicationContext): HandledJob[] {
  return [
    sendSignInMailHandler(app.get(CloudClient), app.get(KeyRing)),
    sendInvitationMailHandler(app.get(CloudClient), app.get(DataSource)),
    cleanUpHandler(app.get(DataSource)),
    ...app.get(PriceJobs).handlers(),
    ...app.get(TransferJobs).handlers(),
    ...app.get(CloseHoldings).handlers(),
    ...app.get(DigestJobs).handlers(),
    ...app.get(YieldJobs).handlers(),
    ...app.get(RollupJobs).handlers(),
    ...app.get(GainsJobs).handlers(),
    ...app.get(ImportJobs).handlers(),
    ...app.get(IntegrationJobs).handlers(),
  ];
}

/** What the clock asks for by itself, in UTC. */
export const schedules: readonly Schedule[] = [
  { job: refreshPrices, cron: '7 * * * *' },
  { job: syncWallets, cron: '12 * * * *' },
  { job: cleanUp, cron: '30 5 * * *' },
  { job: cleanUploads, cron: '40 5 * * *' },
];

/** What must happen every night, each step after those whose results it uses. */
export const night: Chain = {
  name: 'night',
  steps: [
    { job: yieldNight, at: '00:00', after: [] },
    { job: walletNight, at: '01:00', after: [] },
    { job: scoreNight, at: '02:30', after: [walletNight.name] },
    { job: fillDailyPrices, at: '03:00', after: [] },
    { job: fillExchangeRates, at: '03:30', after: [fillDailyPrices.name] },
    { job: transferNight, at: '03:45', after: [walletNight.name] },
    {
      job: rollupNight,
      at: '04:00',
      after: [yieldNight.name, scoreNight.name, fillExchangeRates.name, transferNight.name],
    },
    { job: closeHoldings, at: '04:30', after: [rollupNight.name] },
    { job: digestLedger, at: '04:30', after: [rollupNight.name] },
    { job: downSamplePrices, at: '05:00', after: [rollupNight.name] },
  ],
};
