import { CloudClient, CloudError, type PriceQuote, type WantedHistory } from '@scani/cloud';
import { type Db, rowOf, rowsOf } from '@scani/database';
import { type JobContext, JobQueue } from '@scani/jobs';
import { addDays, type Day, dayOf } from '@scani/money';
import { DataSource } from 'typeorm';
import { askForHistory, backfillPrices } from './price.jobs.js';
import { pricesChanged } from './price-news.jobs.js';
import { PricesService } from './prices.service.js';
import { GROUPED, WATCHED, type WatchedRow } from './watched.js';

const CHUNK_DAYS = 365;

type Stretch = readonly [from: Day, to: Day];

/** Asks for the days that are wanted and were not asked for yet; each answer is kept at once, so that what stops goes on from there. */
export class HistoryFiller {
  constructor(
    private readonly source: DataSource,
    private readonly cloud: CloudClient,
    private readonly prices: PricesService,
    private readonly jobs: JobQueue,
  ) {}

  /** Year by year, newest first, so that the recent past is there soonest. */
  async one(assetId: string, { signal }: JobContext): Promise<void> {
    const asset = await rowOf<WatchedRow>(this.source, `${WATCHED} where asset.id = $1 ${GROUPED}`, [assetId]);
    if (!asset) return;
    let changed: Day | undefined;
    for (const stretch of missing(asset).flatMap(years)) {
      const quotes = await this.cloud.priceHistory(asset, ...stretch, signal);
      const first = await this.source.transaction((db) => this.keep(db, assetId, stretch, quotes));
      if (first !== undefined && (changed === undefined || first < changed)) changed = first;
      signal.throwIfAborted();
    }
    if (changed !== undefined) await this.jobs.ask(this.source, pricesChanged, { assetIds: [assetId], from: changed });
  }

  /** All together, in a handful of questions. For what could not be asked at the moment a job of its own is asked, as a part of this one. */
  async all(what: 'things' | 'currencies', context: JobContext): Promise<void> {
    const watched = await rowsOf<WatchedRow>(this.source, `${WATCHED} where (asset.kind = 'fiat') = $1 ${GROUPED}`, [
      what === 'currencies',
    ]);
    const wanted = watched.flatMap((asset) => missing(asset).map(([from, to]): WantedHistory => ({ asset, from, to })));
    const later = new Set<string>();
    let done = 0;
    try {
      await this.cloud.priceHistories(
        wanted,
        async ({ asset, from, to }, history) => {
          if (history.trouble) later.add(asset.id);
          else await this.keepAndTell(asset.id, [from, to], history.prices);
          done += 1;
          await context.progress({ done, total: wanted.length, unit: 'assets', message: null });
        },
        context.signal,
      );
    } catch (error) {
      // An older data-provider knows no question of many.
      if (!(error instanceof CloudError && error.about.status === 404)) throw error;
      for (const { id } of watched) later.add(id);
    }
    for (const assetId of later) {
      await this.jobs.ask(this.source, backfillPrices, { assetId }, { partOf: context.jobId });
    }
  }

  private async keepAndTell(assetId: string, stretch: Stretch, quotes: readonly PriceQuote[]): Promise<void> {
    await this.source.transaction(async (db) => {
      const changed = await this.keep(db, assetId, stretch, quotes);
      if (changed !== undefined) await this.jobs.ask(db, pricesChanged, { assetIds: [assetId], from: changed });
    });
  }

  /** Returns the first day that has a new price. */
  private async keep(
    db: Db,
    assetId: string,
    [from, to]: Stretch,
    quotes: readonly PriceQuote[],
  ): Promise<Day | undefined> {
    const { added } = await this.prices.recordQuotes(db, quotes);
    await this.prices.watchQuoteCurrencies(db, assetId, from, askForHistory(this.jobs, db));
    await db.query(
      `update price_watch set asked_from = least(coalesce(asked_from, $2), $2),
         asked_to = greatest(coalesce(asked_to, $3), $3), problem = null where asset_id = $1`,
      [assetId, from, to],
    );
    return added.get(assetId);
  }
}

/** The last day that was asked for was not over then: it is asked for again. */
function missing({ wanted_from, asked_from, asked_to }: WatchedRow): Stretch[] {
  const stretches: Stretch[] = [[asked_to ?? wanted_from, dayOf(new Date())]];
  if (asked_from !== null && wanted_from < asked_from) stretches.push([wanted_from, addDays(asked_from, -1)]);
  return stretches;
}

function years([from, to]: Stretch): Stretch[] {
  const all: Stretch[] = [];
  for (let end = to; end >= from; end = addDays(end, -CHUNK_DAYS)) {
    const start = addDays(end, 1 - CHUNK_DAYS);
    all.push([start > from ? start : from, end]);
  }
  return all;
}
