import { Injectable } from '@nestjs/common';
import { type Db, rowsOf } from '@scani/database';
import { HUB_SYMBOLS, PriceGraph, type Quote, type QuoteColumns } from '@scani/domain';
import { decimal } from '@scani/money';

interface QuoteRow {
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
  sources: string;
}

/** Of two prices at one instant the last in this order is used: one's own rather than a provider's, a close rather than a glimpse. */
const IN_TIME = 'at, user_id nulls first, granularity desc, source';

/** What the neighbours ask of prices. */
@Injectable()
export class RateQueries {
  /** The newest price of each pair that can matter for these assets: enough for figures of now. */
  async latest(db: Db, userId: string, assetIds: readonly string[]): Promise<PriceGraph> {
    const hubs = await this.hubs(db);
    return this.graph(
      hubs,
      await rowsOf<QuoteRow>(
        db,
        `select distinct on (asset_id, quote_asset_id) asset_id, quote_asset_id, at, value, granularity <> 'intraday' as daily, source
         from price where asset_id = any($1) and (user_id is null or user_id = $2) and at <= now()
         order by asset_id, quote_asset_id, at desc, user_id nulls last, granularity, source desc`,
        [await this.reach(db, userId, assetIds, hubs), userId],
      ),
    );
  }

  /**
   * The prices that a valuation at one instant may use (of each pair the last, and the last close), as they are known
   * now or were known at an earlier instant.
   */
  async at(
    db: Db,
    userId: string,
    assetIds: readonly string[],
    instant: Date,
    knownAt: Date | null,
  ): Promise<PriceGraph> {
    const hubs = await this.hubs(db);
    return this.graph(
      hubs,
      await rowsOf<QuoteRow>(
        db,
        `with known as (
           select asset_id, quote_asset_id, user_id, at, value, granularity, source from price
           where recorded_at <= coalesce($4::timestamptz, 'infinity')
           union all
           select asset_id, quote_asset_id, user_id, at, value, granularity, source from price_former
           where recorded_at <= $4 and replaced_at > $4)
         select distinct on (asset_id, quote_asset_id, granularity = 'intraday')
           asset_id, quote_asset_id, at, value, granularity <> 'intraday' as daily, source
         from known where asset_id = any($1) and (user_id is null or user_id = $2) and at <= $3
         order by asset_id, quote_asset_id, granularity = 'intraday' desc, at desc, user_id nulls last, granularity,
           source desc`,
        [await this.reach(db, userId, assetIds, hubs), userId, instant, knownAt],
      ),
    );
  }

  /** Which of these assets were ever quoted in anything, by anybody whose prices this person sees. */
  async quoted(db: Db, userId: string, assetIds: readonly string[], knownAt: Date | null): Promise<Set<string>> {
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

  /** Every price that can matter for these assets; one row a pair, since years of prices are many. */
  async history(db: Db, userId: string, assetIds: readonly string[]): Promise<PriceGraph> {
    const hubs = await this.hubs(db);
    const series = await rowsOf<SeriesRow>(
      db,
      `select asset_id, quote_asset_id,
         string_agg(round(extract(epoch from at) * 1000)::text, ',' order by ${IN_TIME}) as instants,
         string_agg(value::text, ',' order by ${IN_TIME}) as values,
         string_agg(case when granularity = 'intraday' then 'i' else 'd' end, '' order by ${IN_TIME}) as granularities,
         string_agg(source, ',' order by ${IN_TIME}) as sources
       from price where asset_id = any($1) and (user_id is null or user_id = $2)
       group by asset_id, quote_asset_id`,
      [await this.reach(db, userId, assetIds, hubs), userId],
    );
    const graph = new PriceGraph(hubs);
    for (const row of series) graph.addColumns(row.asset_id, row.quote_asset_id, columnsOf(row));
    return graph;
  }

  /** The assets, the hubs, and the currencies that the assets are quoted in. */
  private async reach(db: Db, userId: string, assetIds: readonly string[], hubs: readonly string[]): Promise<string[]> {
    const quotes = await rowsOf<{ id: string }>(
      db,
      `select distinct quote_asset_id as id from price where asset_id = any($1) and (user_id is null or user_id = $2)`,
      [assetIds, userId],
    );
    return [...new Set([...assetIds, ...hubs, ...quotes.map((row) => row.id)])];
  }

  private async hubs(db: Db): Promise<string[]> {
    const rows = await rowsOf<{ id: string }>(
      db,
      `select id from asset where user_id is null and kind in ('fiat', 'crypto') and symbol = any($1)
       order by array_position($1::text[], symbol), kind desc`,
      [[...HUB_SYMBOLS]],
    );
    return rows.map((row) => row.id);
  }

  private graph(hubs: readonly string[], rows: readonly QuoteRow[]): PriceGraph {
    const graph = new PriceGraph(hubs);
    for (let start = 0; start < rows.length;) {
      const first = rows[start] as QuoteRow;
      let end = start;
      while (rows[end]?.asset_id === first.asset_id && rows[end]?.quote_asset_id === first.quote_asset_id) end += 1;
      graph.add(first.asset_id, first.quote_asset_id, rows.slice(start, end).map(quoteOf));
      start = end;
    }
    return graph;
  }
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
    sources: row.sources.split(','),
  };
}
