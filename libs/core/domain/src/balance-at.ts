import { Decimal, sum, ZERO } from '@scani/money';
import { UNEXPLAINED_LIMIT } from './constants.js';

/** A change of a holding at an instant (ms since the epoch), signed. */
export interface Movement {
  at: number;
  quantity: Decimal;
  /** The synthetic row that makes the rest add up; it is no evidence of its own. */
  opening?: boolean;
}

/** "At this instant the balance was so much." */
export interface Sighting {
  at: number;
  balance: Decimal;
}

/** What is known of one holding. Both lists ascend in time; among equal times the last sighting wins. */
export interface Evidence {
  movements: readonly Movement[];
  sightings: readonly Sighting[];
  /** Liabilities go below zero; assets do not. */
  liability: boolean;
}

export interface Balance {
  quantity: Decimal;
  /** Earlier than anything that was recorded. */
  beforeRecords: boolean;
  /** A part of the way to the next sighting is explained by no transaction. */
  drifting: boolean;
}

/** The last sighting with all that happened since; without sightings the sum of what happened. */
export function currentBalance(evidence: Evidence): Decimal {
  const last = evidence.sightings.at(-1);
  const since = evidence.movements.filter((movement) => !last || movement.at > last.at);
  return sum([last?.balance ?? ZERO, ...since.map((movement) => movement.quantity)]);
}

/** The instant of the first real evidence, or undefined when there is none. */
export function firstEvidenceAt(evidence: Evidence): number | undefined {
  const times = [evidence.movements.find((movement) => !movement.opening)?.at, evidence.sightings[0]?.at].filter(
    (time) => time !== undefined,
  );
  return times.length === 0 ? undefined : Math.min(...times);
}

/** The sums over the evidence of a holding that settle it; large ledgers let the database add them up. */
export interface Settlement {
  first: Sighting | undefined;
  last: Sighting | undefined;
  /** Instant of the first real evidence. */
  start: number | undefined;
  /** Sum of the movements up to the first sighting, or of all without one; never with the opening row. */
  explained: Decimal;
  /** Sum of the movements after the last sighting. */
  since: Decimal;
  liability: boolean;
}

export function settlementOf(evidence: Evidence): Settlement {
  const first = evidence.sightings[0];
  const last = evidence.sightings.at(-1);
  const real = evidence.movements.filter((movement) => !movement.opening);
  const total = (movements: readonly Movement[]): Decimal => sum(movements.map((movement) => movement.quantity));
  return {
    first,
    last,
    start: firstEvidenceAt(evidence),
    explained: total(real.filter((movement) => !first || movement.at <= first.at)),
    since: total(real.filter((movement) => last && movement.at > last.at)),
    liability: evidence.liability,
  };
}

/**
 * The opening balance that explains the rest: what the earliest sighting shows beyond the transactions up to it.
 * Undefined where nothing is missing (up to 1e-12) or where inflows are missing instead (a negative gap of an asset).
 */
export function openingBalance({ first, start, explained, liability }: Settlement): {
  opening: Movement | undefined;
  missingInflows: boolean;
} {
  if (first === undefined || start === undefined) return { opening: undefined, missingInflows: false };
  const gap = first.balance.minus(explained);
  if (gap.abs().lte(UNEXPLAINED_LIMIT)) return { opening: undefined, missingInflows: false };
  if (gap.isNegative() && !liability) return { opening: undefined, missingInflows: true };
  return { opening: { at: start - 1, quantity: gap, opening: true }, missingInflows: false };
}

/** The balance after all that is known; assets do not go below zero. */
export function settledBalance({ last, explained, since, liability }: Settlement): Decimal {
  const balance = last === undefined ? explained : last.balance.plus(since);
  return liability ? balance : Decimal.max(balance, ZERO);
}

/**
 * Balances at ascending instants, in one walk over the evidence. The anchor is the nearest sighting at or after the
 * instant, else the current balance; what lies between is walked back. Drift between two sightings that no
 * transaction explains is spread linearly over the time between them.
 */
export function balancesAt(evidence: Evidence, instants: readonly number[]): Balance[] {
  const { movements, sightings } = evidence;
  const start = firstEvidenceAt(evidence);
  const totals = runningTotals(movements);
  const current = currentBalance(evidence);
  const last = sightings.at(-1);
  let movement = 0;
  let sighting = 0;
  return instants.map((instant) => {
    while (movement < movements.length && (movements[movement]?.at ?? 0) <= instant) movement += 1;
    while (sighting < sightings.length && (sightings[sighting]?.at ?? 0) < instant) sighting += 1;
    // Of several sightings at one instant the last one holds.
    const next = lastAtSameTime(sightings, sighting);
    const before = sightings[sighting - 1];
    const soFar = totals[movement] ?? ZERO;
    let quantity: Decimal;
    let drifting = false;
    if (next === undefined) {
      quantity = current.minus(lastOf(totals)).plus(soFar);
      if (last !== undefined && instant < last.at) throw new Error('sightings must ascend');
    } else {
      const toNext = totalUpTo(movements, totals, next.at).minus(soFar);
      quantity = next.balance.minus(toNext);
      if (before !== undefined) {
        const explained = before.balance
          .plus(totalUpTo(movements, totals, next.at))
          .minus(totalUpTo(movements, totals, before.at));
        const drift = next.balance.minus(explained);
        drifting = drift.abs().gt(UNEXPLAINED_LIMIT) && next.at !== instant;
        if (drifting) quantity = quantity.minus(drift.times(next.at - instant).div(next.at - before.at));
      }
    }
    return {
      quantity: evidence.liability ? quantity : Decimal.max(quantity, ZERO),
      beforeRecords: start === undefined || instant < start,
      drifting,
    };
  });
}

/** The balance at one instant; see balancesAt. */
export function balanceAt(evidence: Evidence, instant: number): Balance {
  return balancesAt(evidence, [instant])[0] as Balance;
}

function runningTotals(movements: readonly Movement[]): Decimal[] {
  const totals = [ZERO as Decimal];
  for (const movement of movements) totals.push(lastOf(totals).plus(movement.quantity));
  return totals;
}

const lastOf = (totals: readonly Decimal[]): Decimal => totals.at(-1) ?? ZERO;

/** The running total after everything up to and including the instant, by bisection. */
function totalUpTo(movements: readonly Movement[], totals: readonly Decimal[], instant: number): Decimal {
  let low = 0;
  let high = movements.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((movements[middle]?.at ?? 0) <= instant) low = middle + 1;
    else high = middle;
  }
  return totals[low] ?? ZERO;
}

function lastAtSameTime(sightings: readonly Sighting[], from: number): Sighting | undefined {
  const first = sightings[from];
  if (first === undefined) return undefined;
  let index = from;
  while (sightings[index + 1]?.at === first.at) index += 1;
  return sightings[index];
}
