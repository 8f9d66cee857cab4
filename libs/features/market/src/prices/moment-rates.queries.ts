import { Injectable } from '@nestjs/common';
import { type Db, rowsOf } from '@scani/database';
import type { PriceGraph } from '@scani/domain';
import { columnsOfPairs, graphOf, type PairRow, type QuoteRow, RateQueries } from './rate.queries.js';

/** What a valuation of one instant may use, and whether an asset was ever quoted. */
export interface MomentRates {
  graph: PriceGraph;
  quoted: ReadonlySet<string>;
}

/** The prices of one instant, as they are known now or were known at an earlier one. */
@Injectable()
export class MomentRatesQueries {
  constructor(private readonly rates: RateQueries) {}

  /** Of each pair and granularity that can matter for these assets the last price up to the instant. */
  async at(
    db: Db,
    userId: string,
    assetIds: readonly string[],
    instant: Date,
    knownAt: Date | null,
  ): Promise<MomentRates> {
    const hubs = await this.rates.hubs(db);
    const pairs = [
      ...(await this.rates.reach(db, assetIds, hubs)),
      ...(knownAt ? await this.formerPairs(db, userId, assetIds) : []),
    ];
    const rows = await rowsOf<QuoteRow>(
      db,
      `select given.asset_id, given.quote_asset_id, given.granularity <> 'intraday' as daily, known.at, known.value, known.source
       from unnest($1::uuid[], $2::uuid[], $3::text[]) as given (asset_id, quote_asset_id, granularity)
       cross join lateral (
         select at, value, user_id, source from (
           (select at, value, user_id, source from price
            where asset_id = given.asset_id and quote_asset_id = given.quote_asset_id and granularity = given.granularity
              and (user_id is null or user_id = $4) and at <= $5
              and recorded_at <= coalesce($6::timestamptz, 'infinity')
            order by at desc, user_id nulls last, source desc limit 1)
           union all
           (select at, value, user_id, source from price_former
            where asset_id = given.asset_id and quote_asset_id = given.quote_asset_id and granularity = given.granularity
              and (user_id is null or user_id = $4) and at <= $5 and recorded_at <= $6 and replaced_at > $6
            order by at desc, user_id nulls last, source desc limit 1)) as either
         order by at desc, user_id nulls last, source desc limit 1) as known
       -- Of two prices at one instant the last is used: one's own, then a close rather than a glimpse.
       order by given.asset_id, given.quote_asset_id, known.at, known.user_id nulls first, given.granularity desc`,
      [...columnsOfPairs(pairs), userId, instant, knownAt],
    );
    return { graph: graphOf(hubs, rows), quoted: await this.quoted(db, userId, assetIds, knownAt) };
  }

  /** Pairs that are perhaps quoted no more, since their prices were taken back. */
  private formerPairs(db: Db, userId: string, assetIds: readonly string[]): Promise<PairRow[]> {
    return rowsOf<PairRow>(
      db,
      `select distinct asset_id, quote_asset_id, granularity from price_former
       where asset_id = any($1) and (user_id is null or user_id = $2)
         and not exists (select 1 from price where price.asset_id = price_former.asset_id
                           and price.quote_asset_id = price_former.quote_asset_id
                           and price.granularity = price_former.granularity)`,
      [assetIds, userId],
    );
  }

  /** Which of these assets were ever quoted in anything, by anybody whose prices this person sees. */
  private async quoted(
    db: Db,
    userId: string,
    assetIds: readonly string[],
    knownAt: Date | null,
  ): Promise<Set<string>> {
    const rows = await rowsOf<{ id: string }>(
      db,
      `select asset_id as id from unnest($1::uuid[]) as given (asset_id)
       where exists (select 1 from price where price.asset_id = given.asset_id and (user_id is null or user_id = $2)
                       and recorded_at <= coalesce($3::timestamptz, 'infinity'))
          or exists (select 1 from price_former where price_former.asset_id = given.asset_id
                       and (user_id is null or user_id = $2) and recorded_at <= $3 and replaced_at > $3)`,
      [assetIds, userId, knownAt],
    );
    return new Set(rows.map((row) => row.id));
  }
}
