import { malformed } from '../call.js';
import { decimalTextOf, integerOf, listOf, recordOf, textOf } from '../exact-json.js';
import { NAME } from './yahoo.client.js';

export interface Chart {
  /** As quoted, minor units included (`GBp`); undefined for instruments without a market. */
  readonly currency: string | undefined;
  readonly marketPrice: string | undefined;
  readonly marketTimeSeconds: number | undefined;
  /** Length of a trading session, seconds. */
  readonly sessionSeconds: number | undefined;
  readonly bars: readonly Bar[];
}

export interface Bar {
  readonly opensAtSeconds: number;
  /** Undefined where the day has no close (null in the answer). */
  readonly close: string | undefined;
}

/** `/v8/finance/chart/{symbol}`: `{ chart: { result: [{ meta, timestamp, indicators }], error } }`. */
export function chartOf(body: unknown): Chart {
  const result = recordOf(listOf(recordOf(recordOf(body)?.['chart'])?.['result'])?.[0]);
  const meta = recordOf(result?.['meta']);
  if (!result || !meta) throw malformed(NAME, 'chart');
  return {
    currency: textOf(meta['currency']),
    marketPrice: decimalTextOf(meta['regularMarketPrice']),
    marketTimeSeconds: integerOf(meta['regularMarketTime']),
    sessionSeconds: sessionSecondsOf(meta),
    bars: barsOf(result),
  };
}

function sessionSecondsOf(meta: Readonly<Record<string, unknown>>): number | undefined {
  const regular = recordOf(recordOf(meta['currentTradingPeriod'])?.['regular']);
  const start = integerOf(regular?.['start']);
  const end = integerOf(regular?.['end']);
  return start === undefined || end === undefined || end <= start ? undefined : end - start;
}

/** A symbol without trades in the range has no `timestamp` and an empty quote. */
function barsOf(result: Readonly<Record<string, unknown>>): Bar[] {
  const times = listOf(result['timestamp']) ?? [];
  const quote = recordOf(listOf(recordOf(result['indicators'])?.['quote'])?.[0]);
  const closes = listOf(quote?.['close']) ?? [];
  return times.map((time, i) => {
    const opensAtSeconds = integerOf(time);
    if (opensAtSeconds === undefined) throw malformed(NAME, 'time at a bar');
    return { opensAtSeconds, close: decimalTextOf(closes[i]) };
  });
}

export interface FoundSymbol {
  readonly symbol: string;
  readonly name: string;
  readonly type: string;
  readonly exchange: string;
}

/** `/v1/finance/search`: `quotes` mixes symbols with companies that have none; those are skipped. */
export function foundSymbols(body: unknown): readonly FoundSymbol[] {
  const quotes = listOf(recordOf(body)?.['quotes']);
  if (!quotes) throw malformed(NAME, 'list of quotes');
  return quotes.flatMap((each) => {
    const record = recordOf(each);
    const symbol = textOf(record?.['symbol']);
    const type = textOf(record?.['quoteType']);
    if (!record || !symbol || !type) return [];
    const name = textOf(record['longname']) ?? textOf(record['shortname']) ?? symbol;
    return [{ symbol, type, name, exchange: textOf(record['exchDisp']) ?? textOf(record['exchange']) ?? '' }];
  });
}
