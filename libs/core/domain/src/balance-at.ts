import { Decimal, decimalText, divided, fixedDecimal, fixedOf, sum, ZERO } from '@scani/money';
import { QUANTITY_DECIMALS, UNEXPLAINED_LIMIT } from './constants.js';

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
  const first = evidence.sightings.findLast((one) => one.at === evidence.sightings[0]?.at);
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

/** Balances at ascending instants, in columns: inner loops go over years of days. */
export interface BalanceColumns {
  /** Units of 10^-QUANTITY_DECIMALS. */
  quantities: bigint[];
  beforeRecords: boolean[];
  drifting: boolean[];
}

/**
 * Balances at ascending instants, in one walk over the evidence. The anchor is the nearest sighting at or after the
 * instant, else the current balance; what lies between is walked back. Drift between two sightings that no
 * transaction explains is spread linearly over the time between them, to the last decimal half to even.
 */
export function balanceColumns(evidence: Evidence, instants: readonly number[]): BalanceColumns {
  const walk = new Walk(evidence);
  const columns: BalanceColumns = { quantities: [], beforeRecords: [], drifting: [] };
  for (const instant of instants) {
    const { quantity, drifting } = walk.at(instant);
    columns.quantities.push(evidence.liability || quantity > 0n ? quantity : 0n);
    columns.beforeRecords.push(walk.start === undefined || instant < walk.start);
    columns.drifting.push(drifting);
  }
  return columns;
}

/** The same, an object for each instant. */
export function balancesAt(evidence: Evidence, instants: readonly number[]): Balance[] {
  const { quantities, beforeRecords, drifting } = balanceColumns(evidence, instants);
  return quantities.map((quantity, index) => ({
    quantity: fixedDecimal(quantity, QUANTITY_DECIMALS),
    beforeRecords: beforeRecords[index] ?? false,
    drifting: drifting[index] ?? false,
  }));
}

/** The balance at one instant; see balanceColumns. */
export function balanceAt(evidence: Evidence, instant: number): Balance {
  return balancesAt(evidence, [instant])[0] as Balance;
}

interface Anchor {
  at: number;
  balance: bigint;
  /** Running total of the movements up to this instant. */
  total: bigint;
}

const UNEXPLAINED = fixedOf(decimalText(UNEXPLAINED_LIMIT), QUANTITY_DECIMALS);
const unitsOf = (quantity: Decimal): bigint => fixedOf(decimalText(quantity), QUANTITY_DECIMALS);

/**
 * The part of a drift between two sightings that is still to come at an instant: it is spread linearly over the time
 * between them, to the last decimal half to even. Undefined where there is none to speak of, or none left.
 */
function stillToCome(drift: bigint, from: number, to: number, instant: number): bigint | undefined {
  if ((drift <= UNEXPLAINED && drift >= -UNEXPLAINED) || to === instant) return undefined;
  return divided(drift * BigInt(to - instant), BigInt(to - from));
}

/** The same in decimals; see stillToCome. */
export function driftToCome(drift: Decimal, from: number, to: number, instant: number): Decimal | undefined {
  const left = stillToCome(unitsOf(drift), from, to, instant);
  return left === undefined ? undefined : fixedDecimal(left, QUANTITY_DECIMALS);
}

/** Goes forward in time over one holding's evidence. */
class Walk {
  readonly start: number | undefined;
  private readonly quantities: bigint[];
  private readonly anchors: Anchor[];
  private readonly current: bigint;
  private movement = 0;
  private anchor = 0;
  private soFar = 0n;

  constructor(private readonly evidence: Evidence) {
    this.start = firstEvidenceAt(evidence);
    this.quantities = evidence.movements.map((movement) => unitsOf(movement.quantity));
    this.anchors = this.anchorsOf();
    const last = this.anchors.at(-1);
    // What to add to a running total once no sighting lies ahead.
    this.current = last === undefined ? 0n : last.balance - last.total;
  }

  at(instant: number): { quantity: bigint; drifting: boolean } {
    const { movements } = this.evidence;
    while (this.movement < movements.length && (movements[this.movement]?.at ?? 0) <= instant) {
      this.soFar += this.quantities[this.movement] ?? 0n;
      this.movement += 1;
    }
    while (this.anchor < this.anchors.length && (this.anchors[this.anchor]?.at ?? 0) < instant) this.anchor += 1;
    const next = this.anchors[this.anchor];
    if (next === undefined) return { quantity: this.current + this.soFar, drifting: false };
    const explained = next.balance - (next.total - this.soFar);
    const before = this.anchors[this.anchor - 1];
    const drift = before === undefined ? 0n : next.balance - (before.balance + next.total - before.total);
    const left = before && stillToCome(drift, before.at, next.at, instant);
    return { quantity: explained - (left ?? 0n), drifting: left !== undefined };
  }

  /** Of several sightings at one instant the last one holds. */
  private anchorsOf(): Anchor[] {
    const anchors: Anchor[] = [];
    let movement = 0;
    let total = 0n;
    for (const { at, balance } of this.evidence.sightings) {
      while (movement < this.quantities.length && (this.evidence.movements[movement]?.at ?? 0) <= at) {
        total += this.quantities[movement] ?? 0n;
        movement += 1;
      }
      if (anchors.at(-1)?.at === at) anchors.pop();
      anchors.push({ at, balance: unitsOf(balance), total });
    }
    return anchors;
  }
}
