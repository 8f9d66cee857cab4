import { CloudClient } from '@scani/cloud';
import { type Db, rowsOf } from '@scani/database';
import { defineJob, handle, type HandledJob, type JobContext, JobQueue } from '@scani/jobs';
import { type Day, dayOf } from '@scani/money';
import { DataSource } from 'typeorm';
import { downSample, downSamplePrices } from './down-sample.job.js';
import type { HistoryFiller } from './history-filler.js';
import { pricesChanged } from './price-news.jobs.js';
import { PricesService } from './prices.service.js';
import { GROUPED, WATCHED, type WatchedRow } from './watched.js';

const SAID_AT_MOST = 300;

/** Hourly: current prices of everything that is watched. */
export const refreshPrices = defineJob<Record<string, never>>({
  name: 'refresh-prices',
  title: 'Current prices',
  key: () => 'all',
  attempts: 3,
});

/** Fills the daily closes of one asset back to the day from which they are wanted. */
export const backfillPrices = defineJob<{ assetId: string }>({
  name: 'backfill-prices',
  title: 'Price history',
  key: ({ assetId }) => assetId,
  firstRetryMs: 10_000,
});

/** Services are asked as slowly as they want. */
const NIGHT_MS = 3_600_000;

/** Nightly: the closes of the last days, for everything that is watched and is no currency. */
export const fillDailyPrices = defineJob<Record<string, never>>({
  name: 'fill-daily-prices',
  title: 'Daily closes',
  key: () => 'all',
  timeoutMs: NIGHT_MS,
});

/** Nightly: the same for currencies, through which everything else is converted. */
export const fillExchangeRates = defineJob<Record<string, never>>({
  name: 'fill-exchange-rates',
  title: 'Exchange rates',
  key: () => 'all',
  timeoutMs: NIGHT_MS,
});

export class PriceJobs {
  constructor(
    private readonly source: DataSource,
    private readonly cloud: CloudClient,
    private readonly prices: PricesService,
    private readonly jobs: JobQueue,
    private readonly histories: HistoryFiller,
  ) {}

  handlers(): HandledJob[] {
    return [
      handle(refreshPrices, (_payload, context) => this.refresh(context)),
      handle(backfillPrices, ({ assetId }, context) => this.histories.one(assetId, context)),
      handle(fillDailyPrices, (_payload, context) => this.histories.all('things', context)),
      handle(fillExchangeRates, (_payload, context) => this.histories.all('currencies', context)),
      handle(downSamplePrices, (_payload, context) => downSample(this.source, context.signal)),
    ];
  }

  private async refresh(context: JobContext): Promise<void> {
    const assets = await rowsOf<WatchedRow>(this.source, `${WATCHED} ${GROUPED}`);
    const answer = await this.cloud.currentPrices(assets, context.signal);
    await this.source.transaction(async (db) => {
      const { added, doubts } = await this.prices.recordQuotes(db, answer.prices);
      await db.query(
        `update price_watch set problem = given.problem
         from unnest($1::uuid[], $2::text[]) as given (asset_id, problem) where price_watch.asset_id = given.asset_id`,
        [
          [...answer.problems.map((one) => one.id), ...answer.prices.map((one) => one.id)],
          [
            ...answer.problems.map((one) => one.detail.slice(0, SAID_AT_MOST)),
            ...answer.prices.map(({ id }) => doubts.get(id) ?? null),
          ],
        ],
      );
      if (answer.prices.length > 0)
        await this.jobs.ask(db, pricesChanged, { assetIds: answer.prices.map((one) => one.id), from: null });
      await this.tellOfThePast(db, added);
    });
  }

  /** A current price may be the one of a market that closed days ago. */
  private async tellOfThePast(db: Db, added: ReadonlyMap<string, Day>): Promise<void> {
    const today = dayOf(new Date());
    const past = [...added].filter(([, day]) => day < today);
    for (const [from, of] of Map.groupBy(past, ([, day]) => day)) {
      await this.jobs.ask(db, pricesChanged, { assetIds: of.map(([assetId]) => assetId), from });
    }
  }
}

/** Asks for the history of an asset; what PricesService.watch is given. */
export const askForHistory =
  (jobs: JobQueue, db: Db) =>
  (assetId: string): Promise<string> =>
    jobs.ask(db, backfillPrices, { assetId });
