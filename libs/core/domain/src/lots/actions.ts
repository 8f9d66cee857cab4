import { divided, powerOfTen } from '@scani/money';
import { COST_DECIMALS } from '../constants.js';
import { addTo, type Book, takeFrom } from './books.js';
import { type LotAction, type LotMovement, worth } from './movement.js';
import {
  type Departure,
  departureOf,
  type Disposal,
  disposal,
  less,
  lotOf,
  type LotUse,
  type OpenLot,
  quantityOf,
} from './pieces.js';
import { Pool } from './pool.js';
import type { PlacedLot } from './lot-queue.js';

/** What an action makes of the lots, and what of it is a gain. */
export interface Acted {
  disposals: Disposal[];
  departures: Departure[];
}

/** One corporate action of one account: its rows, each with its book. */
export interface Act {
  action: LotAction | undefined;
  rows: { movement: LotMovement; book: Book; units: bigint }[];
  /** Units that the account holds of what a book pools over several. */
  heldBy(holdingId: string): bigint;
}

const WHOLE = powerOfTen(COST_DECIMALS);
/** Differences up to this are rounding: 10^-12 units. */
const ROUNDING = powerOfTen(12);

/**
 * A split multiplies units; a merger or a new symbol turns units of one holding into units of another; a spin-off gives
 * a part of each lot's cost to a lot of the child; cash takes its part of the cost; a return of capital lowers it. Cost
 * that is not used stays, to the last unit, and lots keep the day of their acquisition.
 */
export function act({ action, rows, heldBy }: Act): Acted {
  const acted: Acted = { disposals: [], departures: [] };
  const kind = action?.kind ?? rows[0]?.movement.kind;
  if (kind === 'split') for (const row of rows) split(row, action?.ratio, acted);
  else if (kind === 'return-of-capital') for (const row of rows) returnCapital(row, heldBy, acted);
  else if (kind === 'spin-off') spinOff(rows, action, heldBy, acted);
  else exchange(rows, action, heldBy, acted);
  return acted;
}

type Row = Act['rows'][number];

function split({ movement, book, units }: Row, ratio: LotAction['ratio'], acted: Acted): void {
  // A pool over several accounts is split account by account.
  if (book.lots instanceof Pool && book.method === 'section-104') return book.lots.grow(units);
  let rest = 0n;
  book.lots.rework((lots) => {
    const scaled = scale(lots, ratio, quantityOf(lots) + units);
    rest = scaled.rest;
    return scaled.lots;
  });
  settleRest(book, movement, rest, acted);
}

/** More than the lots say came from nobody knows where; fewer left without a gain. */
function settleRest(book: Book, movement: LotMovement, rest: bigint, acted: Acted): void {
  const { id, at } = movement;
  if (rest > 0n) addTo(book, { acquiredAt: at, acquisitionId: id, quantity: rest, cost: null }, at);
  if (rest < 0n) {
    const step = { ...movement, effect: 'leave' as const, quantity: -rest, money: 0n };
    acted.departures.push(departureOf(step, takeFrom(book, -rest)));
  }
}

/** Units by the ratio, to 24 decimals; the last lot takes what rounding leaves. `rest`: what is no rounding. */
function scale<L extends OpenLot>(
  lots: readonly L[],
  ratio: LotAction['ratio'],
  target: bigint,
): { lots: L[]; rest: bigint } {
  const by = ratio ?? { new: target, old: quantityOf(lots) };
  if (lots.length === 0 || by.old === 0n) return { lots: [...lots], rest: target - quantityOf(lots) };
  const scaled = lots.map((lot) => ({ ...lot, quantity: divided(lot.quantity * by.new, by.old) }));
  const rest = target - quantityOf(scaled);
  const last = scaled.at(-1) as L;
  const isRounding = (rest < 0n ? -rest : rest) <= ROUNDING && last.quantity + rest > 0n;
  if (isRounding) last.quantity += rest;
  return { lots: withoutDust(scaled), rest: isRounding ? 0n : rest };
}

/** A lot of which rounding left no unit gives its cost to the next that has some. */
function withoutDust<L extends OpenLot>(lots: readonly L[]): L[] {
  const kept: L[] = [];
  let cost: bigint | null = 0n;
  for (const lot of lots.toReversed()) {
    if (lot.quantity > 0n) {
      kept.unshift({ ...lot, cost: cost === null || lot.cost === null ? null : lot.cost + cost });
      cost = 0n;
    } else cost = cost === null || lot.cost === null ? null : cost + lot.cost;
  }
  const [first] = kept;
  if (first && cost !== 0n) first.cost = cost === null || first.cost === null ? null : first.cost + cost;
  return kept;
}

