import { Injectable } from '@nestjs/common';
import { type Db, rowOf, rowsOf } from '@scani/database';
import type { CostBasisMethod, TransactionKind } from '@scani/domain';
import { NotFound } from '@scani/runtime';
import type { StoredLot, StoredUse } from './gains.words.js';

export interface GainsState {
  ready: boolean;
  /** Worked out at least once: what is stored says something. */
  built: boolean;
  /** The method is another than the stored rows go by: nobody tells of that, so whoever looks finds out. */
  outdated: boolean;
  /** By which the stored rows tell one year from another. */
  method: CostBasisMethod | null;
  years: number[];
}

export interface DisposalRow {
  id: string;
  holding_id: string;
  symbol: string;
  account_name: string;
  kind: TransactionKind;
  at: Date;
  quantity: string;
  proceeds: string | null;
  cost: string | null;
  gain: string | null;
  short: boolean;
  /** By which the account's lots are taken. */
  method: CostBasisMethod;
  lots: StoredUse[];
}

export interface SumRow {
  amount: string | null;
  count: number;
  unknown: number;
}

export interface OpenRow {
  pool: string;
  method: CostBasisMethod;
  short: boolean;
  holding_ids: string[];
  quantity: string;
  cost: string | null;
  unknown_quantity: string;
  lots: StoredLot[];
}

const PAGE_COLUMNS = `gains_disposal.transaction_id as id, gains_disposal.holding_id, asset.symbol, account.name as account_name,
  gains_disposal.kind, gains_disposal.at, gains_disposal.quantity, gains_disposal.proceeds, gains_disposal.cost, gains_disposal.gain,
  gains_disposal.short, coalesce(account.cost_basis_method, users.cost_basis_method) as method, gains_disposal.lots`;
const PAGE_TABLES = `gains_disposal
  join holding on holding.id = gains_disposal.holding_id
  join asset on asset.id = holding.asset_id
  join account on account.id = holding.account_id
  join users on users.id = gains_disposal.user_id`;

/** The gains as they are stored: indexed reads, nothing is worked out. */
@Injectable()
export class GainsQueries {
  /** Undefined: never looked at in this base. Not ready: something changed since, the method perhaps. */
  async state(db: Db, userId: string, base: string): Promise<GainsState | undefined> {
    return rowOf<GainsState>(
      db,
      `select coalesce(built_at >= wanted_at and method = users.cost_basis_method, false) as ready,
         coalesce(method <> users.cost_basis_method, false) as outdated, built_at is not null as built, method, years
       from gains_state join users on users.id = gains_state.user_id
       where gains_state.user_id = $1 and gains_state.base_currency = $2`,
      [userId, base],
    );
  }

  async methodOf(db: Db, userId: string): Promise<CostBasisMethod> {
    const row = await rowOf<{ method: CostBasisMethod }>(
      db,
      'select cost_basis_method as method from users where id = $1',
      [userId],
    );
    if (!row) throw new NotFound('user-not-found', 'There is no such user.');
    return row.method;
  }

  async realised(db: Db, userId: string, base: string, year: number): Promise<SumRow> {
    return (await rowOf<SumRow>(
      db,
      `select sum(known_gain)::text as amount, count(*)::int as count, count(*) filter (where gain is null)::int as unknown
       from gains_disposal where user_id = $1 and base_currency = $2 and year = $3`,
      [userId, base, year],
    )) as SumRow;
  }

  async income(db: Db, userId: string, base: string, year: number): Promise<SumRow> {
    return (await rowOf<SumRow>(
      db,
      `select sum(amount)::text as amount, count(*)::int as count, count(*) filter (where amount is null)::int as unknown
       from gains_income where user_id = $1 and base_currency = $2 and year = $3`,
      [userId, base, year],
    )) as SumRow;
  }

  /** Newest first, after a row (its instant and id). */
  disposals(
    db: Db,
    userId: string,
    base: string,
    year: number,
    after: readonly string[] | undefined,
    limit: number,
  ): Promise<DisposalRow[]> {
    return rowsOf<DisposalRow>(
      db,
      `select ${PAGE_COLUMNS} from ${PAGE_TABLES}
       where gains_disposal.user_id = $1 and gains_disposal.base_currency = $2 and year = $3
         and ($4::timestamptz is null or (at, transaction_id) < ($4, $5::uuid))
       order by at desc, transaction_id desc limit $6`,
      [userId, base, year, after?.[0] ?? null, after?.[1] ?? null, limit],
    );
  }

  /** The year from its beginning, a page at a time: for files, which may be long. */
  async *all(db: Db, userId: string, base: string, year: number, pageSize: number): AsyncGenerator<DisposalRow[]> {
    let after: DisposalRow | undefined;
    for (;;) {
      const rows = await rowsOf<DisposalRow>(
        db,
        `select ${PAGE_COLUMNS} from ${PAGE_TABLES}
         where gains_disposal.user_id = $1 and gains_disposal.base_currency = $2 and year = $3
           and ($4::timestamptz is null or (at, transaction_id) > ($4, $5::uuid))
         order by at, transaction_id limit $6`,
        [userId, base, year, after?.at ?? null, after?.id ?? null, pageSize],
      );
      if (rows.length > 0) yield rows;
      if (rows.length < pageSize) return;
      after = rows.at(-1);
    }
  }

  disposal(db: Db, userId: string, base: string, id: string): Promise<DisposalRow | undefined> {
    return rowOf<DisposalRow>(
      db,
      `select ${PAGE_COLUMNS} from ${PAGE_TABLES}
       where gains_disposal.user_id = $1 and gains_disposal.base_currency = $2 and transaction_id = $3`,
      [userId, base, id],
    );
  }

  /** The lots of one of these pools, whichever there is. */
  open(db: Db, userId: string, base: string, pools: readonly string[]): Promise<OpenRow | undefined> {
    return rowOf<OpenRow>(
      db,
      `select pool, method, short, holding_ids, quantity, cost, unknown_quantity, lots from gains_open
       where user_id = $1 and base_currency = $2 and pool = any($3) limit 1`,
      [userId, base, pools],
    );
  }
}
