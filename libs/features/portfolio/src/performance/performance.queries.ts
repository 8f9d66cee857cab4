import { Injectable } from '@nestjs/common';
import { type Db, rowOf, rowsOf } from '@scani/database';
import { type DayMoney, type DayValue, type Scope, VALUE_DECIMALS } from '@scani/domain';
import { addDays, type Day, daysBetween, fixedOf } from '@scani/money';

/** The stored days of one scope, consecutive and ascending. */
export interface StoredDays {
  values: DayValue[];
  /** What exchange rates made of each day, in units of 10^-VALUE_DECIMALS; null: not known. */
  effects: (bigint | null)[];
}

const units = (text: string): bigint => fixedOf(text, VALUE_DECIMALS);
const UNKNOWN = '?';

/** What returns are told from: stored rows, each read in one go, never the ledger. */
@Injectable()
export class PerformanceQueries {
  /** The days of a scope from a day on (all of them when null). Columns in one row: years of days are many rows. */
  async days(
    db: Db,
    userId: string,
    base: string,
    scope: Scope,
    scopeId: string,
    from: Day | null,
  ): Promise<StoredDays> {
    const row = await rowOf<{ first: Day; last: Day; values: string; effects: string }>(
      db,
      `select min(day) as first, max(day) as last, string_agg(coalesce(value::text, '${UNKNOWN}'), ',' order by day) as values,
         string_agg(coalesce(currency_effect::text, '${UNKNOWN}'), ',' order by day) as effects
       from rollup
       where user_id = $1 and base_currency = $2 and scope = $3 and scope_id = $4 and ($5::date is null or day >= $5)
       having count(*) > 0`,
      [userId, base, scope, scopeId, from],
    );
    if (!row) return { values: [], effects: [] };
    const known = (text: string): bigint | null => (text === UNKNOWN ? null : units(text));
    const values = row.values.split(',');
    if (values.length !== daysBetween(row.first, row.last) + 1) throw new Error('the rollup has a gap');
    return {
      values: values.map((text, index) => ({ day: addDays(row.first, index), value: known(text) })),
      effects: row.effects.split(',').map(known),
    };
  }

  /** What moved in a scope from a day on, on the days on which anything did. */
  async money(db: Db, userId: string, base: string, scope: Scope, scopeId: string, from: Day): Promise<DayMoney[]> {
    const row = await rowOf<Record<'days' | 'flows' | 'priced' | 'incomes' | 'costs', string | null>>(
      db,
      `select string_agg(day::text, ',' order by day) as days, string_agg(flow::text, ',' order by day) as flows,
         string_agg(priced::text, ',' order by day) as priced, string_agg(income::text, ',' order by day) as incomes,
         string_agg(costs::text, ',' order by day) as costs
       from rollup_money where user_id = $1 and base_currency = $2 and scope = $3 and scope_id = $4 and day >= $5`,
      [userId, base, scope, scopeId, from],
    );
    const column = (text: string | null | undefined): bigint[] => text?.split(',').map(units) ?? [];
    const [flows, priced, incomes, costs] = [row?.flows, row?.priced, row?.incomes, row?.costs].map(column);
    return (row?.days?.split(',') ?? []).map((day, index) => ({
      day: day as Day,
      flow: flows?.[index] ?? 0n,
      priced: priced?.[index] ?? 0n,
      income: incomes?.[index] ?? 0n,
      costs: costs?.[index] ?? 0n,
    }));
  }

  /** Which of these holdings had no price on a day. */
  async unpricedOn(
    db: Db,
    userId: string,
    base: string,
    holdingIds: readonly string[],
    day: Day,
  ): Promise<ReadonlySet<string>> {
    const rows = await rowsOf<{ id: string }>(
      db,
      `select scope_id as id from rollup where user_id = $1 and base_currency = $2 and scope = 'holding'
         and scope_id = any($3) and day = $4 and value is null`,
      [userId, base, holdingIds, day],
    );
    return new Set(rows.map((row) => row.id));
  }
}
