import { Injectable } from '@nestjs/common';
import { type Db, rowOf, rowsOf } from '@scani/database';
import { EFFECTIVE_TRANSACTION } from '@scani/ledger';
import { decimal, decimalText } from '@scani/money';
import { STATEMENT_FORMATS, type StatementFormat, type StatementRow } from './formats/statement.js';
import { type KnownRow, type MatchableRow, match, type Match, type Span } from './matching.js';

/** What is kept with a transaction of a statement, to compare later files with it. */
export interface StatementOrigin {
  dayOnly: boolean;
  balance: string | null;
  id: string | null;
  fields: Record<string, string>;
}

export const originOf = (row: StatementRow): StatementOrigin => ({
  dayOnly: row.dayOnly,
  balance: row.balance,
  id: row.id,
  fields: row.raw,
});

interface KnownRecord {
  external_id: string;
  currency: string;
  occurred_at: Date;
  quantity: string;
  description: string | null;
  day_only: boolean | null;
  balance: string | null;
  source_id: string | null;
  source: string;
  reversed: boolean;
}

/** What the ledger has from statements of one account. */
@Injectable()
export class StatementStore {
  /**
   * Compares the rows of a file, in its order, with what the account has of their days. Those known under an id of `own`
   * have answered for rows of the same file already.
   */
  async match(
    db: Db,
    userId: string,
    accountId: string,
    rows: readonly MatchableRow[],
    own: ReadonlySet<string> = new Set(),
  ): Promise<Match[]> {
    if (rows.length === 0) return [];
    const days = rows.map((row) => row.occurredAt.slice(0, 10)).sort();
    const known = await this.known(db, userId, accountId, days[0] as string, days.at(-1) as string);
    const gone = known.filter((row) => row.reversed).map((row) => row.externalId);
    return match(rows, known, await this.span(db, userId, accountId), new Set([...own, ...gone]));
  }

  private async known(
    db: Db,
    userId: string,
    accountId: string,
    from: string,
    to: string,
  ): Promise<(KnownRow & { reversed: boolean })[]> {
    const rows = await rowsOf<KnownRecord>(
      db,
      `select transaction.external_id, asset.symbol as currency, transaction.occurred_at, transaction.quantity,
         transaction.description, (transaction.raw->>'dayOnly')::boolean as day_only,
         transaction.raw->>'balance' as balance, transaction.raw->>'id' as source_id, transaction.source, not ${EFFECTIVE_TRANSACTION} as reversed
       from transaction join holding on holding.id = transaction.holding_id join asset on asset.id = holding.asset_id
       where transaction.user_id = $1 and holding.account_id = $2 and transaction.source = any($3)
         and transaction.occurred_at >= $4::date at time zone 'UTC'
         and transaction.occurred_at < ($5::date + 1) at time zone 'UTC'
       order by transaction.occurred_at, transaction.sequence`,
      [userId, accountId, STATEMENT_FORMATS, from, to],
    );
    return rows.map((row) => ({
      externalId: row.external_id,
      currency: row.currency,
      occurredAt: row.occurred_at.toISOString(),
      dayOnly: row.day_only ?? false,
      quantity: decimalText(decimal(row.quantity)),
      description: row.description ?? '',
      balance: row.balance,
      id: row.source_id,
      wordsVary: row.source === ('pdf' satisfies StatementFormat),
      reversed: row.reversed,
    }));
  }

  private async span(db: Db, userId: string, accountId: string): Promise<Span | null> {
    const row = await rowOf<{ from: string | null; to: string | null }>(
      db,
      `select (min(occurred_at) at time zone 'UTC')::date as from, (max(occurred_at) at time zone 'UTC')::date as to
       from transaction join holding on holding.id = transaction.holding_id
       where transaction.user_id = $1 and holding.account_id = $2 and transaction.source = any($3)
         and ${EFFECTIVE_TRANSACTION}`,
      [userId, accountId, STATEMENT_FORMATS],
    );
    return row?.from && row.to ? { from: row.from, to: row.to } : null;
  }
}
