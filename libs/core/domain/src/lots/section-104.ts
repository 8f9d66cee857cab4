import { divided } from '@scani/money';
import { londonDay, londonDayNumber, startOfLondonDay } from './london-day.js';
import type { Step } from './movement.js';
import { type OpenLot, type Piece, quantityOf, shareOf } from './pieces.js';
import { Pool } from './pool.js';
import type { Factor, Splits } from './splits.js';

/** Days after a disposal within which what is bought back counts as what was sold (TCGA 1992 s106A). */
const BUY_BACK_DAYS = 30;

interface Sale {
  step: Step;
  left: bigint;
  pieces: Piece[];
  factor: Factor;
}

/** What was acquired on one London day is one acquisition (TCGA 1992 s105); before and after a split it is two. */
interface Acquired {
  pool: Pool;
  factor: Factor;
  acquiredAt: number;
  acquisitionId: string | null;
}

interface DayBook {
  day: number;
  startsAt: number;
  acquired: Acquired[];
  sales: Sale[];
}

/** What the rules of days leave to the pool. */
export interface MatchedByDay {
  /** Of each disposal, what was matched with acquisitions of its day and of the 30 days after. */
  piecesOf: Map<string, Piece[]>;
  /** What remains of a day's acquisitions goes into the pool as the day begins. */
  pours: { at: number; lots: OpenLot[] }[];
  /**
   * What was sold and is bought back after a split is in the pool in between, though in no account: the split that the
   * accounts recorded lacks its units.
   */
  growths: { at: number; units: bigint }[];
}

/**
 * UK share matching by days: with the acquisitions of the same day, then with those of the 30 days after (earlier
 * disposals first, earlier acquisitions first). Across a split units are compared as what they have become, since a
 * reorganisation is neither a disposal nor an acquisition (TCGA 1992 s126-127). Steps ascend in time.
 */
export function matchByDay(steps: readonly Step[], splits: Splits): MatchedByDay {
  const books = booksOf(steps, splits);
  const growths: MatchedByDay['growths'] = [];
  const match = (sale: Sale, book: DayBook, rule: '30-days' | 'same-day'): void => {
    for (const acquired of book.acquired) {
      const extra = take(sale, acquired, rule);
      if (extra === 0n) continue;
      const first = Math.min(sale.step.at, acquired.acquiredAt);
      growths.push({ at: splits.nextAfter(sale.step.holdingId, first) ?? sale.step.at, units: extra });
    }
  };
  for (const book of books.values()) for (const sale of book.sales) match(sale, book, 'same-day');
  for (const book of books.values()) {
    for (const sale of book.sales) {
      for (let after = 1; after <= BUY_BACK_DAYS && sale.left > 0n; after += 1) {
        const later = books.get(book.day + after);
        if (later) match(sale, later, '30-days');
      }
    }
  }
  return {
    piecesOf: new Map([...books.values()].flatMap(({ sales }) => sales.map(({ step, pieces }) => [step.id, pieces]))),
    pours: [...books.values()].flatMap(({ startsAt, acquired }) =>
      acquired.map(({ pool }) => ({ at: startsAt, lots: pool.open() })),
    ),
    growths,
  };
}

/** Matches what it can; returns by how many units a split between the two changed them. */
function take(sale: Sale, { pool, factor, acquiredAt, acquisitionId }: Acquired, rule: '30-days' | 'same-day'): bigint {
  if (sale.left === 0n || pool.quantity === 0n) return 0n;
  const toSale: Factor = { new: factor.new * sale.factor.old, old: factor.old * sale.factor.new };
  const wanted = divided(sale.left * toSale.old, toSale.new);
  const pieces = pool.takeUpTo(wanted, rule, { acquiredAt, acquisitionId });
  const taken = quantityOf(pieces);
  const all = taken === wanted;
  const units = all ? sale.left : divided(taken * toSale.new, toSale.old);
  let left = units;
  for (const [index, piece] of pieces.entries()) {
    const quantity = index === pieces.length - 1 ? left : (shareOf(units, piece.quantity, taken) ?? 0n);
    left -= quantity;
    const of = { ...piece.of, quantity: divided(piece.of.quantity * toSale.new, toSale.old) };
    sale.pieces.push({ ...piece, quantity, of });
  }
  sale.left -= units;
  return taken - units;
}

function booksOf(steps: readonly Step[], splits: Splits): Map<number, DayBook> {
  const books = new Map<number, DayBook>();
  for (const step of steps) {
    if (step.effect !== 'acquire' && step.effect !== 'dispose') continue;
    const day = londonDayNumber(step.at);
    const book = books.get(day) ?? { day, startsAt: startOfLondonDay(londonDay(step.at)), acquired: [], sales: [] };
    books.set(day, book);
    const factor = splits.factorAfter(step.holdingId, step.at);
    if (step.effect === 'dispose') book.sales.push({ step, left: step.quantity, pieces: [], factor });
    else acquire(book, step, factor);
  }
  return books;
}

function acquire(book: DayBook, step: Step, factor: Factor): void {
  const known = book.acquired.find((one) => one.factor.new * factor.old === one.factor.old * factor.new);
  const acquired = known ?? { pool: new Pool(), factor, acquiredAt: step.at, acquisitionId: step.id };
  if (known) known.acquisitionId = null;
  else book.acquired.push(acquired);
  acquired.pool.add({ quantity: step.quantity, cost: step.money });
}
