/**
 * Yahoo Finance, which documents nothing itself: /v8/finance/chart/{symbol} and /v1/finance/search as recorded in the
 * fixtures of the open-source client yahoo-finance2 (github.com/gadicc/yahoo-finance2). Closes are 32-bit floats printed
 * in full, days without trade are absent, single closes may be null, London quotes in pence (GBp).
 */
import { SHARES, type Share } from './catalog.ts';
import { coinInDollars } from './coingecko.ts';
import { inDollars, perEuro } from './rates.ts';
import { DAY_MS, dayText, digits, hashOf, isWeekend, priceAt } from './series.ts';
import { json, type Answer, type Asked } from './http.ts';

interface Instrument {
  symbol: string;
  name: string;
  type: 'EQUITY' | 'ETF' | 'CRYPTOCURRENCY' | 'CURRENCY';
  currency: string;
  exchange: string;
  timeZone: string;
  opens: number;
  closes: number;
  decimals: number;
  everyDay: boolean;
  price(ms: number): number;
  share?: Share;
}

const ALL_DAY = { opens: 0, closes: 1439 };
const RANGES: Record<string, number> = {
  '1d': 1,
  '5d': 7,
  '1mo': 31,
  '3mo': 92,
  '6mo': 184,
  '1y': 366,
  '2y': 731,
  '5y': 1827,
};
const VALID_RANGES = ['1d', '5d', '1mo', '3mo', '6mo', '1y', '2y', '5y', '10y', 'ytd', 'max'];

const ofShare = (share: Share): Instrument => ({
  symbol: share.symbol,
  name: share.name,
  type: share.kind,
  currency: share.currency,
  exchange: share.exchange.code,
  timeZone: share.exchange.timeZone,
  opens: share.exchange.opens,
  closes: share.exchange.closes,
  decimals: 2,
  everyDay: false,
  price: (ms) =>
    priceAt(
      { seed: `share:${share.symbol}`, level: share.level, yearlyDrift: share.yearlyDrift, swing: share.swing },
      ms,
    ),
  share,
});

function instrument(symbol: string, now: number): Instrument | undefined {
  const share = SHARES.find((each) => each.symbol === symbol);
  if (share) return share.odd === 'delisted' ? undefined : ofShare(share);
  const pair = /^([A-Z]{3})([A-Z]{3})?=X$/.exec(symbol);
  if (pair?.[1]) return currencyPair(symbol, pair[2] ? pair[1] : 'USD', pair[2] ?? pair[1], now);
  const coin = /^([A-Z0-9]+)-USD$/.exec(symbol)?.[1];
  const found = coin === undefined ? undefined : coinInDollars(coin, now);
  if (!found || coin === undefined) return undefined;
  return {
    symbol,
    name: `${found.coin.name} USD`,
    type: 'CRYPTOCURRENCY',
    currency: 'USD',
    exchange: 'CCC',
    timeZone: 'UTC',
    ...ALL_DAY,
    decimals: found.price < 1 ? 6 : 2,
    everyDay: true,
    price: (ms) => coinInDollars(coin, ms)?.price ?? 0,
  };
}

function currencyPair(symbol: string, from: string, to: string, now: number): Instrument | undefined {
  if (perEuro(from, now) === undefined || perEuro(to, now) === undefined || from === to) return undefined;
  return {
    symbol,
    name: `${from}/${to}`,
    type: 'CURRENCY',
    currency: to,
    exchange: 'CCY',
    timeZone: 'Europe/London',
    ...ALL_DAY,
    decimals: 4,
    everyDay: false,
    price: (ms) => (inDollars(from, ms) ?? 0) / (inDollars(to, ms) ?? 1),
  };
}

/** A share that is listed in the United States, so that other services tell the same story. */
export function shareInDollars(symbol: string, ms: number): number | undefined {
  const share = SHARES.find((each) => each.symbol.replace('-', '.') === symbol && each.currency === 'USD');
  return share && share.odd === undefined ? Number(ofShare(share).price(ms).toFixed(2)) : undefined;
}

const zones = new Map<string, Intl.DateTimeFormat>();

/** Seconds east of Greenwich at an instant. */
function offsetSeconds(timeZone: string, ms: number): number {
  let format = zones.get(timeZone);
  if (!format) zones.set(timeZone, (format = new Intl.DateTimeFormat('en', { timeZone, timeZoneName: 'longOffset' })));
  const text = format.formatToParts(ms).find((part) => part.type === 'timeZoneName')?.value ?? 'GMT';
  const match = /GMT([+-])(\d{2}):(\d{2})/.exec(text);
  return match ? (match[1] === '-' ? -1 : 1) * (Number(match[2]) * 3600 + Number(match[3]) * 60) : 0;
}

interface Session {
  day: string;
  opens: number;
  closes: number;
}

function sessionOf(found: Instrument, day: string): Session {
  const midnight =
    Date.parse(`${day}T00:00:00Z`) - offsetSeconds(found.timeZone, Date.parse(`${day}T12:00:00Z`)) * 1000;
  return { day, opens: midnight + found.opens * 60_000, closes: midnight + found.closes * 60_000 };
}

function sessions(found: Instrument, from: number, to: number, now: number): Session[] {
  const all: Session[] = [];
  for (let at = Math.floor(from / DAY_MS) * DAY_MS - DAY_MS; at <= to + DAY_MS; at += DAY_MS) {
    const day = dayText(at);
    const closed = !found.everyDay && (isWeekend(day) || ['01-01', '12-25'].includes(day.slice(5)));
    const session = sessionOf(found, day);
    if (!closed && session.opens >= from && session.opens < to && session.opens <= now) all.push(session);
  }
  return all;
}

