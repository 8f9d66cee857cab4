import { type Db, rowsOf } from '@scani/database';
import type { Difference } from '@scani/ledger';
import type { Day } from '@scani/money';

const TABLES = {
  rollup: ['value', 'coverage', 'flags', 'currency_effect'],
  'rollup-money': ['flow', 'priced', 'income', 'costs'],
} as const;
type Check = keyof typeof TABLES;

const tableOf = (check: Check): string => check.replace('-', '_');

/** Puts what is stored of one base aside for the length of the transaction, and empties its place. */
export async function setAside(db: Db, userId: string, base: string): Promise<void> {
  for (const check of Object.keys(TABLES) as Check[]) {
    const table = tableOf(check);
    await db.query(`create temporary table ${table}_stored (like ${table}) on commit drop`);
    await db.query(
      `with gone as (delete from ${table} where user_id = $1 and base_currency = $2 returning *)
       insert into ${table}_stored select * from gone`,
      [userId, base],
    );
  }
  await db.query('update rollup_state set built_at = null where user_id = $1 and base_currency = $2', [userId, base]);
}

/**
 * The first row of each table that differs from what was put aside, up to a day: later ones may still look different as
 * prices arrive.
 */
export async function differencesAside(db: Db, userId: string, base: string, upTo: Day): Promise<Difference[]> {
  const differences: Difference[] = [];
  for (const check of Object.keys(TABLES) as Check[]) {
    const columns = TABLES[check];
    const shown = (side: string): string =>
      `case when ${side}.user_id is null then 'no row' else concat_ws(', ', ${columns
        .map((column) => `'${column} ' || coalesce(${side}.${column}::text, 'unknown')`)
        .join(', ')}) end`;
    const tuple = (side: string): string => columns.map((column) => `${side}.${column}`).join(', ');
    const [row] = await rowsOf<{ where: string; stored: string; expected: string }>(
      db,
      `select format('%s %s on %s in ${base}', scope, scope_id, day) as where,
         ${shown('stored')} as stored, ${shown('built')} as expected
       from ${tableOf(check)}_stored as stored
       full join (select * from ${tableOf(check)} where user_id = $1 and base_currency = $2) as built
         using (scope, scope_id, day)
       where day < $3 and (stored.user_id is null or built.user_id is null
         or (${tuple('stored')}) is distinct from (${tuple('built')}))
       order by day, array_position(array['holding', 'account', 'institution', 'user'], scope), scope_id limit 1`,
      [userId, base, upTo],
    );
    if (row) differences.push({ check, ...row });
  }
  return differences;
}
