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
  const held = 'rollup_touched as held join rollup on rollup.scope_id = held.holding_id';
  const accounts = `(select distinct account_id, institution_id from rollup_touched) as held
    join rollup on rollup.scope_id = held.account_id`;
  const above: Above[] = [
    {
      scope: 'account',
      id: 'account_id',
      below: 'holding',
      rows: held,
      columns: FROM_HOLDINGS,
      money: 'and held.counted',
    },
    { scope: 'institution', id: 'institution_id', below: 'account', rows: accounts, columns: FROM_ACCOUNTS, money: '' },
    { scope: 'user', id: null, below: 'account', rows: accounts, columns: FROM_ACCOUNTS, money: '' },
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
  below: 'holding' | 'account';
  rows: string;
  columns: string;
  money: string;
}

const idOf = ({ id }: Above): string => (id === null ? '$1::uuid' : `held.${id}`);

/** The day from which on a scope is added up again: the earliest of the holdings within it. */
function reach({ id }: Above): string {
  return id === null
    ? '(select min(from_day) as from_day from rollup_touched) as reach'
    : `(select ${id}, min(from_day) as from_day from rollup_touched group by ${id}) as reach`;
}

const within = ({ id }: Above): string => (id === null ? '' : `and reach.${id} = held.${id}`);

async function sumFigures(db: Db, userId: string, base: string, above: Above): Promise<number> {
  const [merged] = await rowsOf<{ changed: number }>(
    db,
    `with summed as (
       select ${idOf(above)} as scope_id, rollup.day, ${above.columns}
       from ${reach(above)}, ${above.rows}
       where rollup.user_id = $1 and rollup.base_currency = $2 and rollup.scope = '${above.below}'
         and rollup.day >= reach.from_day ${within(above)}
       group by ${idOf(above)}, rollup.day
     ), built as (
       select scope_id, day, case when known > 0 or parts = 0 then trim_scale(coalesce(sum, 0)) end as value,
         ${COVERAGE} as coverage, trim_scale(effect) as currency_effect, parts, known, unpriceable, stale, before_records
       from summed
     ), changed as (
       insert into rollup (user_id, base_currency, scope, scope_id, day, value, coverage, currency_effect,
         parts, known, unpriceable, stale, before_records)
       select $1, $2, '${above.scope}', built.*
       from built left join rollup as old on old.user_id = $1 and old.base_currency = $2
         and old.scope = '${above.scope}' and old.scope_id = built.scope_id and old.day = built.day
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
  const rows = above.rows.replaceAll('rollup on rollup.', 'rollup_money as rollup on rollup.');
  await db.query(
    `create temporary table rollup_money_summed on commit drop as
     select ${idOf(above)} as scope_id, rollup.day, trim_scale(sum(flow)) as flow, trim_scale(sum(priced)) as priced,
       trim_scale(sum(income)) as income, trim_scale(sum(costs)) as costs
     from ${reach(above)}, ${rows}
     where rollup.user_id = $1 and rollup.base_currency = $2 and rollup.scope = '${above.below}'
       and rollup.day >= reach.from_day ${within(above)} ${above.money}
     group by ${idOf(above)}, rollup.day`,
    [userId, base],
  );
  await db.query(
    `delete from rollup_money as old using ${reach(above)}
     where old.user_id = $1 and old.base_currency = $2 and old.scope = '${above.scope}'
       and old.scope_id = ${above.id === null ? '$1' : `reach.${above.id}`} and old.day >= reach.from_day
       and not exists (select 1 from rollup_money_summed as built where built.scope_id = old.scope_id and built.day = old.day)`,
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
     from ${from} as built left join rollup_money as old on old.user_id = $1 and old.base_currency = $2
       and old.scope = $3 and old.scope_id = built.scope_id and old.day = built.day
     where old.day is null
       or (old.flow, old.priced, old.income, old.costs) is distinct from (built.flow, built.priced, built.income, built.costs)
     on conflict (user_id, base_currency, scope, scope_id, day) do update set flow = excluded.flow, priced = excluded.priced,
       income = excluded.income, costs = excluded.costs`,
    [userId, base, scope],
  );
}
