import { type Db, rowsOf } from '@scani/database';
import { ESTIMATED_PERCENT, FULL_PERCENT, ROLLUP_FLAGS } from '@scani/domain';

/**
 * The figures of accounts, institutions and the person, added up from those of their holdings by the database: only for
 * the days from which on something below them was worked out. The rule of coverage is the one of domain's Tally.
 */

/** Where every holding is, and from which day on its rows were worked out anew (null: not at all). */
export interface Touched {
  holdingId: string;
  accountId: string;
  institutionId: string;
  counted: boolean;
  from: string | null;
}

const COVERAGE = `case
    when parts = 0 then 'full'
    when known = 0 then 'unknown'
    when known * 100 >= (parts - unpriceable) * ${FULL_PERCENT} then case when stale + before_records > 0 then 'partial' else 'full' end
    when known * 100 >= (parts - unpriceable) * ${ESTIMATED_PERCENT} then 'estimated'
    else 'unknown' end`;

const has = (flag: number): string => `count(*) filter (where held.counted and rollup.flags & ${flag} <> 0)::smallint`;

/** Columns of a scope's row before its coverage is known, from the rows of holdings and from those of accounts. */
const FROM_HOLDINGS = `
  sum(rollup.value) filter (where held.counted) as sum,
  count(*) filter (where held.counted)::smallint as parts,
  count(rollup.value) filter (where held.counted)::smallint as known,
  ${has(ROLLUP_FLAGS.unpriceable)} as unpriceable,
  ${has(ROLLUP_FLAGS.stale)} as stale,
  ${has(ROLLUP_FLAGS.beforeRecords)} as before_records,
  case when bool_and(rollup.currency_effect is not null) filter (where held.counted) is not false
    then coalesce(sum(rollup.currency_effect) filter (where held.counted), 0) end as effect`;
const FROM_ACCOUNTS = `
  sum(rollup.value) as sum,
  sum(rollup.parts)::smallint as parts,
  sum(rollup.known)::smallint as known,
  sum(rollup.unpriceable)::smallint as unpriceable,
  sum(rollup.stale)::smallint as stale,
  sum(rollup.before_records)::smallint as before_records,
  case when bool_and(rollup.currency_effect is not null) then sum(rollup.currency_effect) end as effect`;

/** Tells the database which rows of holdings were written; holds for the rest of its transaction. */
export async function noteTouched(db: Db, touched: readonly Touched[]): Promise<void> {
  await db.query(
    `create temporary table rollup_touched (holding_id uuid primary key, account_id uuid not null, institution_id uuid not null,
       counted boolean not null, from_day date) on commit drop`,
  );
  await db.query(
    `insert into rollup_touched select * from unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::boolean[], $5::date[])`,
    [
      touched.map((one) => one.holdingId),
      touched.map((one) => one.accountId),
      touched.map((one) => one.institutionId),
      touched.map((one) => one.counted),
      touched.map((one) => one.from),
    ],
  );
  await db.query('analyze rollup_touched');
}

/** Brings the rows above the touched holdings up to date. Returns how many were new or different. */
export async function sumScopes(db: Db, userId: string, base: string): Promise<number> {
  const accounts = '(select distinct account_id, institution_id from rollup_touched)';
  const holdings = {
    below: 'holding',
    parts: 'rollup_touched',
    part: 'holding_id',
    counted: 'and held.counted',
  } as const;
  const ofAccounts = { below: 'account', parts: accounts, part: 'account_id', counted: '' } as const;
  const above: Above[] = [
    { scope: 'account', id: 'account_id', columns: FROM_HOLDINGS, ...holdings },
    { scope: 'institution', id: 'institution_id', columns: FROM_ACCOUNTS, ...ofAccounts },
    { scope: 'user', id: null, columns: FROM_ACCOUNTS, ...ofAccounts },
  ];
  let changed = 0;
  for (const one of above) {
    changed += await sumFigures(db, userId, base, one);
    await sumMoney(db, userId, base, one);
  }
  return changed;
}

interface Above {
  scope: 'account' | 'institution' | 'user';
  /** The column of rollup_touched that names the scope; null: there is one, the person. */
  id: 'account_id' | 'institution_id' | null;
  /** What it is added up from: the scope of the rows, a relation of them, and its column with their id. */
  below: 'holding' | 'account';
  parts: string;
  part: 'holding_id' | 'account_id';
  columns: string;
  /** Which of the parts count; figures say it column by column, since a scope of none has rows as well. */
  counted: string;
}

const idOf = ({ id }: Above): string => (id === null ? '$1::uuid' : `held.${id}`);