const printed = (value: number, decimals: number): number => Math.fround(Number(value.toFixed(decimals)));

function chart(symbol: string, { query, now }: Asked): Answer {
  const found = instrument(symbol, now);
  if (!found) return notFound();
  const { from, to } = span(query, now);
  if (from >= to) {
    return json(400, {
      chart: {
        result: null,
        error: { code: 'Bad Request', description: 'Invalid input - start date cannot be after end date.' },
      },
    });
  }
  if (found.share?.odd === 'no-price') return json(200, { chart: { result: [bareResult(found, now)], error: null } });
  const bars = sessions(found, from, to, now);
  const closes = bars.map((bar) => closeOf(found, bar, now));
  const result = {
    meta: meta(found, now),
    ...(bars.length > 0 ? { timestamp: bars.map((bar) => bar.opens / 1000) } : {}),
    indicators:
      bars.length > 0
        ? { quote: [{ close: closes, open: closes, high: closes, low: closes }], adjclose: [{ adjclose: closes }] }
        : { quote: [{}] },
  };
  return json(200, { chart: { result: [result], error: null } });
}

function closeOf(found: Instrument, bar: Session, now: number): number | null {
  if (found.share && bar.closes < now && hashOf(`gap:${found.symbol}:${bar.day}`) % 211 === 0) return null;
  return printed(found.price(Math.min(bar.closes, now)), found.decimals);
}

function span(query: URLSearchParams, now: number): { from: number; to: number } {
  const period1 = query.get('period1');
  const period2 = query.get('period2');
  if (period1 && period2) return { from: Number(period1) * 1000, to: Number(period2) * 1000 };
  return { from: now - (RANGES[query.get('range') ?? '1d'] ?? 3660) * DAY_MS, to: now + 1000 };
}

function meta(found: Instrument, now: number): Record<string, unknown> {
  const recent = sessions(found, now - 10 * DAY_MS, now + DAY_MS, now).at(-1) ?? sessionOf(found, dayText(now));
  const at = Math.floor(Math.min(recent.closes, now) / 1000);
  const gmtoffset = offsetSeconds(found.timeZone, now);
  const today = sessionOf(found, dayText(now + gmtoffset * 1000));
  const period = (start: number, end: number) => ({
    timezone: found.timeZone,
    start: start / 1000,
    end: end / 1000,
    gmtoffset,
  });
  return {
    currency: found.currency,
    symbol: found.symbol,
    exchangeName: found.exchange,
    fullExchangeName: found.share?.exchange.name ?? found.exchange,
    instrumentType: found.type,
    firstTradeDate: 345479400,
    regularMarketTime: at,
    hasPrePostMarketData: false,
    gmtoffset,
    timezone: found.timeZone,
    exchangeTimezoneName: found.timeZone,
    regularMarketPrice: digits(found.price(at * 1000), found.type === 'CURRENCY' ? 5 : 7),
    longName: found.name,
    shortName: found.name,
    priceHint: found.decimals,
    currentTradingPeriod: {
      pre: period(today.opens, today.opens),
      regular: period(today.opens, today.closes),
      post: period(today.closes, today.closes),
    },
    dataGranularity: '1d',
    range: '',
    validRanges: VALID_RANGES,
  };
}

/** A symbol that exists and has no prices: no timestamps, empty quotes, no market price. */
function bareResult(found: Instrument, now: number): unknown {
  const { regularMarketPrice: _price, regularMarketTime: _time, ...rest } = meta(found, now);
  return { meta: { ...rest, currency: null, exchangeName: 'YHD' }, indicators: { quote: [{}], adjclose: [{}] } };
}

const notFound = (): Answer =>
  json(404, {
    chart: { result: null, error: { code: 'Not Found', description: 'No data found, symbol may be delisted' } },
  });

function search({ query }: Asked): Answer {
  const wanted = (query.get('q') ?? '').toLowerCase();
  const most = Number(query.get('quotesCount') ?? 7);
  const hits = SHARES.filter(
    (share) =>
      wanted !== '' && (share.symbol.toLowerCase().startsWith(wanted) || share.name.toLowerCase().includes(wanted)),
  );
  const quotes = hits.slice(0, most).map((share, index) => ({
    exchange: share.exchange.code,
    shortname: share.name.toUpperCase().slice(0, 30),
    quoteType: share.kind,
    symbol: share.symbol,
    index: 'quotes',
    score: 30_000 - index * 100,
    typeDisp: share.kind === 'ETF' ? 'ETF' : 'Equity',
    // Funds often come without a long name.
    ...(share.odd ? {} : { longname: share.name }),
    exchDisp: share.exchange.name,
    isYahooFinance: true,
  }));
  const companies =
    wanted === 'apple'
      ? [{ index: 'crunchbase', name: 'Apple Pie Co', permalink: 'apple-pie', isYahooFinance: false }]
      : [];
  return json(200, {
    explains: [],
    count: quotes.length,
    quotes: [...quotes, ...companies],
    news: [],
    nav: [],
    lists: [],
  });
}

export function yahoo(asked: Asked): Answer {
  if (asked.path === '/v1/finance/search') return search(asked);
  const symbol = /^\/v8\/finance\/chart\/([^/]+)$/.exec(asked.path)?.[1];
  if (symbol) return chart(decodeURIComponent(symbol), asked);
  return { status: 404, headers: { 'content-type': 'text/html' }, body: '<html><body>Not found</body></html>' };
}
