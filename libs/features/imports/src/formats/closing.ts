import { decimal } from '@scani/money';
import type { Closing, StatementRow } from './statement.js';

/**
 * What the running balances vouch for: per currency the balance after the last moment but one (a moment is an instant, or
 * a day where there is only a day). The last moment may go on in the next file, so its balance may not be its last;
 * what happens after the vouched one is in the rows. Nothing where the balances do not follow from the amounts.
 */
export function closingsOf(rows: readonly StatementRow[]): Closing[] {
  const byCurrency = Map.groupBy(rows, (row) => row.currency);
  return [...byCurrency.values()].flatMap((all) => {
    const inOrder = oldestFirst(all);
    if (!inOrder) return [];
    const last = inOrder.at(-1)?.occurredAt ?? '';
    const row = inOrder.findLast(({ occurredAt }) => occurredAt < last);
    return row?.balance == null ? [] : [{ currency: row.currency, balance: row.balance, at: row.occurredAt }];
  });
}

/** The rows in the order in which they happened, or undefined where their balances do not tell one order. */
function oldestFirst(rows: readonly StatementRow[]): StatementRow[] | undefined {
  return [rows, rows.toReversed()].map(stable).find(follows);
}

function stable(rows: readonly StatementRow[]): StatementRow[] {
  return rows.toSorted((one, other) =>
    one.occurredAt < other.occurredAt ? -1 : one.occurredAt > other.occurredAt ? 1 : 0,
  );
}

/** Every balance is the one before plus the amount. */
function follows(rows: readonly StatementRow[]): boolean {
  return rows.every((row, index) => {
    if (row.balance === null) return false;
    const before = rows[index - 1]?.balance;
    return before == null || decimal(before).plus(decimal(row.quantity)).eq(decimal(row.balance));
  });
}

/** Whether every balance is the one before plus the amount; undefined where there are no two balances to compare. */
export function balancesFollow(rows: readonly StatementRow[]): boolean | undefined {
  const byCurrency = [...Map.groupBy(rows, (row) => row.currency).values()];
  const comparable = byCurrency.filter((all) => all.length > 1 && all.every(({ balance }) => balance !== null));
  return comparable.length === 0 ? undefined : comparable.every((all) => oldestFirst(all) !== undefined);
}
