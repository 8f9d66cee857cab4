/**
 * CoinGecko, as documented at docs.coingecko.com (Demo API v3): /ping, /simple/price, /coins/markets,
 * /coins/{id}/market_chart/range, /search. A keyless or demo caller sees the last 365 days only (error 10012).
 */
import { COINS, type Coin } from './catalog.ts';
import { perEuro } from './rates.ts';
import { DAY_MS, dayMs, digits, priceAt } from './series.ts';
import { json, type Answer, type Asked } from './http.ts';

const HOUR_MS = 3_600_000;
const FREE_DAYS = 365;

const dollars = (coin: Coin, ms: number): number =>
  priceAt({ seed: `coin:${coin.id}`, level: coin.level, yearlyDrift: coin.yearlyDrift, swing: coin.swing }, ms);

/** US dollars for a coin by its upper-case symbol, so that other services tell the same story. */
export function coinInDollars(symbol: string, ms: number): { coin: Coin; price: number } | undefined {
  const coin = COINS.find((each) => each.symbol.toUpperCase() === symbol && each.odd === undefined);
  return coin && { coin, price: dollars(coin, ms) };
}

/** The same by its id. */
export function coinById(id: string, ms: number): { symbol: string; price: number } | undefined {
  const coin = COINS.find((each) => each.id === id && (each.odd === undefined || each.odd === 'worthless'));
  return coin && { symbol: coin.symbol.toUpperCase(), price: digits(dollars(coin, ms), 9) };
}

function priced(coin: Coin, currency: string, ms: number): number | undefined {
  const rate = perEuro(currency.toUpperCase(), ms);
  if (rate === undefined) return undefined;
  return digits((dollars(coin, ms) * rate) / (perEuro('USD', ms) ?? 1), 9);
}

const failure = (status: number, code: number, message: string): Answer =>
  json(status, {
    error: { status: { timestamp: new Date(0).toISOString(), error_code: code, error_message: message } },
  });

function simplePrice({ query, now }: Asked): Answer {
  const ids = list(query.get('ids'));
  const currencies = list(query.get('vs_currencies'));
  if (ids.length === 0) return json(422, { error: 'Missing parameter ids' });
  if (currencies.length === 0) return json(422, { error: 'Missing parameter vs_currencies' });
  const answer: Record<string, Record<string, number>> = {};
  for (const id of ids) {
    const coin = COINS.find((each) => each.id === id);
    if (!coin) continue;
    answer[id] = coin.odd === 'silent' ? {} : quoteOf(coin, currencies, query, now);
  }
  return json(200, answer);
}

function quoteOf(coin: Coin, currencies: string[], query: URLSearchParams, now: number): Record<string, number> {
  const quote: Record<string, number> = {};
  const minute = Math.floor(now / 60_000) * 60_000;
  for (const currency of currencies) {
    const price = priced(coin, currency, minute);
    if (price !== undefined) quote[currency] = price;
  }
  if (query.get('include_last_updated_at') === 'true') {
    quote['last_updated_at'] = Math.floor(minute / 1000) + (coin.odd === 'from-the-future' ? 7200 : 0);
  }
  return quote;
}

function marketChartRange(id: string, { query, now, headers }: Asked): Answer {
  const coin = COINS.find((each) => each.id === id);
  if (!coin) return json(404, { error: 'coin not found' });
  const from = instant(query.get('from'));
  const to = instant(query.get('to'));
  const currency = query.get('vs_currency') ?? '';
  if (from === undefined || to === undefined) return json(400, { error: 'Invalid from or to' });
  if (perEuro(currency.toUpperCase(), now) === undefined) return json(400, { error: 'invalid vs_currency' });
  if (!headers['x-cg-pro-api-key'] && from < now - FREE_DAYS * DAY_MS - HOUR_MS) {
    return failure(
      401,
      10012,
      'Your request exceeds the allowed time range. Public API users are limited to querying historical data within the past 365 days.',
    );
  }
  const daily = query.get('interval') === 'daily' || to - from > 90 * DAY_MS;
  const prices = points(coin, currency, from, Math.min(to, now), daily);
  return json(200, {
    prices,
    market_caps: prices.map(([ms, price]) => [ms, digits(price * 19_600_000, 12)]),
    total_volumes: prices.map(([ms, price]) => [ms, digits(price * 310_000, 12)]),
  });
}