/** The part of a book that one account holds: all of it, unless several share it. */
function portionOf({ holdingIds }: Book, lots: readonly OpenLot[], held: bigint): (units: bigint) => bigint {
  const all = quantityOf(lots);
  return (units) => (holdingIds.length === 1 || held >= all ? units : divided(units * held, all));
}

function spinOff(rows: readonly Row[], action: LotAction | undefined, heldBy: Act['heldBy'], acted: Acted): void {
  const parent = rows.find(({ movement }) => movement.quantity === 0n);
  const children = rows.filter(({ units }) => units > 0n);
  for (const child of children) {
    if (!parent || children.length > 1) {
      settleRest(child.book, child.movement, child.units, acted);
      continue;
    }
    const spun: OpenLot[] = [];
    const held = heldBy(parent.movement.holdingId);
    parent.book.lots.rework((lots) => {
      const portion = portionOf(parent.book, lots, held);
      return lots.map((lot) => {
        const quantity = portion(lot.quantity);
        const cost = costPart(portionOfCost(lot.cost, quantity, lot.quantity), action?.costShare);
        spun.push({ ...lot, quantity, cost });
        return { ...lot, cost: less(lot.cost, cost) };
      });
    });
    receive(child, spun, action, acted);
  }
}

const portionOfCost = (cost: bigint | null, part: bigint, whole: bigint): bigint | null =>
  cost === null || part === whole ? cost : divided(cost * part, whole);

const costPart = (cost: bigint | null, share: bigint | undefined): bigint | null =>
  cost === null || share === undefined ? null : divided(cost * share, WHOLE);

/** A merger, with cash or without, or a new symbol. */
function exchange(rows: readonly Row[], action: LotAction | undefined, heldBy: Act['heldBy'], acted: Acted): void {
  for (const row of rows) if (row.movement.quantity === 0n) payCash(row, action, heldBy, acted);
  const carried: OpenLot[] = [];
  for (const { book, units } of rows) if (units < 0n) carried.push(...takeFrom(book, -units).map(lotOf));
  const into = rows.filter(({ units }) => units > 0n);
  const [only] = into;
  if (only && into.length === 1) receive(only, carried, action, acted);
  else for (const row of into) settleRest(row.book, row.movement, row.units, acted);
}

function receive(
  { book, movement, units }: Row,
  lots: readonly OpenLot[],
  action: LotAction | undefined,
  acted: Acted,
): void {
  const scaled = scale(lots, action?.ratio, units);
  for (const lot of scaled.lots) addTo(book, lot, movement.at);
  settleRest(book, movement, scaled.rest, acted);
}

/** Cash for a part of what the units had cost: the units stay, until they become others. */
function payCash({ movement, book }: Row, action: LotAction | undefined, heldBy: Act['heldBy'], acted: Acted): void {
  useCost(movement, book, heldBy, acted, (lot) => costPart(lot.cost, action?.costShare));
}

/** Lowers the cost of the lots; what exceeds a lot's cost is a gain (IRS Publication 550, nondividend distributions). */
function returnCapital({ movement, book }: Row, heldBy: Act['heldBy'], acted: Acted): void {
  if (book.short) return;
  useCost(movement, book, heldBy, acted, (lot, paid) =>
    lot.cost === null || paid === null ? null : paid < lot.cost ? paid : lot.cost,
  );
}

function useCost(
  movement: LotMovement,
  book: Book,
  heldBy: Act['heldBy'],
  acted: Acted,
  usedOf: (lot: OpenLot, paid: bigint | null) => bigint | null,
): void {
  const uses: LotUse[] = [];
  const held = heldBy(movement.holdingId);
  book.lots.rework((lots) => {
    const portion = portionOf(book, lots, held);
    return lots.map((lot): PlacedLot => {
      const quantity = portion(lot.quantity);
      if (quantity === 0n) return lot;
      const part = { ...lot, quantity, cost: portionOfCost(lot.cost, quantity, lot.quantity) };
      const paid = movement.unitPrice === undefined ? null : worth(quantity, movement.unitPrice);
      const cost = usedOf(part, paid);
      const { acquiredAt, acquisitionId } = lot;
      const of = { quantity, cost };
      uses.push({
        acquiredAt,
        acquisitionId,
        quantity,
        cost,
        rule: 'kept',
        of,
        proceeds: paid,
        gain: less(paid, cost),
      });
      return { ...lot, cost: less(lot.cost, cost) };
    });
  });
  const { id, holdingId, at, kind } = movement;
  if (uses.length > 0)
    acted.disposals.push(disposal({ id, holdingId, at, kind, quantity: quantityOf(uses) }, false, uses));
}
