import { type Day, DAY_MS, startOf } from '@scani/money';
import { type FixedRate, worth } from '../figure.js';
import type { TransactionKind } from '../transaction-kind.js';
import { moneyRole } from './money-role.js';

/** A transaction as returns see it. Amounts in units of 10^-VALUE_DECIMALS of the base. */
export interface MoneyEntry {
  at: number;
  kind: TransactionKind;
  /** Signed, in units of 10^-QUANTITY_DECIMALS. */
  quantity: bigint;
  /** What it moved, signed like the quantity, with the fee; undefined: what its units are worth when the day closes. */
  moved?: bigint;
  /** Whether `moved` is a price that was paid, so that the money was at work on this day already. */
  priced?: boolean;
  /** The part of `moved` that was lost on the way. */
  cost?: bigint;
  /** Cash that came for each unit held at that moment and is no longer in the holding, in the base. */
  perUnit?: FixedRate;
}

/** What moved on one day, in units of 10^-VALUE_DECIMALS of the base. */
export interface DayMoney {
  day: Day;
  /** Put in (above zero) or taken out, net. */
  flow: bigint;
  /** The part of the flow whose price is known, and which therefore was at work on this day already. */
  priced: bigint;
  income: bigint;
  costs: bigint;
}

/** One holding on consecutive days. Quantities and rates begin with those at the end of the day before the first. */
export interface MoneyDays {
  days: readonly Day[];
  quantities: readonly bigint[];
  rates: readonly (FixedRate | undefined)[];
  entries: readonly MoneyEntry[];
  /** Nothing is taken to be held before the first day, because no records reach back further. */
  fromNothing: boolean;
}

/**
 * Flows, income and costs of one holding per day, in the base; only days on which something moved. What the balance
 * moved by beyond the transactions is a flow too: it is no price movement, whatever it is. Flows without a price are
 * worth what the day closes at. While the asset has no price the holding is outside of all totals; with its first
 * price it comes in as a flow.
 */
export function moneyOfDays({ days, quantities, rates, entries, fromNothing }: MoneyDays): DayMoney[] {
  const start = days[0] === undefined ? 0 : startOf(days[0]).getTime();
  const byDay = Map.groupBy(entries, (entry) => Math.floor((entry.at - start) / DAY_MS));
  const money: DayMoney[] = [];
  for (const [index, day] of days.entries()) {
    const rate = rates[index + 1];
    if (rate === undefined) continue;
    const after = quantities[index + 1] ?? 0n;
    const before = fromNothing && index === 0 ? 0n : (quantities[index] ?? 0n);
    if (rates[index] === undefined) {
      if (after !== 0n) money.push({ ...NOTHING, day, flow: worth(after, rate) });
      continue;
    }
    const happened = byDay.get(index);
    if (happened === undefined && after === before) continue;
    const moved = moneyOfDay(day, { before, after }, happened ?? [], rate);
    if (moved.flow !== 0n || moved.priced !== 0n || moved.income !== 0n || moved.costs !== 0n) money.push(moved);
  }
  return money;
}

const NOTHING = { flow: 0n, priced: 0n, income: 0n, costs: 0n };

function moneyOfDay(
  day: Day,
  { before, after }: { before: bigint; after: bigint },
  entries: readonly MoneyEntry[],
  rate: FixedRate,
): DayMoney {
  let [income, costs, rest] = [0n, 0n, after - before];
  // What was held at a moment is told from the evening: a day may begin without records.
  let held = after - entries.reduce((total, entry) => total + entry.quantity, 0n);
  const known = { ...NOTHING };
  for (const entry of entries) {
    held += entry.quantity;
    if (entry.perUnit) known.flow -= worth(held, entry.perUnit);
    const role = moneyRole(entry.kind);
    if (role === 'flow' && entry.moved === undefined) continue;
    rest -= entry.quantity;
    if (role === 'income') income += entry.quantity;
    else if (role === 'cost') costs -= entry.quantity;
    else if (role === 'flow') {
      known.flow += entry.moved ?? 0n;
      known.costs += entry.cost ?? 0n;
      if (entry.priced) known.priced += entry.moved ?? 0n;
    }
  }
  return {
    day,
    flow: known.flow + worth(rest, rate),
    priced: known.priced,
    income: worth(income, rate),
    costs: known.costs + worth(costs, rate),
  };
}
