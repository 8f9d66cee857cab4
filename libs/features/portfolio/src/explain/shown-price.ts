import { type Db, rowsOf } from '@scani/database';
import { type Rate, RATE_DECIMALS } from '@scani/domain';
import { fixedText } from '@scani/money';
import type { PriceExplanation } from './explain-value.dto.js';

/** How the assets on the way of these rates are called. */
export async function symbolsOf(db: Db, rates: readonly (Rate | undefined)[]): Promise<ReadonlyMap<string, string>> {
  const ids = new Set(rates.flatMap((rate) => (rate?.legs ?? []).flatMap((leg) => [leg.from, leg.to])));
  const rows = await rowsOf<{ id: string; symbol: string }>(db, 'select id, symbol from asset where id = any($1)', [
    [...ids],
  ]);
  return new Map(rows.map((row) => [row.id, row.symbol]));
}

/** The price and its way through the graph. */
export function shownPrice(rate: Rate, at: Date, symbols: ReadonlyMap<string, string>): PriceExplanation {
  return {
    rate: fixedText(rate.units, RATE_DECIMALS),
    effectiveAt: new Date(rate.effectiveAt).toISOString(),
    stale: rate.stale,
    legs: rate.legs.map((leg) => ({
      from: symbols.get(leg.from) ?? '',
      to: symbols.get(leg.to) ?? '',
      value: fixedText(leg.units, RATE_DECIMALS),
      inverted: leg.inverted,
      close: leg.daily,
      at: new Date(leg.at).toISOString(),
      age: Math.floor((at.getTime() - leg.at) / 1000),
      source: leg.source,
    })),
  };
}
