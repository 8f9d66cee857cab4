import { Injectable } from '@nestjs/common';
import { type Db, rowsOf } from '@scani/database';
import { HUB_SYMBOLS, PriceGraph, type Quote, type QuoteColumns } from '@scani/domain';
import { decimal } from '@scani/money';

export interface QuoteRow {
  asset_id: string;
  quote_asset_id: string;
  at: Date;
  value: string;
  daily: boolean;
  source: string;
}

interface SeriesRow {
  asset_id: string;
  quote_asset_id: string;
  instants: string;
  values: string;
  granularities: string;
  sources: string | null;
}

/** A pair that was ever quoted, by granularity. */
export interface PairRow {
  asset_id: string;
  quote_asset_id: string;
  granularity: string;
}

/** Of two prices at one instant the last in this order is used: one's own rather than a provider's, a close rather than a glimpse. */
const IN_TIME = 'at, user_id nulls first, granularity desc, source';
const LATEST_FIRST = 'at desc, user_id nulls last, source desc';

/** What the neighbours ask of prices. */
@Injectable()
export class RateQueries {
  /** The newest price of each pair that can matter for these assets: enough for figures of now. */
  async latest(db: Db, userId: string, assetIds: readonly string[]): Promise<PriceGraph> {
    const hubs = await this.hubs(db);
    const pairs = await this.reach(db, assetIds, hubs);
    return graphOf(
      hubs,
      await rowsOf<QuoteRow>(
        db,
        `select distinct on (given.asset_id, given.quote_asset_id) given.asset_id, given.quote_asset_id, price.at,
           price.value, given.granularity <> 'intraday' as daily, price.source
         from unnest($1::uuid[], $2::uuid[], $3::text[]) as given (asset_id, quote_asset_id, granularity)
         cross join lateral (
           select at, value, user_id, source from price
           where asset_id = given.asset_id and quote_asset_id = given.quote_asset_id and granularity = given.granularity
             and (user_id is null or user_id = $4) and at <= now()
           order by ${LATEST_FIRST} limit 1) as price
         order by given.asset_id, given.quote_asset_id, price.at desc, price.user_id nulls last, given.granularity, price.source desc`,
        [...columnsOfPairs(pairs), userId],
      ),
    );
  }

  /** Every price that can matter for these assets. */
  history(db: Db, userId: string, assetIds: readonly string[]): Promise<PriceGraph> {
    return this.since(db, userId, assetIds, null, true);
  }

  /**
   * The prices that can matter for these assets at `instant` (ms) and later: of each pair and granularity the last one
   * up to it and all later ones; all of them for null. One row a pair, since years of prices are many.
   */
  async since(
    db: Db,
    userId: string,
    assetIds: readonly string[],
    instant: number | null,
    withSources = false,
  ): Promise<PriceGraph> {
    const hubs = await this.hubs(db);
    const pairs = await this.reach(db, assetIds, hubs);
    const series = await rowsOf<SeriesRow>(
      db,
      `select asset_id, quote_asset_id,
         string_agg((date_part('epoch', at) * 1000)::bigint::text, ',' order by ${IN_TIME}) as instants,
         string_agg(value::text, ',' order by ${IN_TIME}) as values,
         string_agg(case when granularity = 'intraday' then 'i' else 'd' end, '' order by ${IN_TIME}) as granularities,
         ${withSources ? `string_agg(source, ',' order by ${IN_TIME})` : 'null'} as sources
       from (
         select given.*, price.at, price.value, price.user_id, price.source
         from unnest($1::uuid[], $2::uuid[], $3::text[]) as given (asset_id, quote_asset_id, granularity)
         cross join lateral (
           (select at, value, user_id, source from price
            where asset_id = given.asset_id and quote_asset_id = given.quote_asset_id and granularity = given.granularity
              and (user_id is null or user_id = $4) and at <= $5 and $5 > '-infinity'::timestamptz
            order by ${LATEST_FIRST} limit 1)
           union all
           (select at, value, user_id, source from price
            where asset_id = given.asset_id and quote_asset_id = given.quote_asset_id and granularity = given.granularity
              and (user_id is null or user_id = $4) and at > $5)) as price) as known
       group by asset_id, quote_asset_id order by asset_id, quote_asset_id`,
      [...columnsOfPairs(pairs), userId, instant === null ? '-infinity' : new Date(instant)],
    );
    const graph = new PriceGraph(hubs);
    for (const row of series) graph.addColumns(row.asset_id, row.quote_asset_id, columnsOf(row));
    return graph;
  }

  /** The pairs of the assets, of the hubs, and of the currencies that the assets are quoted in. */
  async reach(db: Db, assetIds: readonly string[], hubs: readonly string[]): Promise<PairRow[]> {
    const near = [...new Set([...assetIds, ...hubs])];
    const pairs = await this.pairs(db, near);
    const known = new Set(near);
    const far = [...new Set(pairs.map((pair) => pair.quote_asset_id))].filter((id) => !known.has(id));
    return far.length === 0 ? pairs : [...pairs, ...(await this.pairs(db, far))];
  }

  /** What these assets are quoted in, hopping along the index: years of prices are not read for it. */
  private pairs(db: Db, assetIds: readonly string[]): Promise<PairRow[]> {
    return rowsOf<PairRow>(
      db,
      `select given.id as asset_id, pair.quote_asset_id, pair.granularity
       from unnest($1::uuid[]) as given (id)
       cross join lateral (
         with recursive hop as (
           (select quote_asset_id, granularity from price where asset_id = given.id
            order by quote_asset_id, granularity limit 1)
           union all
           select next.* from hop cross join lateral (
             select quote_asset_id, granularity from price
             where asset_id = given.id and (quote_asset_id, granularity) > (hop.quote_asset_id, hop.granularity)
             order by quote_asset_id, granularity limit 1) as next)
         select * from hop) as pair`,
      [assetIds],
    );
  }

  /** The currencies through which prices are converted. */
  async hubs(db: Db): Promise<string[]> {
    const rows = await rowsOf<{ id: string }>(
      db,
      `select id from asset where user_id is null and kind in ('fiat', 'crypto') and symbol = any($1)
       order by array_position($1::text[], symbol), kind desc`,
      [[...HUB_SYMBOLS]],
    );
    return rows.map((row) => row.id);
  }
}

/** The graph of quotes that ascend in time within their pair. */
export function graphOf(hubs: readonly string[], rows: readonly QuoteRow[]): PriceGraph {
  const graph = new PriceGraph(hubs);
  for (const pair of Map.groupBy(rows, (row) => `${row.asset_id} ${row.quote_asset_id}`).values()) {
    const { asset_id: asset, quote_asset_id: quote } = pair[0] as QuoteRow;
    graph.add(asset, quote, pair.map(quoteOf));
  }
  return graph;
}

const quoteOf = (row: QuoteRow): Quote => ({
  at: row.at.getTime(),
  value: decimal(row.value),
  daily: row.daily,
  source: row.source,
});

function columnsOf(row: SeriesRow): QuoteColumns {
  return {
    instants: row.instants.split(',').map(Number),
    values: row.values.split(','),
    daily: [...row.granularities].map((letter) => letter === 'd'),
    sources: row.sources?.split(',') ?? [],
  };
}

/** Pairs as parameters for `unnest`. */
export const columnsOfPairs = (pairs: readonly PairRow[]): [string[], string[], string[]] => [
  pairs.map((pair) => pair.asset_id),
  pairs.map((pair) => pair.quote_asset_id),
  pairs.map((pair) => pair.granularity),
];