/** Daily points stand at 00:00 UTC; hourly ones a little after the hour, as the real service has them. */
function points(coin: Coin, currency: string, from: number, to: number, daily: boolean): [number, number][] {
  const step = daily ? DAY_MS : HOUR_MS;
  const found: [number, number][] = [];
  if (coin.odd === 'silent') return found;
  for (let at = Math.ceil(from / step) * step; at <= to; at += step) {
    const ms = daily ? at : at + 41_331;
    const price = priced(coin, currency, ms);
    if (ms <= to && price !== undefined) found.push([ms, price]);
  }
  return found;
}

function markets({ query, now }: Asked): Answer {
  const perPage = Math.min(Number(query.get('per_page') ?? 100), 250);
  const page = Number(query.get('page') ?? 1);
  const currency = query.get('vs_currency') ?? '';
  if (perEuro(currency.toUpperCase(), now) === undefined) return json(400, { error: 'invalid vs_currency' });
  const ids = list(query.get('ids'));
  const ranked = COINS.filter((coin) => coin.rank !== null && (ids.length === 0 || ids.includes(coin.id)));
  const rows = ranked.slice((page - 1) * perPage, page * perPage).map((coin) => ({
    id: coin.id,
    symbol: coin.symbol,
    name: coin.name,
    current_price: priced(coin, currency, now),
    market_cap_rank: coin.rank,
    last_updated: new Date(Math.floor(now / 60_000) * 60_000).toISOString(),
  }));
  return json(200, rows, { 'per-page': String(perPage), total: String(ranked.length) });
}

function search({ query }: Asked): Answer {
  const wanted = (query.get('query') ?? '').toLowerCase();
  const coins = COINS.filter((coin) => coin.symbol.includes(wanted) || coin.name.toLowerCase().includes(wanted)).map(
    (coin) => ({
      id: coin.id,
      name: coin.name,
      api_symbol: coin.id,
      symbol: coin.symbol.toUpperCase(),
      market_cap_rank: coin.rank,
      thumb: `https://coin-images.example/${coin.id}/thumb.png`,
      large: `https://coin-images.example/${coin.id}/large.png`,
    }),
  );
  return json(200, { coins: wanted === '' ? [] : coins, exchanges: [], icos: [], categories: [], nfts: [] });
}

export function coingecko(asked: Asked): Answer {
  const path = asked.path.replace(/^\/api\/v3/, '');
  if (path === '/ping') return json(200, { gecko_says: '(V3) To the Moon!' });
  if (path === '/simple/price') return simplePrice(asked);
  if (path === '/coins/markets') return markets(asked);
  if (path === '/search') return search(asked);
  const chart = /^\/coins\/([^/]+)\/market_chart\/range$/.exec(path);
  if (chart?.[1]) return marketChartRange(decodeURIComponent(chart[1]), asked);
  return json(404, { error: 'Incorrect path. Please check https://www.coingecko.com/api/' });
}

const list = (text: string | null): string[] => (text ?? '').split(',').filter((each) => each !== '');

/** `from` and `to` are seconds since 1970 or an ISO date. */
function instant(text: string | null): number | undefined {
  if (text === null) return undefined;
  const ms = /^\d+$/.test(text)
    ? Number(text) * 1000
    : /^\d{4}-\d{2}-\d{2}$/.test(text)
      ? dayMs(text)
      : Date.parse(text);
  return Number.isNaN(ms) ? undefined : ms;
}
