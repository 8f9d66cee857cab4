import { Injectable, Logger } from '@nestjs/common';
import type { PriceQuote } from '@scani/cloud';
import { type Db, rowOf, rowsOf } from '@scani/database';
import { type PricePoint, SURE_SCAM } from '@scani/domain';
import { JobQueue } from '@scani/jobs';
import { type Day, decimalText } from '@scani/money';
import { Invalid, NotFound, type Page, pageOf, readCursor } from '@scani/runtime';
import { DataSource } from 'typeorm';
import { AssetsService } from '../assets/assets.service.js';
import { ownPricesChanged } from './price-news.jobs.js';
import type { CreatePrice, Price } from './prices.dto.js';
import { keepAside, QUOTED_IN, siftQuotes } from './sifting.js';

interface PriceRow {
  id: string;
  value: string;
  currency: string;
  at: Date;
  granularity: Price['granularity'];
  source: string;
  own: boolean;
}

const COLUMNS = `price.id, price.value, quote.symbol as currency, price.at, price.granularity, price.source, price.user_id is not null as own`;
const FARTHEST_AHEAD_MS = 60_000;

export interface Recorded {
  readonly added: ReadonlyMap<string, Day>;
  /** By asset, what was said of it that is not believed yet. */
  readonly doubts: ReadonlyMap<string, string>;
}

/** What things cost. */
@Injectable()
export class PricesService {
  private readonly log = new Logger('Prices');

  constructor(
    private readonly source: DataSource,
    private readonly assets: AssetsService,
    private readonly jobs: JobQueue,
  ) {}

  /** Newest first: what providers said, and what this person entered. */
  async list(userId: string, assetId: string, limit: number, cursor: string | undefined): Promise<Page<Price>> {
    await this.assets.get(this.source, userId, assetId);
    const after = readCursor(cursor, 2);
    const rows = await rowsOf<PriceRow>(
      this.source,
      `select ${COLUMNS} from price join asset as quote on quote.id = price.quote_asset_id
       where price.asset_id = $1 and (price.user_id is null or price.user_id = $2)
         and ($3::timestamptz is null or (price.at, price.id) < ($3, $4::bigint))
       order by price.at desc, price.id desc limit $5`,
      [assetId, userId, after?.[0] ?? null, after?.[1] ?? null, limit + 1],
    );
    return pageOf(rows, limit, shown, (row) => [row.at.toISOString(), row.id]);
  }

  async createOwn(userId: string, assetId: string, wanted: CreatePrice): Promise<Price> {
    return this.source.transaction((db) => this.recordOwn(db, userId, assetId, wanted));
  }

  /** Enters a price that this person alone sees. Joins the caller's transaction. */
  async recordOwn(db: Db, userId: string, assetId: string, wanted: CreatePrice): Promise<Price> {
    const at = wanted.at === undefined ? new Date() : new Date(wanted.at);
    if (at.getTime() > Date.now() + FARTHEST_AHEAD_MS) {
      throw new Invalid('price-in-future', 'A price cannot hold in the future.', [
        { pointer: '/at', detail: 'must not be later than now' },
      ]);
    }
    await this.assets.get(db, userId, assetId);
    const quoteId = await this.assets.currencyId(db, wanted.currency, '/currency');
    if (quoteId === assetId) throw new Invalid('price-of-itself', 'A currency always costs 1 of itself.');
    const row = await rowOf<PriceRow>(
      db,
      `with added as (
         insert into price (asset_id, quote_asset_id, user_id, at, granularity, value, source)
         values ($1, $2, $3, $4, 'daily', $5, 'own')
         on conflict (asset_id, at, quote_asset_id, granularity, source, user_id)
           do update set value = excluded.value, recorded_at = now()
         returning *)
       select ${COLUMNS} from added as price join asset as quote on quote.id = price.quote_asset_id`,
      [assetId, quoteId, userId, at, wanted.value],
    );
    await this.jobs.ask(db, ownPricesChanged, { userId });
    return shown(row as PriceRow);
  }