/** The day from which on a scope is added up again: the earliest of the holdings within it. */
function reach({ id }: Above): string {
  return id === null
    ? '(select min(from_day) as from_day from rollup_touched) as reach'
    : `(select ${id}, min(from_day) as from_day from rollup_touched group by ${id}) as reach`;
}

/**
 * The rows of the parts in the days that are added up again. Part by part along the index, which `offset 0` makes sure
 * of: a table that was just filled has no statistics that would tell so.
 */
function rowsBelow(above: Above, table: string): string {
  const joined = above.id === null ? 'cross join' : 'join';
  return `${above.parts} as held ${joined} ${reach(above)} ${above.id === null ? '' : `using (${above.id})`}
    cross join lateral (
      select * from ${table} where user_id = $1 and scope_id = held.${above.part} and base_currency = $2
        and scope = '${above.below}' and day >= reach.from_day offset 0) as rollup`;
}

async function sumFigures(db: Db, userId: string, base: string, above: Above): Promise<number> {
  const [merged] = await rowsOf<{ changed: number }>(
    db,
    `with summed as (
       select ${idOf(above)} as scope_id, rollup.day, ${above.columns}
       from ${rowsBelow(above, 'rollup')} group by 1, rollup.day
     ), built as (
       select scope_id, day, case when known > 0 or parts = 0 then trim_scale(coalesce(sum, 0)) end as value,
         ${COVERAGE} as coverage, trim_scale(effect) as currency_effect, parts, known, unpriceable, stale, before_records
       from summed
     ), changed as (
       insert into rollup (user_id, base_currency, scope, scope_id, day, value, coverage, currency_effect,
         parts, known, unpriceable, stale, before_records)
       select $1, $2, '${above.scope}', built.*
       from built left join lateral (
         select * from rollup where user_id = $1 and scope_id = built.scope_id and base_currency = $2
           and day = built.day and scope = '${above.scope}' offset 0) as old on true
       where old.day is null or (old.value, old.coverage, old.currency_effect, old.parts, old.known, old.unpriceable,
           old.stale, old.before_records) is distinct from (built.value, built.coverage, built.currency_effect, built.parts,
           built.known, built.unpriceable, built.stale, built.before_records)
       on conflict (user_id, base_currency, scope, scope_id, day) do update set value = excluded.value,
         coverage = excluded.coverage, currency_effect = excluded.currency_effect, parts = excluded.parts,
         known = excluded.known, unpriceable = excluded.unpriceable, stale = excluded.stale,
         before_records = excluded.before_records
       returning 1)
     select count(*)::int as changed from changed`,
    [userId, base],
  );
  return merged?.changed ?? 0;
}

async function sumMoney(db: Db, userId: string, base: string, above: Above): Promise<void> {
  await db.query(
    `create temporary table rollup_money_summed on commit drop as
     select ${idOf(above)} as scope_id, rollup.day, trim_scale(sum(flow)) as flow, trim_scale(sum(priced)) as priced,
       trim_scale(sum(income)) as income, trim_scale(sum(costs)) as costs
     from ${rowsBelow(above, 'rollup_money')} where true ${above.counted} group by 1, rollup.day`,
    [userId, base],
  );
  await db.query('analyze rollup_money_summed');
  const scopeId = above.id === null ? '$1::uuid' : `reach.${above.id}`;
  await db.query(
    `delete from rollup_money where ctid = any(array(
       select old.id from ${reach(above)} cross join lateral (
         select ctid as id, day from rollup_money where user_id = $1 and scope_id = ${scopeId} and base_currency = $2
           and scope = '${above.scope}' and day >= reach.from_day offset 0) as old
       where not exists (
         select 1 from rollup_money_summed as built where built.scope_id = ${scopeId} and built.day = old.day)))`,
    [userId, base],
  );
  await mergeMoney(db, userId, base, above.scope, 'rollup_money_summed');
  await db.query('drop table rollup_money_summed');
}

/** Writes those rows of a temporary table that are new or different. */
export async function mergeMoney(db: Db, userId: string, base: string, scope: string, from: string): Promise<void> {
  await db.query(
    `insert into rollup_money (user_id, base_currency, scope, scope_id, day, flow, priced, income, costs)
     select $1, $2, $3, built.scope_id, built.day, built.flow, built.priced, built.income, built.costs
     from ${from} as built left join lateral (
       select * from rollup_money where user_id = $1 and scope_id = built.scope_id and base_currency = $2
         and day = built.day and scope = $3 offset 0) as old on true
     where old.day is null
       or (old.flow, old.priced, old.income, old.costs) is distinct from (built.flow, built.priced, built.income, built.costs)
     on conflict (user_id, base_currency, scope, scope_id, day) do update set flow = excluded.flow, priced = excluded.priced,
       income = excluded.income, costs = excluded.costs`,
    [userId, base, scope],
  );
}
