import { act } from './actions.js';
import { addTo, type Book, booksOf, takeFrom } from './books.js';
import {
  compare,
  compareSteps,
  isComing,
  type LotAction,
  type LotChoice,
  type LotHolding,
  type LotMovement,
  type Step,
  stepOf,
} from './movement.js';
import { type Departure, departureOf, type Disposal, disposalOf, lotOf, type OpenLot, type Piece } from './pieces.js';
import { Pool } from './pool.js';
import { matchByDay } from './section-104.js';
import { Splits } from './splits.js';
import { startOfLondonDay, londonDay } from './london-day.js';
import { type Transfer, transfersOf } from './transfers.js';
import { CORPORATE_ACTIONS, type CorporateActionKind } from '../transaction-kind.js';

/** Holdings that share lots, with all that happened to them. */
export interface LotSet {
  holdings: readonly LotHolding[];
  movements: readonly LotMovement[];
  actions?: readonly LotAction[];
  choices?: readonly LotChoice[];
}

/** What a walk finds out. */
export interface Walked {
  disposals: Disposal[];
  /** What went without a gain. */
  departures: Departure[];
  /** What went to another holding, with its lots. */
  moves: Departure[];
  books: Book[];
}

/** Something that happens to the lots at an instant. */
type Event = { at: number; row?: LotMovement } & (
  | { what: 'act'; action: LotAction | undefined; rows: LotMovement[] }
  | { what: 'grow'; book: Book; units: bigint }
  | { what: 'pour'; book: Book; lots: OpenLot[] }
  | { what: 'step'; step: Step; book: Book; transfer: Transfer | undefined; matched: Piece[] }
);

const ACTIONS: ReadonlySet<string> = new Set(CORPORATE_ACTIONS);
const NOTHING: ReadonlyMap<string, bigint> = new Map();

/** Walks through time once, over all holdings of a set. The order of the rows makes no difference. */
export function walk(set: LotSet): Walked {
  const bookOf = booksOf(set.holdings);
  const inTime = set.movements.toSorted(
    (one, other) =>
      one.at - other.at ||
      compare(one.quantity, other.quantity) ||
      compare(one.holdingId, other.holdingId) ||
      compare(one.id, other.id),
  );
  const { movements, transferOf } = transfersOf(inTime, bookOf);
  const walked: Walked = { disposals: [], departures: [], moves: [], books: [...new Set(bookOf.values())] };
  const events = [
    ...actionsOf(movements, set.actions ?? []),
    ...stepsOf(movements, bookOf, transferOf, splitsOf(set, inTime)),
  ].sort(compareEvents);
  const held = heldIn(walked.books, inTime);
  const choices = chosenBy(set.choices ?? []);
  for (let start = 0; start < events.length;) {
    let end = start + 1;
    while (events[end]?.at === events[start]?.at) end += 1;
    for (const event of untangled(events, start, end)) apply(event, bookOf, choices, held, walked);
    start = end;
  }
  return walked;
}

function apply(
  event: Event,
  bookOf: ReadonlyMap<string, Book>,
  choices: ReadonlyMap<string, ReadonlyMap<string, bigint>>,
  held: (holdingId: string, at: number) => bigint,
  walked: Walked,
): void {
  if (event.what === 'grow') {
    if (event.book.lots instanceof Pool) event.book.lots.grow(event.units);
  } else if (event.what === 'pour') for (const lot of event.lots) addTo(event.book, lot, event.at);
  else if (event.what === 'act') {
    const rows = event.rows.flatMap((movement) => {
      const book = bookOf.get(movement.holdingId);
      // What is owed is counted below zero, its lots are not.
      return book ? [{ movement, book, units: book.short ? -movement.quantity : movement.quantity }] : [];
    });
    const acted = act({ action: event.action, rows, heldBy: (id) => held(id, event.at) });
    walked.disposals.push(...acted.disposals);
    walked.departures.push(...acted.departures);
  } else applyStep(event, choices.get(event.step.id) ?? NOTHING, walked);
}