  async deleteOwn(userId: string, id: string): Promise<void> {
    if (!/^\d{1,18}$/.test(id)) throw new NotFound('price-not-found', 'There is no such price of yours.');
    await this.source.transaction(async (db) => {
      const gone = await rowOf(db, 'delete from price where id = $1 and user_id = $2 returning id', [id, userId]);
      if (!gone) throw new NotFound('price-not-found', 'There is no such price of yours.');
      await this.jobs.ask(db, ownPricesChanged, { userId });
    });
  }

  /**
   * Keeps what a provider said; what is known already stays, and what is ten times off its neighbours is set aside until
   * a later price confirms it. Returns the earliest day with a new price of each asset that has any, and why others have
   * none. Joins the caller's transaction.
   */
  async recordQuotes(db: Db, quotes: readonly PriceQuote[]): Promise<Recorded> {
    if (quotes.length === 0) return { added: new Map(), doubts: new Map() };
    const { believed, setAside } = await siftQuotes(db, quotes);
    await keepAside(db, believed, setAside);
    const doubts = new Map(setAside.map(({ quote, beside }) => [quote.id, doubtOf(quote, beside)]));
    if (doubts.size > 0)
      this.log.warn(`${setAside.length} prices of ${doubts.size} assets are set aside: ${[...doubts.values()][0]}`);
    return { added: await this.store(db, believed), doubts };
  }

  private async store(db: Db, quotes: readonly PriceQuote[]): Promise<Map<string, Day>> {
    const rows = await rowsOf<{ asset_id: string; day: Day }>(
      db,
      `with added as (insert into price (asset_id, quote_asset_id, at, granularity, value, source)
       select given.asset_id, quote.id, given.at, given.granularity, given.value, given.source
       from unnest($1::uuid[], $2::text[], $3::timestamptz[], $4::text[], $5::numeric[], $6::text[])
         as given (asset_id, currency, at, granularity, value, source)
       join lateral (${QUOTED_IN}) as quote on true
       where quote.id <> given.asset_id
       on conflict do nothing returning asset_id, at)
       select asset_id, (min(at) at time zone 'utc')::date as day from added group by asset_id`,
      [
        quotes.map((quote) => quote.id),
        quotes.map((quote) => quote.currency),
        quotes.map((quote) => quote.at),
        quotes.map((quote) => quote.granularity),
        quotes.map((quote) => quote.value),
        quotes.map((quote) => quote.source),
      ],
    );
    return new Map(rows.map((row) => [row.asset_id, row.day]));
  }

  /** From now on the prices of these assets are kept up to date, back to `from`. Joins the caller's transaction. */
  async watch(
    db: Db,
    assetIds: readonly string[],
    from: Day,
    ask: (assetId: string) => Promise<unknown>,
  ): Promise<void> {
    const wider = await rowsOf<{ asset_id: string }>(
      db,
      `insert into price_watch (asset_id, wanted_from)
       select distinct asset_id, $2::date from asset_identity join asset on asset.id = asset_id
       where asset_id = any($1) and provider <> 'contract' and scam_probability < ${decimalText(SURE_SCAM)}
       on conflict (asset_id) do update set wanted_from = excluded.wanted_from
         where price_watch.wanted_from > excluded.wanted_from
       returning asset_id`,
      [assetIds, from],
    );
    for (const row of wider) await ask(row.asset_id);
  }

  /** A price in a foreign currency is of use only with the prices of that currency. Joins the caller's transaction. */
  async watchQuoteCurrencies(
    db: Db,
    assetId: string,
    from: Day,
    ask: (assetId: string) => Promise<unknown>,
  ): Promise<void> {
    const quotes = await rowsOf<{ id: string }>(
      db,
      'select distinct quote_asset_id as id from price where asset_id = $1',
      [assetId],
    );
    await this.watch(
      db,
      quotes.map((row) => row.id),
      from,
      ask,
    );
  }
}

const shown = (row: PriceRow): Price => ({ ...row, at: row.at.toISOString() });

const doubtOf = ({ source, value, currency }: PriceQuote, beside: PricePoint): string =>
  `${source} says ${value} ${currency}, ten times off ${beside.value} of ${beside.at.toISOString().slice(0, 10)}; set aside until confirmed`;
