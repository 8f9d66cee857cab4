import { Injectable } from '@nestjs/common';
import { type Db, rowsOf } from '@scani/database';
import type { CurrencyValue, DayValue, Scope, TransactionKind } from '@scani/domain';
import { type Day, decimal } from '@scani/money';

export interface TradeRow {
  holding_id: string;
  at: Date;
  kind: TransactionKind;
  quantity: string;
  price: string | null;
  price_asset_id: string | null;
  fee: string | null;
  fee_asset_id: string | null;
}

/** What returns are computed from, each in one read. */
@Injectable()
export class PerformanceQueries {
  /** The stored daily values of a scope from a day on (all of them when null), before `until`; ascending. */
  async values(
    db: Db,
    userId: string,
    base: string,
    scope: Scope,
    scopeId: string,
    from: Day | null,
    until: Day,
  ): Promise<DayValue[]> {
    const rows = await rowsOf<{ day: Day; value: string | null }>(
      db,
      `select day, value from rollup
       where user_id = $1 and base_currency = $2 and scope = $3 and scope_id = $4 and day < $6 and ($5::date is null or day >= $5)
       order by day`,
      [userId, base, scope, scopeId, from, until],
    );
    return rows.map((row) => ({ day: row.day, value: row.value === null ? null : decimal(row.value) }));
  }

  /** Everything that happened to these holdings, in the order of time. */
  trades(db: Db, userId: string, holdingIds: readonly string[]): Promise<TradeRow[]> {
    return rowsOf<TradeRow>(
      db,
      `select holding_id, occurred_at as at, kind, quantity, price, price_asset_id, fee, fee_asset_id from transaction
       where user_id = $1 and holding_id = any($2) order by occurred_at, sequence`,
      [userId, holdingIds],
    );
  }

  /** What these holdings were worth together per day and per currency, before `until`. */
  async valuesByCurrency(
    db: Db,
    userId: string,
    base: string,
    currencies: ReadonlyMap<string, string>,
    from: Day,
    until: Day,
  ): Promise<CurrencyValue[]> {
    const rows = await rowsOf<{ day: Day; currency: string; value: string }>(
      db,
      `select rollup.day, held.currency, sum(rollup.value) as value
       from unnest($3::uuid[], $4::uuid[]) as held (holding_id, currency)
       join rollup on rollup.user_id = $1 and rollup.base_currency = $2 and rollup.scope = 'holding'
         and rollup.scope_id = held.holding_id and rollup.day >= $5 and rollup.day < $6
       where rollup.value is not null group by rollup.day, held.currency order by rollup.day, held.currency`,
      [userId, base, [...currencies.keys()], [...currencies.values()], from, until],
    );
    return rows.map((row) => ({ day: row.day, currency: row.currency, value: decimal(row.value) }));
  }
}
