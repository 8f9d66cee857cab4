import { rowsOf } from '@scani/database';
import { defineJob } from '@scani/jobs';
import type { DataSource } from 'typeorm';

/** Nightly: of what was quoted within days long past, the last quote of the day stays, as its close. */
export const downSamplePrices = defineJob<Record<string, never>>({
  name: 'down-sample-prices',
  title: 'Thin out old prices',
  key: () => 'all',
  timeoutMs: 1_800_000,
});

/** Quotes within a day are kept for so many days. */
const INTRADAY_DAYS = 7;
const BATCH = 10_000;

/**
 * Where a day has a close already, its other quotes go; where it has none, the last of them becomes it, recorded when it
 * was. A batch is one statement, so that a day is never left without any.
 */
export async function downSample(source: DataSource, signal: AbortSignal): Promise<void> {
  for (;;) {
    const [done] = await rowsOf<{ thinned: number }>(
      source,
      `with old as (
         select distinct asset_id, quote_asset_id, date_trunc('day', at at time zone 'UTC') as day from price
         where granularity = 'intraday' and user_id is null
           and at < date_trunc('day', now() at time zone 'UTC') at time zone 'UTC' - $1 * interval '1 day'
         limit $2),
       quotes as (
         delete from price using old
         where price.asset_id = old.asset_id and price.quote_asset_id = old.quote_asset_id and price.user_id is null
           and price.granularity = 'intraday' and price.at >= old.day at time zone 'UTC'
           and price.at < (old.day + interval '1 day') at time zone 'UTC'
         returning price.*),
       closes as (
         insert into price (asset_id, quote_asset_id, at, granularity, value, source, recorded_at)
         select distinct on (asset_id, quote_asset_id, date_trunc('day', at at time zone 'UTC'))
           asset_id, quote_asset_id, at, 'daily', value, source, recorded_at
         from quotes
         where not exists (
           select 1 from price as close
           where close.asset_id = quotes.asset_id and close.quote_asset_id = quotes.quote_asset_id and close.user_id is null
             and close.granularity <> 'intraday' and close.at >= date_trunc('day', quotes.at at time zone 'UTC') at time zone 'UTC'
             and close.at < (date_trunc('day', quotes.at at time zone 'UTC') + interval '1 day') at time zone 'UTC')
         order by asset_id, quote_asset_id, date_trunc('day', at at time zone 'UTC'), at desc, source
         on conflict do nothing returning 1)
       select count(*)::int as thinned from old`,
      [INTRADAY_DAYS, BATCH],
    );
    signal.throwIfAborted();
    if (!done || done.thinned < BATCH) return;
  }
}
