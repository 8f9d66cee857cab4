import { type Db, rowsOf } from '@scani/database';
import { QUANTITY_DECIMALS, REVIEW_WINDOW_MS, type TransferEntry, type TransferPair } from '@scani/domain';
import { fixedOf } from '@scani/money';
import { EFFECTIVE_TRANSACTION } from '../effective.js';

/** An entry that may be linked, or has been by the match. */
export interface LinkableEntry extends TransferEntry {
  groupId: string | null;
}

interface LinkableRow {
  id: string;
  holding_id: string;
  quantity: string;
  occurred_at: Date;
  day_only: boolean;
  transfer_group_id: string | null;
}

interface Place {
  assetId: string;
  bridge: string | null;
}

/** A stretch of time: from an instant (ms) on, up to another. */
export interface Stretch {
  from: number;
  until: number;
}

/** Entries that may be sides of transfers and about which neither the person nor a rule has said anything. */
const LINKABLE = `transaction.user_id = $1 and transaction.kind in ('withdraw', 'deposit', 'transfer-in', 'transfer-out')
  and transaction.quantity <> 0 and (transaction.transfer_group_id is null or transfer_group.decided_by = 'match')`;
/** Farther than any candidate of an entry, and any candidate of that, can be. */
const MARGIN_MS = 3 * REVIEW_WINDOW_MS;

/** Stretches with so many linkable entries each that those of one fit into memory; together they are all of time. */
export async function stretches(db: Db, userId: string, most: number): Promise<Stretch[]> {
  const rows = await rowsOf<{ at: Date }>(
    db,
    `select occurred_at as at from (
       select occurred_at, row_number() over (order by occurred_at) as number
       from transaction left join transfer_group on transfer_group.id = transaction.transfer_group_id
       where ${LINKABLE}) as numbered
     where number % $2 = 0 order by 1`,
    [userId, most],
  );
  const cuts = [...new Set(rows.map((row) => row.at.getTime()))];
  return [-Infinity, ...cuts].map((from, index) => ({ from, until: cuts[index] ?? Infinity }));
}

/** The linkable entries of a stretch, and those around it that matter for what is linked within it. */
export async function linkableEntries(db: Db, userId: string, { from, until }: Stretch): Promise<LinkableEntry[]> {
  const places = await placesOf(db, userId);
  const rows = await rowsOf<LinkableRow>(
    db,
    `select transaction.id, transaction.holding_id, transaction.quantity, transaction.occurred_at,
       coalesce(transaction.raw->>'dayOnly' = 'true', false) as day_only, transaction.transfer_group_id
     from transaction left join transfer_group on transfer_group.id = transaction.transfer_group_id
     where ${LINKABLE} and ${EFFECTIVE_TRANSACTION} and transaction.occurred_at >= $2 and transaction.occurred_at < $3`,
    [userId, ...instants({ from: from - MARGIN_MS, until: until + MARGIN_MS })],
  );
  return rows.flatMap((row) => {
    const place = places.get(row.holding_id);
    // A holding that is newer than the list of places is seen the next time.
    return place ? [{ ...entryOf({ ...row, ...place }), groupId: row.transfer_group_id }] : [];
  });
}

/** As parameters for Postgres, which knows the ends of time too. */
export const instants = ({ from, until }: Stretch): [Date | string, Date | string] => [
  from === -Infinity ? '-infinity' : new Date(from),
  until === Infinity ? 'infinity' : new Date(until),
];

/** SQL for what makes assets one thing on several chains of a wallet; null elsewhere. */
export const BRIDGE = `(select institution.id || ' ' || asset_identity.external_id
  from account join institution on institution.id = account.institution_id and institution.kind = 'wallet'
  join asset_identity on asset_identity.asset_id = holding.asset_id and asset_identity.provider = 'coingecko'
  where account.id = holding.account_id)`;

async function placesOf(db: Db, userId: string): Promise<Map<string, Place>> {
  const rows = await rowsOf<{ id: string; asset_id: string; bridge: string | null }>(
    db,
    `select holding.id, holding.asset_id, ${BRIDGE} as bridge from holding where holding.user_id = $1`,
    [userId],
  );
  return new Map(rows.map((row) => [row.id, { assetId: row.asset_id, bridge: row.bridge }]));
}

export function entryOf(row: Omit<LinkableRow, 'transfer_group_id'> & Place): TransferEntry {
  const out = row.quantity.startsWith('-');
  return {
    id: row.id,
    holdingId: row.holding_id,
    assetId: row.assetId,
    bridge: row.bridge,
    direction: out ? 'out' : 'in',
    size: fixedOf(out ? row.quantity.slice(1) : row.quantity, QUANTITY_DECIMALS),
    at: row.occurred_at.getTime(),
    dayOnly: row.day_only,
  };
}

export async function refusals(db: Db, userId: string): Promise<TransferPair[]> {
  const rows = await rowsOf<{ out_id: string; in_id: string }>(
    db,
    'select out_id, in_id from transfer_refusal where user_id = $1',
    [userId],
  );
  return rows.map((row) => ({ outId: row.out_id, inId: row.in_id }));
}