function applyStep(
  { step, book, transfer, matched }: Extract<Event, { what: 'step' }>,
  chosen: ReadonlyMap<string, bigint>,
  walked: Walked,
): void {
  if (isComing(step)) {
    const rest = transfer ? receive(step, book, transfer, walked) : step.quantity;
    const cost = transfer ? null : step.money;
    addTo(book, { acquiredAt: step.at, acquisitionId: step.id, quantity: rest, cost }, step.at);
    return;
  }
  const left = matched.reduce((rest, piece) => rest - piece.quantity, step.quantity);
  const pieces = [...matched, ...takeFrom(book, left, book.method === 'specific' ? chosen : undefined)];
  if (transfer) {
    transfer.send(pieces);
    walked.moves.push(departureOf(step, pieces));
  } else if (step.effect === 'dispose') walked.disposals.push(disposalOf(step, pieces, book.short));
  else walked.departures.push(departureOf(step, pieces));
}

/** Puts what arrived into the book; returns what came on top of what was sent, whose cost nobody knows. */
function receive(step: Step, book: Book, transfer: Transfer, walked: Walked): bigint {
  const { arrived, lost } = transfer.receive(step.quantity);
  const at = Math.max(step.at, transfer.leftAt);
  for (const piece of arrived) addTo(book, lotOf(piece), at);
  const { id, holdingId, at: sentAt, kind } = transfer.lastSend;
  if (lost.length > 0)
    walked.departures.push(
      departureOf({ id, holdingId, at: sentAt, kind, effect: 'leave', quantity: 0n, money: 0n }, lost),
    );
  return arrived.reduce((rest, piece) => rest - piece.quantity, step.quantity);
}

function actionsOf(movements: readonly LotMovement[], actions: readonly LotAction[]): Event[] {
  const known = new Map(actions.map((action) => [action.id, action]));
  const rowsOf = Map.groupBy(
    movements.filter(({ kind }) => ACTIONS.has(kind)),
    ({ id, actionId }) => actionId ?? id,
  );
  return [...rowsOf].flatMap(([id, rows]): Event[] => {
    const [row] = rows;
    return row ? [{ what: 'act', at: row.at, row, action: known.get(id), rows }] : [];
  });
}

function stepsOf(
  movements: readonly LotMovement[],
  bookOf: ReadonlyMap<string, Book>,
  transferOf: ReadonlyMap<string, Transfer>,
  splits: (book: Book) => Splits,
): Event[] {
  const events: Event[] = [];
  const pooled = new Map<Book, Step[]>();
  for (const movement of movements) {
    const book = bookOf.get(movement.holdingId);
    const step = book && !ACTIONS.has(movement.kind) ? stepOf(movement, book.short) : undefined;
    if (!book || !step) continue;
    const transfer = transferOf.get(movement.id);
    const event = { what: 'step', at: step.at, row: movement, step, book, transfer, matched: [] } satisfies Event;
    const isPooled = book.lots instanceof Pool && book.method === 'section-104';
    if (isPooled) {
      const steps = pooled.get(book) ?? [];
      steps.push(step);
      pooled.set(book, steps);
    }
    if (transfer && isComing(step)) event.at = Math.max(step.at, transfer.leftAt);
    // By section 104 what came on a day came before what went on it.
    else if (isPooled && isComing(step)) event.at = startOfLondonDay(londonDay(step.at));
    if (!(isPooled && step.effect === 'acquire')) events.push(event);
  }
  for (const [book, steps] of pooled) events.push(...byDay(book, steps.toSorted(inOrder), splits(book), events));
  return events;
}

const inOrder = (one: Step, other: Step): number =>
  one.at - other.at || compareSteps(one, other) || compare(one.id, other.id);

/** What section 104 matches by days beforehand: disposals get their pieces, the pool gets what is left. */
function byDay(book: Book, steps: readonly Step[], splits: Splits, events: Event[]): Event[] {
  const { piecesOf, pours, growths } = matchByDay(steps, splits);
  for (const event of events)
    if (event.what === 'step' && event.book === book) event.matched = piecesOf.get(event.step.id) ?? [];
  return [
    ...pours.map(({ at, lots }): Event => ({ what: 'pour', at, book, lots })),
    ...growths.map(({ at, units }): Event => ({ what: 'grow', at, book, units })),
  ];
}

