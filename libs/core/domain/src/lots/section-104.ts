import { addDays, type Day, type Decimal } from '@scani/money';
import { londonDay } from './london-day.js';
import type { Step } from './movement.js';
import { departureOf, disposalOf, type Matched, type Piece, unmatched } from './pieces.js';
import { Pool } from './pool.js';

/** Days after a disposal within which what is bought back counts as what was sold (TCGA 1992 s106A). */
const BUY_BACK_DAYS = 30;

interface Sale {
  step: Step;
  left: Decimal;
  pieces: Piece[];
}

/** All that happened on one London day: what was acquired is one acquisition (TCGA 1992 s105). */
interface DayBook {
  acquired: Pool;
  acquiredAt: number;
  arrivals: Step[];
  sales: Sale[];
  departures: Step[];
}

/**
 * UK share matching: with the acquisitions of the same day, then with those of the 30 days after (earlier disposals
 * first, earlier acquisitions first), then with the section 104 pool. Only what was acquired can be matched by a day;
 * what merely arrives goes to the pool, and what leaves without a gain comes out of it. Steps ascend in time.
 */
export function section104(steps: readonly Step[]): Matched {
  const books = booksOf(steps);
  for (const book of books.values()) for (const sale of book.sales) match(sale, book, 'same-day');
  for (const [day, book] of books) {
    for (const sale of book.sales) {
      for (let after = 1; after <= BUY_BACK_DAYS && !sale.left.isZero(); after += 1) {
        const later = books.get(addDays(day, after));
        if (later) match(sale, later, '30-days');
      }
    }
  }
  const pool = new Pool();
  const matched: Matched = { disposals: [], departures: [], open: [] };
  const fromPool = (wanted: Decimal): Piece[] => {
    const pieces = wanted.isZero() ? [] : pool.take(wanted, 'pool');
    return [...pieces, ...unmatched(pieces.reduce((left, piece) => left.minus(piece.quantity), wanted))];
  };
  for (const book of books.values()) {
    book.acquired.pourInto(pool);
    for (const { quantity, money } of book.arrivals) pool.add(quantity, money);
    for (const { step, left, pieces } of book.sales)
      matched.disposals.push(disposalOf(step, [...pieces, ...fromPool(left)]));
    for (const step of book.departures) matched.departures.push(departureOf(step, fromPool(step.quantity)));
  }
  return { ...matched, open: pool.open() };
}

function match(sale: Sale, book: DayBook, rule: 'same-day' | '30-days'): void {
  if (sale.left.isZero() || book.acquired.quantity.isZero()) return;
  for (const piece of book.acquired.take(sale.left, rule, book.acquiredAt)) {
    sale.pieces.push(piece);
    sale.left = sale.left.minus(piece.quantity);
  }
}

function booksOf(steps: readonly Step[]): Map<Day, DayBook> {
  const books = new Map<Day, DayBook>();
  for (const step of steps) {
    const day = londonDay(step.at);
    const book = books.get(day) ?? {
      acquired: new Pool(),
      acquiredAt: step.at,
      arrivals: [],
      sales: [],
      departures: [],
    };
    books.set(day, book);
    if (step.effect === 'acquire') {
      if (book.acquired.quantity.isZero()) book.acquiredAt = step.at;
      book.acquired.add(step.quantity, step.money);
    } else if (step.effect === 'arrive') book.arrivals.push(step);
    else if (step.effect === 'dispose') book.sales.push({ step, left: step.quantity, pieces: [] });
    else book.departures.push(step);
  }
  return books;
}
