import { type INestApplicationContext } from '@nestjs/common';
import { CloudClient } from '@scani/cloud';
import { KeyRing } from '@scani/crypto';
import { sendSignInMailHandler } from '@scani/identity';
import { cleanUploads, ImportJobs } from '@scani/imports';
import type { HandledJob, Schedule } from '@scani/jobs';
import { TransferJobs, transferNight } from '@scani/ledger';
import { fillDailyPrices, PriceJobs, refreshPrices } from '@scani/market';
import { cleanUp, cleanUpHandler } from '@scani/operations';
import { GainsJobs, RollupJobs, rollupNight } from '@scani/portfolio';
import { DataSource } from 'typeorm';

/** Every job that the worker does. */
export function handledJobs(app: INestApplicationContext): HandledJob[] {
  return [
    sendSignInMailHandler(app.get(CloudClient), app.get(KeyRing)),
    cleanUpHandler(app.get(DataSource)),
    ...app.get(PriceJobs).handlers(),
    ...app.get(TransferJobs).handlers(),
    ...app.get(RollupJobs).handlers(),
    ...app.get(GainsJobs).handlers(),
    ...app.get(ImportJobs).handlers(),
  ];
}

/** What the clock asks for, in UTC. */
export const schedules: readonly Schedule[] = [
  { job: refreshPrices, cron: '7 * * * *' },
  { job: fillDailyPrices, cron: '0 3 * * *' },
  { job: transferNight, cron: '45 3 * * *' },
  { job: rollupNight, cron: '0 4 * * *' },
  { job: cleanUp, cron: '30 5 * * *' },
  { job: cleanUploads, cron: '40 5 * * *' },
];
