import { addDays, type Day, dayOf, daysBetween, daysFrom, Decimal, endOf, sum, ZERO } from '@scani/money';
import { balancesAt, type Evidence } from '../balance-at.js';
import { UNEXPLAINED_LIMIT, VALUE_DECIMALS } from '../constants.js';
import type { TransactionKind } from '../transaction-kind.js';
import { moneyRole } from './money-role.js';

/** A transaction as returns see it. */
export interface MoneyEntry {
  at: number;
  kind: TransactionKind;
  quantity: Decimal;
  /** What was paid for all of it in the base, signed like the quantity, with the fee; undefined where no price is known. */
  paid?: Decimal;
  /** The fee that is within `paid`, in the base. */
  fee?: Decimal;
}

/** What moved on one day, in the base. */
export interface DayMoney {
  day: Day;
  /** Put in (above zero) or taken out, net. */
  flow: Decimal;
  /** The part of the flow whose price is known, and which therefore was at work on this day already. */
  priced: Decimal;
  income: Decimal;
  costs: Decimal;
}

export interface HoldingMoney {
  evidence: Evidence;
  entries: readonly MoneyEntry[];
}

export interface Span {
  /** The day at whose end the span begins. */
  from: Day;
  to: Day;
  /** Nothing is taken to be held at the end of `from`, because no records reach back to it. */
  fromNothing: boolean;
  /** The instant from which it is looked at, ms; a day that is not over ends at it. */
  now: number;
}

/**
 * Flows, income and costs of one holding per day, in the base; only days on which something moved. What the balance
 * moved by beyond the transactions is a flow too: it is no price movement, whatever it is. Flows without a price are
 * worth what the day closes at. While the asset has no price the holding is outside of all totals; with its first
 * price it comes in as a flow.
 */
export function moneyOfDays(
  { evidence, entries }: HoldingMoney,
  span: Span,
  rateOn: (day: Day) => Decimal | undefined,
): DayMoney[] {
  const first = firstPriced(span, rateOn);
  if (first === undefined) return [];
  const enters = first > span.from;
  const start = span.fromNothing || enters ? (enters ? first : addDays(span.from, 1)) : undefined;
  const days = activeDays(evidence, entries, span).filter((day) => day >= first);
  const active = [...new Set(start === undefined ? days : [start, ...days])].sort();
  const closing = (day: Day): number => Math.min(endOf(day).getTime(), span.now);
  const instants = [...new Set(active.flatMap((day) => [closing(addDays(day, -1)), closing(day)]))].sort(
    (one, other) => one - other,
  );
  const balances = new Map(balancesAt(evidence, instants).map((one, index) => [instants[index], one.quantity]));
  const byDay = Map.groupBy(entries, (entry) => dayOf(new Date(entry.at)));
  return active.flatMap((day) => {
    const rate = rateOn(day);
    if (rate === undefined) return [];
    const after = balances.get(closing(day)) ?? ZERO;
    if (day === start && enters) return [comesIn(day, rounded(after.times(rate)))];
    const before = day === start ? ZERO : (balances.get(closing(addDays(day, -1))) ?? ZERO);
    return [moneyOfDay(day, after.minus(before), byDay.get(day) ?? [], rate)];
  });
}

/** The money of several holdings together: what moves between two of them is no flow of both. */
export function mergedMoney(parts: Iterable<DayMoney>): DayMoney[] {
  const days = new Map<Day, DayMoney>();
  for (const part of parts) {
    const known = days.get(part.day);
    days.set(
      part.day,
      known
        ? {
            day: part.day,
            flow: known.flow.plus(part.flow),
            priced: known.priced.plus(part.priced),
            income: known.income.plus(part.income),
            costs: known.costs.plus(part.costs),
          }
        : part,
    );
  }
  return [...days.values()].sort((one, other) => (one.day < other.day ? -1 : 1));
}

function moneyOfDay(day: Day, moved: Decimal, entries: readonly MoneyEntry[], rate: Decimal): DayMoney {
  const total = (which: (entry: MoneyEntry) => boolean): Decimal =>
    sum(entries.filter(which).map((entry) => entry.quantity));
  const income = total((entry) => moneyRole(entry.kind) === 'income');
  const costs = total((entry) => moneyRole(entry.kind) === 'cost');
  const known = entries.filter((entry) => moneyRole(entry.kind) === 'flow' && entry.paid !== undefined);
  const priced = sum(known.map((entry) => rounded(entry.paid as Decimal)));
  const rest = moved
    .minus(income)
    .minus(costs)
    .minus(total((entry) => moneyRole(entry.kind) === 'none'))
    .minus(sum(known.map((entry) => entry.quantity)));
  return {
    day,
    flow: priced.plus(rounded(rest.times(rate))),
    priced,
    income: rounded(income.times(rate)),
    costs: sum([rounded(costs.neg().times(rate)), ...known.map((entry) => rounded(entry.fee ?? ZERO))]),
  };
}

const comesIn = (day: Day, flow: Decimal): DayMoney => ({ day, flow, priced: ZERO, income: ZERO, costs: ZERO });

const rounded = (value: Decimal): Decimal => value.toDecimalPlaces(VALUE_DECIMALS, Decimal.ROUND_HALF_EVEN);

/** The first day with a price, by bisection: what was priced once stays priced, if only with an old price. */
function firstPriced(span: Span, rateOn: (day: Day) => Decimal | undefined): Day | undefined {
  if (rateOn(span.to) === undefined) return undefined;
  let low = 0;
  let high = daysBetween(span.from, span.to);
  while (low < high) {
    const middle = (low + high) >> 1;
    if (rateOn(addDays(span.from, middle)) === undefined) low = middle + 1;
    else high = middle;
  }
  return addDays(span.from, low);
}

/** Days of the span with a transaction, a balance seen, or between two of those that no transaction explains. */
function activeDays({ movements, sightings }: Evidence, entries: readonly MoneyEntry[], span: Span): Day[] {
  const days = new Set<Day>(entries.map((entry) => dayOf(new Date(entry.at))));
  for (const movement of movements) days.add(dayOf(new Date(movement.at)));
  let index = 0;
  for (const [position, sighting] of sightings.entries()) {
    days.add(dayOf(new Date(sighting.at)));
    let moved = ZERO;
    const before = sightings[position - 1];
    for (; index < movements.length && (movements[index]?.at ?? 0) <= sighting.at; index += 1)
      moved = moved.plus(movements[index]?.quantity ?? 0);
    if (!before || sighting.balance.minus(before.balance).minus(moved).abs().lte(UNEXPLAINED_LIMIT)) continue;
    const start = dayOf(new Date(before.at));
    for (const day of daysFrom(start > span.from ? start : span.from, dayOf(new Date(Math.min(sighting.at, span.now)))))
      days.add(day);
  }
  return [...days].filter((day) => day > span.from && day <= span.to);
}
