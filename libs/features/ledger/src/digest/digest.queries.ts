import { Injectable } from '@nestjs/common';
import { type Db, rowsOf } from '@scani/database';
import { digestOfRows, type DigestRow, type HoldingDigest } from './ledger.digest.js';

/** A holding's digest as it was taken, of the rows that had been recorded up to an instant. */
export interface TakenDigest extends HoldingDigest {
  holdingId: string;
  /** ISO instant with microseconds: Postgres' own. */
  upTo: string;
  takenAt: Date;
}

const assetKey = (table: string): string => `${table}.kind || ':' || ${table}.symbol || ':' || ${table}.market_segment`;
const instant = (column: string): string => `to_char(${column} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`;

/*
 * Numbers in Postgres' shortest notation, assets under their public names, and what a row takes back under its source and
 * external id: ids of rows are random, and the same evidence must give the same digest wherever it is recorded.
 */
const TRANSACTION_ROW = `json_build_array('transaction', transaction.kind, trim_scale(transaction.quantity)::text,
  ${instant('transaction.occurred_at')}, trim_scale(transaction.price)::text, ${assetKey('price_asset')},
  trim_scale(transaction.fee)::text, ${assetKey('fee_asset')}, transaction.counterparty, transaction.description,
  transaction.source, transaction.external_id, transaction.raw::text, reversed.source, reversed.external_id,
  action.kind, trim_scale(action.ratio_new)::text, trim_scale(action.ratio_old)::text, trim_scale(action.cost_share)::text)`;

const OBSERVATION_ROW = `json_build_array('observation', trim_scale(observation.balance)::text,
  ${instant('observation.at')}, observation.source, observation.external_id, retracted.source, retracted.external_id)`;

const TAKEN = `select ledger_digest.holding_id, ledger_digest.rows, ledger_digest.digest, ${instant('ledger_digest.up_to')} as up_to,
    ledger_digest.taken_at, institution.name as institution, account.name as account, ${assetKey('asset')} as asset
  from ledger_digest
  join holding on holding.id = ledger_digest.holding_id
  join asset on asset.id = holding.asset_id
  join account on account.id = holding.account_id
  join institution on institution.id = account.institution_id`;

interface TakenRow {
  holding_id: string;
  rows: number;
  digest: string;
  up_to: string;
  taken_at: Date;
  institution: string;
  account: string;
  asset: string;
}

/** Digests of what the ledger says. */
@Injectable()
export class DigestQueries {
  /** The rows of a holding that count for its digest: all evidence, never the synthesised opening balance. */
  async rows(db: Db, userId: string, holdingId: string, upTo: string | null): Promise<DigestRow[]> {
    const rows = await rowsOf<{ row: DigestRow }>(
      db,
      `select ${TRANSACTION_ROW} as row from transaction
       left join asset as price_asset on price_asset.id = transaction.price_asset_id
       left join asset as fee_asset on fee_asset.id = transaction.fee_asset_id
       left join transaction as reversed on reversed.id = transaction.reverses_id
       left join corporate_action as action on action.id = transaction.action_id
       where transaction.user_id = $1 and transaction.holding_id = $2 and transaction.kind <> 'opening-balance'
         and transaction.recorded_at <= coalesce($3::timestamptz, 'infinity')
       union all
       select ${OBSERVATION_ROW} from observation
       left join observation as retracted on retracted.id = observation.retracts_id
       where observation.user_id = $1 and observation.holding_id = $2
         and observation.recorded_at <= coalesce($3::timestamptz, 'infinity')`,
      [userId, holdingId, upTo],
    );
    return rows.map(({ row }) => row);
  }

  /** The digests that were taken of a person's holdings. */
  async taken(db: Db, userId: string): Promise<TakenDigest[]> {
    const rows = await rowsOf<TakenRow>(
      db,
      `${TAKEN} where ledger_digest.user_id = $1 order by institution.name, account.name, asset, ledger_digest.holding_id`,
      [userId],
    );
    return rows.map(({ holding_id: holdingId, up_to: upTo, taken_at: takenAt, ...rest }) => ({
      ...rest,
      holdingId,
      upTo,
      takenAt,
    }));
  }

  /**
   * Takes the digests of those holdings of an account whose evidence has changed since the last time. Holds the account
   * meanwhile, so that what is recorded later bears a later time. Joins the caller's transaction.
   */
  async take(db: Db, userId: string, accountId: string): Promise<number> {
    await db.query('select 1 from account where id = $1 and user_id = $2 for update', [accountId, userId]);
    const changed = await rowsOf<{ id: string; now: string }>(
      db,
      `select holding.id, ${instant('clock_timestamp()')} as now from holding
       left join ledger_digest on ledger_digest.holding_id = holding.id
       where holding.account_id = $1 and holding.user_id = $2 and (ledger_digest.holding_id is null
         or exists (select 1 from transaction where transaction.holding_id = holding.id
                      and transaction.kind <> 'opening-balance' and transaction.recorded_at > ledger_digest.up_to)
         or exists (select 1 from observation where observation.holding_id = holding.id
                      and observation.recorded_at > ledger_digest.up_to))
       order by holding.id`,
      [accountId, userId],
    );
    for (const { id, now } of changed) {
      const rows = await this.rows(db, userId, id, now);
      await db.query(
        `insert into ledger_digest (user_id, holding_id, rows, up_to, digest) values ($1, $2, $3, $4, $5)
         on conflict (holding_id) do update
           set rows = excluded.rows, up_to = excluded.up_to, digest = excluded.digest, taken_at = now()`,
        [userId, id, rows.length, now, digestOfRows(rows)],
      );
    }
    return changed.length;
  }
}
