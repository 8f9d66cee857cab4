import { malformed } from '../call.js';
import { decimalTextOf, integerOf, listOf, recordOf } from '../exact-json.js';
import { NAME } from './finnhub.client.js';

export interface Trade {
  readonly usd: string | undefined;
  readonly atSeconds: number;
}

/** `/quote`: `{ c: last, d, dp, h, l, o, pc, t: seconds }`; all of it 0 for a symbol that it does not know. */
export function lastTrade(body: unknown): Trade | undefined {
  const record = recordOf(body);
  const atSeconds = integerOf(record?.['t']);
  if (!record || atSeconds === undefined) throw malformed(NAME, 't');
  return atSeconds === 0 ? undefined : { usd: decimalTextOf(record['c']), atSeconds };
}

/** `/stock/candle`: `{ s: 'ok' | 'no_data', c: closes, t: seconds }`, oldest first. */
export function candles(body: unknown): readonly Trade[] {
  const record = recordOf(body);
  if (record?.['s'] === 'no_data') return [];
  const closes = listOf(record?.['c']);
  const times = listOf(record?.['t']);
  if (record?.['s'] !== 'ok' || !closes || closes.length !== times?.length) throw malformed(NAME, 'candles');
  return closes.map((close, at) => {
    const atSeconds = integerOf(times[at]);
    if (atSeconds === undefined) throw malformed(NAME, 't');
    return { usd: decimalTextOf(close), atSeconds };
  });
}
