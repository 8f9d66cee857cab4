import { Injectable } from '@nestjs/common';
import { type Db, rowOf, rowsOf } from '@scani/database';
import type { Coverage, Scope } from '@scani/domain';
import { type Day, type Decimal, decimal } from '@scani/money';

export interface RollupPoint {
  day: Day;
  value: string | null;
  coverage: Coverage;
}

const MOST_POINTS = 400;

/** The daily rollup as the pages read it: indexed reads of stored rows. */
@Injectable()
export class RollupQueries {
  /** `missing`: never asked for in this base; `building`: something changed that was not followed yet. */
  async state(db: Db, userId: string, base: string): Promise<'missing' | 'building' | 'ready'> {
    const row = await rowOf<{ ready: boolean }>(
      db,
      `select built_at is not null and not exists (select 1 from evidence_change where user_id = $1) as ready
       from rollup_state where user_id = $1 and base_currency = $2`,
      [userId, base],
    );
    if (!row) return 'missing';
    return row.ready ? 'ready' : 'building';
  }

  /** Points of one scope before `until`, oldest first, thinned to every n-th day where there are too many to draw. */
  points(
    db: Db,
    userId: string,
    base: string,
    scope: Scope,
    scopeId: string,
    from: Day | null,
    until: Day,
  ): Promise<RollupPoint[]> {
    return rowsOf<RollupPoint>(
      db,
      `with chosen as (
         select day, value, coverage, count(*) over () as total, row_number() over (order by day desc) as back from rollup
         where user_id = $1 and base_currency = $2 and scope = $3 and scope_id = $4 and day < $6 and ($5::date is null or day >= $5))
       select day, value, coverage from chosen where total <= $7 or back % ceil(total / $7::numeric) = 1 or back = total order by day`,
      [userId, base, scope, scopeId, from, until, MOST_POINTS],
    );
  }

  /** Values on several days, as `id:day`; days without a row are absent. */
  async valuesOn(
    db: Db,
    userId: string,
    base: string,
    scope: Scope,
    scopeIds: readonly string[],
    days: readonly Day[],
  ): Promise<Map<string, Decimal>> {
    const rows = await rowsOf<{ scope_id: string; day: Day; value: string }>(
      db,
      `select scope_id, day, value from rollup
       where user_id = $1 and base_currency = $2 and scope = $3 and scope_id = any($4) and day = any($5)
         and value is not null`,
      [userId, base, scope, scopeIds, days],
    );
    return new Map(rows.map((row) => [`${row.scope_id}:${row.day}`, decimal(row.value)]));
  }

  firstDay(db: Db, userId: string, base: string): Promise<{ day: Day } | undefined> {
    return rowOf<{ day: Day }>(
      db,
      `select day from rollup
       where user_id = $1 and base_currency = $2 and scope = 'user' and scope_id = $1 and value is not null order by day limit 1`,
      [userId, base],
    );
  }

  /** The last values of these holdings, oldest first. */
  async sparks(
    db: Db,
    userId: string,
    base: string,
    holdingIds: readonly string[],
    from: Day,
  ): Promise<Map<string, (string | null)[]>> {
    const rows = await rowsOf<{ scope_id: string; values: (string | null)[] }>(
      db,
      `select scope_id, array_agg(value::text order by day) as values from rollup
       where user_id = $1 and base_currency = $2 and scope = 'holding' and scope_id = any($3) and day >= $4
       group by scope_id`,
      [userId, base, holdingIds, from],
    );
    return new Map(rows.map((row) => [row.scope_id, row.values]));
  }
}
