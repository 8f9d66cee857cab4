import { Injectable } from '@nestjs/common';
import { type Db, rowsOf } from '@scani/database';
import { HUB_SYMBOLS, PriceGraph, type Quote } from '@scani/domain';
import { decimal } from '@scani/money';

interface QuoteRow {
  asset_id: string;
  quote_asset_id: string;
  at: Date;
  value: string;
  daily: boolean;
  source: string;
}

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
         order by asset_id, quote_asset_id, at desc, user_id nulls last, granularity`,
        [await this.reach(db, userId, assetIds, hubs), userId],
      ),
    );
  }

  /** Every price that can matter for these assets. */
  async history(db: Db, userId: string, assetIds: readonly string[]): Promise<PriceGraph> {
    const hubs = await this.hubs(db);
    return this.graph(
      hubs,
      await rowsOf<QuoteRow>(
        db,
        `select asset_id, quote_asset_id, at, value, granularity <> 'intraday' as daily, source
         from price where asset_id = any($1) and (user_id is null or user_id = $2)
         order by asset_id, quote_asset_id, at, user_id nulls first, granularity desc`,
        [await this.reach(db, userId, assetIds, hubs), userId],
      ),
    );
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
