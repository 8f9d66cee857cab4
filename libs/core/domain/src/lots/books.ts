import type { CostBasisMethod, LotHolding } from './movement.js';
import { LotQueue, type PlacedLot } from './lot-queue.js';
import type { OpenLot, Piece } from './pieces.js';
import { Pool } from './pool.js';

/** The lots of one holding, or of all holdings of an asset where the law pools them. */
export interface Book {
  key: string;
  method: CostBasisMethod;
  /** What is owed: its lots are openings. */
  short: boolean;
  holdingIds: string[];
  lots: LotQueue | Pool;
}

/** Holdings by section 104 share a book an asset; every other has its own, and so has what is owed. */
export const bookKey = ({ id, assetId, method, liability }: LotHolding): string =>
  method === 'section-104' && !liability ? `asset:${assetId}` : id;

export function booksOf(holdings: readonly LotHolding[]): Map<string, Book> {
  const books = new Map<string, Book>();
  const ofHolding = new Map<string, Book>();
  for (const holding of holdings) {
    const key = bookKey(holding);
    const book = books.get(key) ?? {
      key,
      method: holding.method,
      short: holding.liability,
      holdingIds: [],
      lots: lotsBy(holding),
    };
    book.holdingIds.push(holding.id);
    books.set(key, book);
    ofHolding.set(holding.id, book);
  }
  return ofHolding;
}

function lotsBy({ method, liability }: LotHolding): LotQueue | Pool {
  if (method === 'average') return new Pool('average');
  // What is owed is closed in the order in which it was opened (TCGA 1992 s105); its highest proceeds mean nothing.
  if (liability) return new LotQueue(method === 'lifo' || method === 'specific' ? method : 'fifo');
  return method === 'section-104' ? new Pool('pool') : new LotQueue(method);
}

export function addTo(book: Book, lot: OpenLot, at: number): void {
  if (lot.quantity > 0n) book.lots.add({ ...lot, since: lot.acquiredAt ?? at } satisfies PlacedLot);
}

export function takeFrom(book: Book, quantity: bigint, chosen?: ReadonlyMap<string, bigint>): Piece[] {
  return book.lots instanceof Pool ? book.lots.take(quantity) : book.lots.take(quantity, chosen);
}
