/**
 * DeFiLlama's prices, as documented at api-docs.defillama.com ("coins"): /prices/current/{coins} and /chart/{coins} with
 * start, span, period and searchWidth. Coins are named as coingecko:{id}; unknown ones are absent from the answer.
 */
import { coinById } from './coingecko.ts';
import { json, type Answer, type Asked } from './http.ts';

const DAY_SECONDS = 86_400;
const MOST_POINTS = 500;
/** Its points are taken now and then, and the nearest one is told. */
const LATE_SECONDS = 37;

export function defillama({ path, query, now }: Asked): Answer {
  const [, kind = '', names = ''] = /^\/(prices\/current|chart)\/([^/]+)$/.exec(path) ?? [];
  const keys = decodeURIComponent(names).split(',').filter(Boolean);
  if (kind === 'prices/current') return json(200, { coins: entries(keys, (key) => current(key, now)) });
  if (kind === 'chart') return chart(keys, query, now);
  return json(404, { message: 'Not Found' });
}

function current(key: string, now: number): object | undefined {
  const minute = Math.floor(now / 60_000) * 60_000;
  const coin = known(key, minute);
  return coin && { price: coin.price, symbol: coin.symbol, timestamp: minute / 1_000, confidence: 0.99 };
}

function chart(keys: string[], query: URLSearchParams, now: number): Answer {
  const start = Number(query.get('start'));
  const span = Number(query.get('span') ?? 0);
  if (!Number.isSafeInteger(start) || query.get('period') !== '1d') return json(400, { message: 'invalid parameters' });
  if (span * keys.length > MOST_POINTS) return json(400, { message: `at most ${MOST_POINTS} points` });
  const times = Array.from({ length: span }, (_, at) => start + at * DAY_SECONDS + LATE_SECONDS);
  return json(200, {
    coins: entries(keys, (key) => {
      const prices = times
        .filter((timestamp) => timestamp * 1_000 <= now)
        .flatMap((timestamp) => {
          const coin = known(key, timestamp * 1_000);
          return coin ? [{ timestamp, price: coin.price }] : [];
        });
      return prices.length > 0 ? { symbol: known(key, now)?.symbol, confidence: 0.99, prices } : undefined;
    }),
  });
}

function known(key: string, ms: number): { symbol: string; price: number } | undefined {
  const id = /^coingecko:(.+)$/.exec(key)?.[1];
  return id === undefined ? undefined : coinById(id, ms);
}

const entries = (keys: string[], of: (key: string) => object | undefined): object =>
  Object.fromEntries(keys.flatMap((key) => (of(key) ? [[key, of(key)]] : [])));
