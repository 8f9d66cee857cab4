import type { PriceQuote } from '@scani/cloud';
import { type Db, rowsOf } from '@scani/database';
import { NEIGHBOUR_DAYS, type PricePoint, siftPrices } from '@scani/domain';

/** A quote with its instant read. */
interface TimedQuote extends PricePoint {
  readonly quote: PriceQuote;
}

interface SetAside {
  readonly quote: PriceQuote;
  readonly beside: PricePoint;
}

interface Around {
  asset_id: string;
  currency: string;
  beside: string | null;
  beside_at: Date | null;
  waiting: string | null;
  waiting_at: Date | null;
  waiting_granularity: PriceQuote['granularity'] | null;
  waiting_source: string | null;
}

/** What is kept of prices set aside that nothing has confirmed. */
const KEPT_DAYS = 90;
const seriesOf = (assetId: string, currency: string): string => `${assetId} ${currency}`;

/** Parts quotes into those to store and those that stand ten times off their neighbours. Joins the caller's transaction. */
export async function siftQuotes(
  db: Db,
  quotes: readonly PriceQuote[],
): Promise<{ believed: PriceQuote[]; setAside: SetAside[] }> {
  const series = new Map<string, TimedQuote[]>();
  for (const quote of quotes) {
    const key = seriesOf(quote.id, quote.currency);
    const one = series.get(key) ?? [];
    series.set(key, one);
    one.push({ at: new Date(quote.at), value: quote.value, quote });
  }
  for (const one of series.values()) one.sort((a, b) => a.at.getTime() - b.at.getTime());
  const around = await whatStandsBy(
    db,
    [...series.values()].flatMap((one) => one.slice(0, 1)),
  );
  const believed: PriceQuote[] = [];
  const setAside: SetAside[] = [];
  for (const [key, one] of series) {
    const by = around.get(key);
    const beside = by?.beside && by.beside_at ? { at: by.beside_at, value: by.beside } : undefined;
    const sifted = siftPrices(one, beside, by ? waitingOf(by) : undefined);
    believed.push(...sifted.believed.map(({ quote }) => quote));
    setAside.push(...sifted.setAside.map(({ price, beside: stood }) => ({ quote: price.quote, beside: stood })));
  }
  return { believed, setAside };
}

/** Keeps what was set aside, and forgets what is believed by now or was never confirmed. */
export async function keepAside(db: Db, believed: readonly PriceQuote[], setAside: readonly SetAside[]): Promise<void> {
  await db.query(
    `delete from price_aside using unnest($1::uuid[], $2::timestamptz[], $3::text[]) as given (asset_id, at, source)
     where price_aside.asset_id = given.asset_id
       and ((price_aside.at = given.at and price_aside.source = given.source)
            or price_aside.recorded_at < now() - interval '${KEPT_DAYS} days')`,
    [believed.map(({ id }) => id), believed.map(({ at }) => at), believed.map(({ source }) => source)],
  );
  if (setAside.length === 0) return;
  const quotes = setAside.map(({ quote }) => quote);
  await db.query(
    `insert into price_aside (asset_id, quote_asset_id, at, granularity, value, source, beside_at, beside_value)
     select given.asset_id, quote.id, given.at, given.granularity, given.value, given.source, given.beside_at, given.beside
     from unnest($1::uuid[], $2::text[], $3::timestamptz[], $4::text[], $5::numeric[], $6::text[], $7::timestamptz[], $8::numeric[])
       as given (asset_id, currency, at, granularity, value, source, beside_at, beside)
     join lateral (${QUOTED_IN}) as quote on true
     on conflict do nothing`,
    [
      quotes.map(({ id }) => id),
      quotes.map(({ currency }) => currency),
      quotes.map(({ at }) => at),
      quotes.map(({ granularity }) => granularity),
      quotes.map(({ value }) => value),
      quotes.map(({ source }) => source),
      setAside.map(({ beside }) => beside.at),
      setAside.map(({ beside }) => beside.value),
    ],
  );
}

/** The asset that a provider means by the symbol `given.currency`. */
export const QUOTED_IN = `select id from asset where user_id is null and symbol = given.currency
  and kind in ('fiat', 'crypto') order by kind desc limit 1`;

function waitingOf({ asset_id: id, currency, ...by }: Around): TimedQuote | undefined {
  if (!by.waiting || !by.waiting_at || !by.waiting_granularity || !by.waiting_source) return undefined;
  const about = { id, currency, granularity: by.waiting_granularity, source: by.waiting_source };
  const quote = { ...about, at: by.waiting_at.toISOString(), value: by.waiting };
  return { at: by.waiting_at, value: by.waiting, quote };
}

/** By series: the nearest stored price of its first quote, the one before it rather than the one after, and what waits and agrees. */
async function whatStandsBy(db: Db, firsts: readonly TimedQuote[]): Promise<Map<string, Around>> {
  const near = `select value, at from price where asset_id = given.asset_id and quote_asset_id = quote.id and user_id is null`;
  const days = `interval '${NEIGHBOUR_DAYS} days'`;
  const rows = await rowsOf<Around>(
    db,
    `select given.asset_id, given.currency,
       coalesce(earlier.value, later.value) as beside, coalesce(earlier.at, later.at) as beside_at,
       waiting.value as waiting, waiting.at as waiting_at, waiting.granularity as waiting_granularity,
       waiting.source as waiting_source
     from unnest($1::uuid[], $2::text[], $3::timestamptz[], $4::numeric[]) as given (asset_id, currency, at, value)
     join lateral (${QUOTED_IN}) as quote on true
     left join lateral (${near} and at <= given.at and at > given.at - ${days} order by at desc limit 1) as earlier on true
     left join lateral (${near} and at > given.at and at < given.at + ${days} order by at limit 1) as later on true
     left join lateral (
       select value, at, granularity, source from price_aside
       where asset_id = given.asset_id and quote_asset_id = quote.id and at < given.at and at > given.at - ${days}
         and value between given.value / 2 and given.value * 2
       order by at limit 1) as waiting on true`,
    [
      firsts.map(({ quote }) => quote.id),
      firsts.map(({ quote }) => quote.currency),
      firsts.map(({ quote }) => quote.at),
      firsts.map(({ quote }) => quote.value),
    ],
  );
  return new Map(rows.map((row) => [seriesOf(row.asset_id, row.currency), row]));
}