function splitsOf({ actions }: LotSet, movements: readonly LotMovement[]): (book: Book) => Splits {
  const ratios = new Map(
    (actions ?? []).flatMap(({ id, kind, ratio }) => (kind === 'split' && ratio ? [[id, ratio] as const] : [])),
  );
  const recorded = movements.flatMap(({ actionId, holdingId, at }) => {
    const ratio = actionId === undefined ? undefined : ratios.get(actionId);
    return ratio ? [{ holdingId, at, ratio }] : [];
  });
  return ({ holdingIds }) => new Splits(recorded.filter(({ holdingId }) => holdingIds.includes(holdingId)));
}

const ACTION_ORDER = new Map(
  (['split', 'symbol-change', 'merger', 'spin-off', 'return-of-capital'] satisfies CorporateActionKind[]).map(
    (kind, index) => [kind, index],
  ),
);
const rankOf = (event: Event): number => {
  if (event.what === 'act')
    return ACTION_ORDER.get((event.action?.kind ?? event.row?.kind) as CorporateActionKind) ?? 0;
  if (event.what === 'grow') return 10;
  return event.what === 'pour' || isComing(event.step) ? 11 : 12;
};

/** Actions first, then what came, then what went; among equals by what they are, by their rows' names last of all. */
function compareEvents(one: Event, other: Event): number {
  return (
    one.at - other.at ||
    rankOf(one) - rankOf(other) ||
    (one.what === 'step' && other.what === 'step' ? compareSteps(one.step, other.step) : 0) ||
    compare(one.row?.holdingId ?? '', other.row?.holdingId ?? '') ||
    compare(one.row?.transferId ?? '', other.row?.transferId ?? '') ||
    compare(one.row?.id ?? '', other.row?.id ?? '')
  );
}

/**
 * What happened at one instant, so that a move arrives after it left, and what arrives is there before more leaves. In
 * a circle of moves the first by order goes first.
 */
function* untangled(events: readonly Event[], start: number, end: number): Generator<Event> {
  const left = events.slice(start, end);
  if (!left.some((event) => event.what === 'step' && event.transfer)) return yield* left;
  while (left.length > 0) {
    const ready = left.findIndex((event) => isReady(event, left));
    const going = left.findIndex((event) => event.what !== 'step' || !isComing(event.step));
    const [next] = left.splice(ready >= 0 ? ready : Math.max(going, 0), 1);
    if (next) yield next;
  }
}

function isReady(event: Event, left: readonly Event[]): boolean {
  if (event.what !== 'step') return true;
  if (isComing(event.step)) return event.transfer === undefined || event.transfer.hasLeft;
  return !left.some((other) => other.what === 'step' && other.book === event.book && isComing(other.step));
}

function chosenBy(choices: readonly LotChoice[]): Map<string, Map<string, bigint>> {
  const chosen = new Map<string, Map<string, bigint>>();
  for (const { disposalId, acquisitionId, quantity } of choices.toSorted((one, other) =>
    compare(one.acquisitionId, other.acquisitionId),
  ))
    chosen.set(disposalId, (chosen.get(disposalId) ?? new Map<string, bigint>()).set(acquisitionId, quantity));
  return chosen;
}

/** How much of a shared pool an account holds before an instant: asked for by actions alone, so added up on demand. */
function heldIn(books: readonly Book[], movements: readonly LotMovement[]): (holdingId: string, at: number) => bigint {
  const shared = new Set(books.flatMap(({ holdingIds }) => (holdingIds.length > 1 ? holdingIds : [])));
  return (holdingId, at) =>
    shared.has(holdingId)
      ? movements.reduce((all, one) => (one.holdingId === holdingId && one.at < at ? all + one.quantity : all), 0n)
      : 0n;
}
