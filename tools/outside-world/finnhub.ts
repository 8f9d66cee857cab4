/**
 * Finnhub, as documented at finnhub.io/docs/api: /quote (all zeros for an unknown symbol) and /stock/candle, which a
 * free key may not ask (403). 401 without a token.
 */
import { shareInDollars } from './yahoo.ts';
import { json, type Answer, type Asked } from './http.ts';
import { DAY_MS, dayText, isWeekend } from './series.ts';

const NOTHING = { c: 0, d: null, dp: null, h: 0, l: 0, o: 0, pc: 0, t: 0 };
/** A token that begins so has a paid plan. */
const PAID = 'paid-';

export function finnhub({ path, query, headers, now }: Asked): Answer {
  const token = String(headers['x-finnhub-token'] ?? query.get('token') ?? '');
  if (token === '') return json(401, { error: 'Please use an API key.' });
  const symbol = query.get('symbol') ?? '';
  if (path === '/api/v1/quote') return quote(symbol, now);
  if (path !== '/api/v1/stock/candle') return json(404, { error: 'Not found' });
  if (!token.startsWith(PAID)) return json(403, { error: "You don't have access to this resource." });
  return candles(symbol, Number(query.get('from')) * 1_000, Number(query.get('to')) * 1_000, now);
}

function quote(symbol: string, now: number): Answer {
  const minute = Math.floor(now / 60_000) * 60_000;
  const last = shareInDollars(symbol, minute);
  if (last === undefined) return json(200, NOTHING);
  const before = shareInDollars(symbol, minute - DAY_MS) ?? last;
  return json(200, {
    c: last,
    d: cents(last - before),
    dp: cents(((last - before) / before) * 100),
    h: Math.max(last, before),
    l: Math.min(last, before),
    o: before,
    pc: before,
    t: minute / 1_000,
  });
}

function candles(symbol: string, from: number, to: number, now: number): Answer {
  const c: number[] = [];
  const t: number[] = [];
  for (let at = Math.ceil(from / DAY_MS) * DAY_MS; at <= Math.min(to, now); at += DAY_MS) {
    const close = isWeekend(dayText(at)) ? undefined : shareInDollars(symbol, at + 21 * 3_600_000);
    if (close === undefined) continue;
    c.push(close);
    t.push(at / 1_000);
  }
  return json(200, c.length > 0 ? { s: 'ok', c, t } : { s: 'no_data' });
}

const cents = (value: number): number => Number(value.toFixed(2));
