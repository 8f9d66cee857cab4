import type { MoneyEntry, PriceGraph } from '@scani/domain';
import { type Day, dayOf, type Decimal, decimal, endOf, ZERO } from '@scani/money';
import type { TradeRow } from './performance.queries.js';

/** What one unit of an asset costs in the base when a day closes. */
export type RateOn = (assetId: string, on: Day) => Decimal | undefined;

export function ratesOn(prices: PriceGraph, base: string, now: number): RateOn {
  const known = new Map<string, Decimal | undefined>();
  return (assetId, on) => {
    const key = `${assetId}:${on}`;
    if (!known.has(key)) known.set(key, prices.rate(assetId, base, Math.min(endOf(on).getTime(), now), now)?.value);
    return known.get(key);
  };
}

/** A row of the ledger as returns see it: a purchase or sale at what was paid for it, with its fee, in the base. */
export function entryOf(row: TradeRow, rateOn: RateOn): MoneyEntry {
  const entry = { at: row.at.getTime(), kind: row.kind, quantity: decimal(row.quantity) };
  if (row.kind !== 'buy' && row.kind !== 'sell') return entry;
  const inBase = (amount: string | null, assetId: string | null): Decimal | undefined => {
    if (amount === null || assetId === null) return undefined;
    const rate = rateOn(assetId, dayOf(row.at));
    return rate && decimal(amount).times(rate);
  };
  const price = inBase(row.price, row.price_asset_id);
  const fee = row.fee === null ? ZERO : inBase(row.fee, row.fee_asset_id);
  if (price === undefined || fee === undefined) return entry;
  return { ...entry, paid: entry.quantity.times(price).plus(fee), fee };
}
