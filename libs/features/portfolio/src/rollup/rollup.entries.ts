import {
  type FixedRate,
  type MoneyEntry,
  moneyRole,
  QUANTITY_DECIMALS,
  RATE_DECIMALS,
  VALUE_DECIMALS,
  worth,
} from '@scani/domain';
import { type Day, dayOf, divided, fixedOf, powerOfTen } from '@scani/money';
import type { EntryRow, LinkedRow } from './rollup.evidence.js';

/** What one unit of an asset costs in the base when a day closes. */
export type RateOn = (assetId: string, on: Day) => FixedRate | undefined;

const PRICE_DECIMALS = 36;
const PAID_DIVISOR = powerOfTen(QUANTITY_DECIMALS + PRICE_DECIMALS + RATE_DECIMALS - VALUE_DECIMALS);
const FEE_DIVISOR = powerOfTen(PRICE_DECIMALS + RATE_DECIMALS - VALUE_DECIMALS);
/** Verdicts by which two sides are one move of one's own. */
const PAIRED: ReadonlySet<string | null> = new Set(['paired', 'split']);

const quantityOf = (text: string): bigint => fixedOf(text, QUANTITY_DECIMALS);

/** The rows of the ledger as returns see them. `linked`: all rows of the transfers and actions that they belong to. */
export class RollupEntries {
  private readonly moves: ReadonlyMap<string, Worth>;

  constructor(
    linked: readonly LinkedRow[],
    private readonly rateOn: RateOn,
  ) {
    const paired = linked.filter((row) => row.transfer_group_id !== null && PAIRED.has(row.verdict));
    const acted = linked.filter((row) => row.action_id !== null && moneyRole(row.kind) === 'flow');
    this.moves = new Map([
      ...[...Map.groupBy(paired, (row) => row.transfer_group_id).values()].flatMap((rows) => transferred(rows, rateOn)),
      ...[...Map.groupBy(acted, (row) => row.action_id).values()].flatMap((rows) => exchanged(rows, rateOn)),
    ]);
  }

  /** A purchase or sale counts as what was paid for it, with its fee; a side of a move as what the move was worth. */
  of(row: EntryRow): MoneyEntry {
    const entry: MoneyEntry = { at: row.at.getTime(), kind: row.kind, quantity: quantityOf(row.quantity) };
    const move = this.moves.get(row.id);
    if (move) return { ...entry, ...move };
    if ((row.kind !== 'buy' && row.kind !== 'sell') || row.price === null || row.price_asset_id === null) return entry;
    const on = dayOf(row.at);
    const rate = this.rateOn(row.price_asset_id, on);
    const feeRate = row.fee_asset_id === null ? null : this.rateOn(row.fee_asset_id, on);
    if (rate === undefined || feeRate === undefined) return entry;
    const fee = feeRate === null || row.fee === null ? 0n : fixedOf(row.fee, PRICE_DECIMALS) * feeRate.units;
    const paid = entry.quantity * fixedOf(row.price, PRICE_DECIMALS) * rate.units;
    return {
      ...entry,
      moved: divided(paid + fee * powerOfTen(QUANTITY_DECIMALS), PAID_DIVISOR),
      priced: true,
      cost: divided(fee, FEE_DIVISOR),
    };
  }
}

type Worth = Pick<MoneyEntry, 'moved' | 'cost' | 'perUnit'>;
type Move = [id: string, Worth];

/**
 * Both sides of a move are worth what left: in a scope that holds both they cancel, and what was lost on the way is a
 * cost. Where that has no price, nothing is said, and each side is worth its own closing price.
 */
function transferred(rows: readonly LinkedRow[], rateOn: RateOn): Move[] {
  const sides = rows.map((row) => ({
    id: row.id,
    quantity: quantityOf(row.quantity),
    rate: rateOn(row.asset_id, dayOf(row.at)),
  }));
  const outs = sides.filter((side) => side.quantity < 0n);
  const ins = sides.filter((side) => side.quantity > 0n);
  const left = outs.flatMap(({ id, quantity, rate }) => (rate ? [{ id, quantity, moved: worth(quantity, rate) }] : []));
  if (ins.length === 0 || left.length < outs.length || outs.length === 0) return [];
  const value = -left.reduce((total, one) => total + one.moved, 0n);
  const sent = -left.reduce((total, one) => total + one.quantity, 0n);
  const received = ins.reduce((total, one) => total + one.quantity, 0n);
  const shares = sharesOf(
    value,
    ins.map((side) => side.quantity),
  );
  const lost = received < sent ? value - divided(value * received, sent) : 0n;
  const costs = sharesOf(
    lost,
    ins.map((side) => side.quantity),
  );
  return [
    ...left.map(({ id, moved }): Move => [id, { moved }]),
    ...ins.map(({ id }, index): Move => [id, { moved: shares[index] ?? 0n, cost: costs[index] ?? 0n }]),
  ];
}

/**
 * What a company gives for its shares enters at its worth, and that is what left the shares it was given for. Cash
 * leaves them too: where it went is a row of its own. While what was given has no price, nothing is said of it.
 */
function exchanged(rows: readonly LinkedRow[], rateOn: RateOn): Move[] {
  const [given, others] = [rows.filter(isGiven), rows.filter((row) => !isGiven(row))];
  const entered = given.flatMap((row): { id: string; moved: bigint }[] => {
    const rate = rateOn(row.asset_id, dayOf(row.at));
    return rate ? [{ id: row.id, moved: worth(quantityOf(row.quantity), rate) }] : [];
  });
  if (entered.length < given.length) return [];
  const value = entered.reduce((total, one) => total + one.moved, 0n);
  const weights = others.map((row) => magnitude(quantityOf(row.quantity)));
  const shares = sharesOf(-value, weights.every((weight) => weight === 0n) ? weights.map(() => 1n) : weights);
  return [
    ...entered.map(({ id, moved }): Move => [id, { moved }]),
    ...others.map((row, index): Move => {
      const cash = cashOf(row, rateOn);
      const left = shares[index] ?? 0n;
      if (cash === undefined) return [row.id, { moved: left }];
      // In a merger the cash is for the units that went; capital comes back for those that stay.
      const went = others.filter((one) => one.holding_id === row.holding_id);
      const units = went.reduce((total, one) => total - quantityOf(one.quantity), 0n);
      return [row.id, units === 0n ? { moved: left, perUnit: cash } : { moved: left - worth(units, cash) }];
    }),
  ];
}

/** Of what is owed, new debts are below zero. */
const isGiven = (row: LinkedRow): boolean => quantityOf(row.quantity) * (row.liability ? -1n : 1n) > 0n;
const magnitude = (quantity: bigint): bigint => (quantity < 0n ? -quantity : quantity);

/** What was paid for one unit, in the base. */
function cashOf({ quantity, price, price_asset_id, at }: LinkedRow, rateOn: RateOn): FixedRate | undefined {
  if (quantityOf(quantity) !== 0n || price === null || price_asset_id === null) return undefined;
  const rate = rateOn(price_asset_id, dayOf(at));
  return rate && { units: divided(fixedOf(price, PRICE_DECIMALS) * rate.units, powerOfTen(PRICE_DECIMALS)) };
}

/** Parts of a whole by weight that add up to it exactly. */
function sharesOf(whole: bigint, weights: readonly bigint[]): bigint[] {
  const all = weights.reduce((total, weight) => total + weight, 0n);
  let [weighed, given] = [0n, 0n];
  return weights.map((weight) => {
    weighed += weight;
    const upTo = divided(whole * weighed, all);
    const share = upTo - given;
    given = upTo;
    return share;
  });
}
