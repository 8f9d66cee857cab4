import { type Db, rowOf } from '@scani/database';

/** A row's own version: another one whenever the row was written, whatever was written. */
const written = (table: string): string => `sum(hashtext(${table}.xmin::text || ${table}.ctid::text)::bigint)`;
const owned = (table: string): string =>
  `(select concat(count(*), '.', ${written(table)}) from ${table} where user_id = $1)`;

/**
 * Something short that is another whenever what figures of now and stored figures of a person are made of is another:
 * what is held where, how it is grouped, what the assets are, the newest price of all, what was noted and followed.
 * Asked of the database, so that it holds whichever process wrote.
 */
export async function versionOf(db: Db, userId: string): Promise<string> {
  const row = await rowOf<{ version: string }>(
    db,
    `select concat_ws(':', (select max(id) from price), (select max(id) from evidence_change where user_id = $1),
       ${['institution', 'account', 'holding', 'groups', 'group_holding', 'group_account', 'rollup_state'].map(owned).join(', ')},
       (select ${written('asset')} from holding join asset on asset.id = holding.asset_id where holding.user_id = $1),
       (select count(*) from holding join asset_identity on asset_identity.asset_id = holding.asset_id where holding.user_id = $1)
     ) as version`,
    [userId],
  );
  return row?.version ?? '';
}
