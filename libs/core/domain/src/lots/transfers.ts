import { type Book } from './books.js';
import type { LotMovement } from './movement.js';
import { less, type Piece, quantityOf, shareOf } from './pieces.js';

/** One move between own holdings: what left is on its way until it arrives. Its rows ascend in time. */
export class Transfer {
  readonly sends: LotMovement[] = [];
  readonly receives: LotMovement[] = [];
  private readonly onTheWay: Piece[] = [];
  private sent = 0;
  private received = 0;

  /** When the last of it left: it cannot have arrived before, whatever two clocks say. */
  get leftAt(): number {
    return this.lastSend.at;
  }

  get hasLeft(): boolean {
    return this.sent === this.sends.length;
  }

  get lastSend(): LotMovement {
    return this.sends.at(-1) as LotMovement;
  }

  send(pieces: readonly Piece[]): void {
    this.sent += 1;
    this.onTheWay.push(...pieces);
  }

  /** What arrives of it, at most so much; and, with the last arrival, what was lost on the way. */
  receive(quantity: bigint): { arrived: Piece[]; lost: Piece[] } {
    this.received += 1;
    const arrived: Piece[] = [];
    let left = quantity;
    while (left > 0n) {
      const next = this.onTheWay[0];
      if (next === undefined) break;
      const piece = next.quantity <= left ? next : partOf(next, left);
      if (piece === next) this.onTheWay.shift();
      else this.onTheWay[0] = { ...next, quantity: next.quantity - left, cost: less(next.cost, piece.cost) };
      arrived.push(piece);
      left -= piece.quantity;
    }
    return { arrived, lost: this.received === this.receives.length ? this.onTheWay.splice(0) : [] };
  }
}

const partOf = (piece: Piece, quantity: bigint): Piece => ({
  ...piece,
  quantity,
  cost: shareOf(piece.cost, quantity, piece.quantity),
});

/**
 * The moves among these rows whose two sides are here. Within one book a move is nothing at all but what was lost on
 * the way (or came on top), which stays with its last row; the other rows of it fall away.
 */
export function transfersOf(
  movements: readonly LotMovement[],
  bookOf: ReadonlyMap<string, Book>,
): { movements: LotMovement[]; transferOf: Map<string, Transfer> } {
  const transfers = new Map<string, Transfer>();
  for (const movement of movements) {
    const book = bookOf.get(movement.holdingId);
    if (movement.transferId === undefined || movement.quantity === 0n || !book || book.short) continue;
    const transfer = transfers.get(movement.transferId) ?? new Transfer();
    transfers.set(movement.transferId, transfer);
    (movement.quantity < 0n ? transfer.sends : transfer.receives).push(movement);
  }
  const transferOf = new Map<string, Transfer>();
  const dropped = new Map<string, LotMovement | undefined>();
  for (const transfer of transfers.values()) {
    const { sends, receives } = transfer;
    if (sends.length === 0 || receives.length === 0) continue;
    const rows = [...sends, ...receives];
    const books = new Set(rows.map(({ holdingId }) => bookOf.get(holdingId)));
    if (books.size > 1) for (const { id } of rows) transferOf.set(id, transfer);
    else {
      const quantity = quantityOf(rows);
      for (const { id } of rows) dropped.set(id, undefined);
      const last = (quantity < 0n ? sends : receives).at(-1);
      if (last && quantity !== 0n) dropped.set(last.id, { ...last, quantity, unitPrice: undefined });
    }
  }
  if (dropped.size === 0) return { movements: [...movements], transferOf };
  return {
    movements: movements.flatMap((one) => (dropped.has(one.id) ? (dropped.get(one.id) ?? []) : one)),
    transferOf,
  };
}
