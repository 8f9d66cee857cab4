import { type AssetRef, CloudClient } from '@scani/cloud';
import { type Db, rowOf, rowsOf } from '@scani/database';
import { defineJob, handle, type HandledJob, type JobContext, JobQueue } from '@scani/jobs';
import { addDays, type Day, dayOf } from '@scani/money';
import { DataSource } from 'typeorm';
import { downSample, downSamplePrices } from './down-sample.job.js';
import { pricesChanged } from './price-news.jobs.js';
import { PricesService } from './prices.service.js';

const CHUNK_DAYS = 365;
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

/** Nightly: the closes of the last days, for everything that is watched and is no currency. */
export const fillDailyPrices = defineJob<Record<string, never>>({
  name: 'fill-daily-prices',
  title: 'Daily closes',
  key: () => 'all',
});

/** Nightly: the same for currencies, through which everything else is converted. */
export const fillExchangeRates = defineJob<Record<string, never>>({
  name: 'fill-exchange-rates',
  title: 'Exchange rates',
  key: () => 'all',
});

interface RefRow {
  id: string;
  kind: AssetRef['kind'];
  symbol: string;
  identities: { provider: string; externalId: string }[];
}

const REFS = `select asset.id, asset.kind, asset.symbol,
    json_agg(json_build_object('provider', asset_identity.provider, 'externalId', asset_identity.external_id)) as identities
  from price_watch
  join asset on asset.id = price_watch.asset_id
  join asset_identity on asset_identity.asset_id = asset.id and asset_identity.provider <> 'contract'`;

export class PriceJobs {
  constructor(
    private readonly source: DataSource,
    private readonly cloud: CloudClient,
    private readonly prices: PricesService,
    private readonly jobs: JobQueue,
  ) {}

  handlers(): HandledJob[] {
    return [
      handle(refreshPrices, (_payload, context) => this.refresh(context)),
      handle(backfillPrices, ({ assetId }, context) => this.backfill(assetId, context)),
      handle(fillDailyPrices, (_payload, { jobId }) => this.askAll(jobId, false)),
      handle(fillExchangeRates, (_payload, { jobId }) => this.askAll(jobId, true)),
      handle(downSamplePrices, (_payload, context) => downSample(this.source, context.signal)),
    ];
  }

  private async refresh(context: JobContext): Promise<void> {
    const assets = await rowsOf<RefRow>(this.source, `${REFS} group by asset.id`);
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

  private async backfill(assetId: string, context: JobContext): Promise<void> {
    const asset = await rowOf<RefRow>(this.source, `${REFS} where asset.id = $1 group by asset.id`, [assetId]);
    if (!asset) return;
    const today = dayOf(new Date());
    let changed: Day | undefined;
    for (const [from, to] of await this.missing(assetId, today)) {
      const quotes = await this.cloud.priceHistory(asset, from, to, context.signal);
      const first = await this.source.transaction(async (db) => {
        const { added } = await this.prices.recordQuotes(db, quotes);
        await this.prices.watchQuoteCurrencies(db, assetId, from, askForHistory(this.jobs, db));
        await db.query(
          `update price_watch set asked_from = least(coalesce(asked_from, $2), $2),
             asked_to = greatest(coalesce(asked_to, $3), $3), problem = null where asset_id = $1`,
          [assetId, from, to],
        );
        return added.get(assetId);
      });
      if (first !== undefined && (changed === undefined || first < changed)) changed = first;
      context.signal.throwIfAborted();
    }
    if (changed !== undefined) await this.jobs.ask(this.source, pricesChanged, { assetIds: [assetId], from: changed });
  }

  /** The stretches that were not asked for yet, newest first, so that the recent past is there soonest. */
  private async missing(assetId: string, today: Day): Promise<[Day, Day][]> {
    const watch = await rowOf<{ wanted_from: Day; asked_from: Day | null; asked_to: Day | null }>(
      this.source,
      'select wanted_from, asked_from, asked_to from price_watch where asset_id = $1',
      [assetId],
    );
    if (!watch) return [];
    const stretches: [Day, Day][] = [];
    // The last day asked for was not over then: it is asked for again.
    stretches.push(...chunks(watch.asked_to ?? watch.wanted_from, today));
    if (watch.asked_from !== null && watch.wanted_from < watch.asked_from) {
      stretches.push(...chunks(watch.wanted_from, addDays(watch.asked_from, -1)));
    }
    return stretches;
  }

  private async askAll(jobId: string, currencies: boolean): Promise<void> {
    const watched = await rowsOf<{ asset_id: string }>(
      this.source,
      `select price_watch.asset_id from price_watch join asset on asset.id = price_watch.asset_id
       where (asset.kind = 'fiat') = $1 order by price_watch.asset_id`,
      [currencies],
    );
    for (const { asset_id: assetId } of watched)
      await this.jobs.ask(this.source, backfillPrices, { assetId }, { partOf: jobId });
  }
}

function chunks(from: Day, to: Day): [Day, Day][] {
  const all: [Day, Day][] = [];
  for (let end = to; end >= from; end = addDays(end, -CHUNK_DAYS)) {
    const start = addDays(end, 1 - CHUNK_DAYS);
    all.push([start > from ? start : from, end]);
  }
  return all;
}

/** Asks for the history of an asset; what PricesService.watch is given. */
export const askForHistory =
  (jobs: JobQueue, db: Db) =>
  (assetId: string): Promise<string> =>
    jobs.ask(db, backfillPrices, { assetId });
