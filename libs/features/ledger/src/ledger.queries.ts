import { Injectable } from '@nestjs/common';
import { type Db, rowOf, rowsOf } from '@scani/database';
import type { CostBasisMethod, Evidence, Movement, Settlement, Sighting } from '@scani/domain';
import { ASSET_COLUMNS, type AssetRow } from '@scani/market';
import { decimal } from '@scani/money';
import { NotFound } from '@scani/runtime';
import { EFFECTIVE_OBSERVATION, EFFECTIVE_TRANSACTION } from './effective.js';

export interface AccountRow {
  id: string;
  name: string;
  kind: 'asset' | 'liability';
  currency: string;
  archived_at: Date | null;
  /** Null: the person's own. */
  cost_basis_method: CostBasisMethod | null;
  created_at: Date;
  institution_id: string;
  institution_name: string;
  institution_kind: string;
  group_ids: string[];
}

export interface HoldingRow {
  id: string;
  account_id: string;
  balance: string;
  balance_at: Date | null;
  hidden: boolean;
  /** Since when it is empty for good; lists leave it out. */
  closed_at: Date | null;
  /** More came in than was ever seen: transactions before the first balance are missing. */
  missing_inflows: boolean;
  scam_probability: string;
  group_ids: string[];
  asset: AssetRow;
  account: AccountRow;
}

interface SettlementRow {
  id: string;
  liability: boolean;
  first_at: Date | null;
  first_balance: string | null;
  last_at: Date | null;
  last_balance: string | null;
  first_row_at: Date | null;
  last_row_at: Date | null;
  explained: string;
  since: string;
}

const ACCOUNT_COLUMNS = `account.id, account.name, account.kind, account.currency, account.archived_at, account.cost_basis_method, account.created_at,
  institution.id as institution_id, institution.name as institution_name, institution.kind as institution_kind,
  array(select group_id from group_account where group_account.account_id = account.id order by group_id) as group_ids`;

/** What the ledger tells its neighbours. Every question names the user whose rows may be seen. */
@Injectable()
export class LedgerQueries {
  accounts(db: Db, userId: string): Promise<AccountRow[]> {
    return rowsOf<AccountRow>(
      db,
      `select ${ACCOUNT_COLUMNS} from account join institution on institution.id = account.institution_id
       where account.user_id = $1 order by account.archived_at nulls first, lower(account.name), account.id`,
      [userId],
    );
  }

  async account(db: Db, userId: string, id: string): Promise<AccountRow> {
    const row = await rowOf<AccountRow>(
      db,
      `select ${ACCOUNT_COLUMNS} from account join institution on institution.id = account.institution_id
       where account.user_id = $1 and account.id = $2`,
      [userId, id],
    );
    if (!row) throw new NotFound('account-not-found', 'There is no such account.');
    return row;
  }

  /** Holdings with what they hold and where they are; all of them, the counted and the uncounted. */
  async holdings(db: Db, userId: string): Promise<HoldingRow[]> {
    const accounts = new Map((await this.accounts(db, userId)).map((account) => [account.id, account]));
    const rows = await rowsOf<Omit<HoldingRow, 'asset' | 'account'> & AssetRow & { holding_id: string }>(
      db,
      `select holding.id as holding_id, holding.account_id, holding.balance, holding.balance_at, holding.hidden, holding.closed_at, holding.missing_inflows, asset.scam_probability,
         array(select group_id from group_holding where group_holding.holding_id = holding.id order by group_id) as group_ids,
         ${ASSET_COLUMNS}
       from holding join asset on asset.id = holding.asset_id where holding.user_id = $1 order by holding.id`,
      [userId],
    );
    return rows.map((row) => ({
      id: row.holding_id,
      account_id: row.account_id,
      balance: row.balance,
      balance_at: row.balance_at,
      hidden: row.hidden,
      closed_at: row.closed_at,
      missing_inflows: row.missing_inflows,
      scam_probability: row.scam_probability,
      group_ids: row.group_ids,
      asset: {
        id: row.id,
        user_id: row.user_id,
        symbol: row.symbol,
        name: row.name,
        kind: row.kind,
        market_segment: row.market_segment,
        decimals: row.decimals,
        priced: row.priced,
      },
      account: accounts.get(row.account_id) as AccountRow,
    }));
  }

  async requireHolding(
    db: Db,
    userId: string,
    id: string,
  ): Promise<{ id: string; account_id: string; asset_id: string }> {
    const row = await rowOf<{ id: string; account_id: string; asset_id: string }>(
      db,
      'select id, account_id, asset_id from holding where id = $1 and user_id = $2',
      [id, userId],
    );
    if (!row) throw new NotFound('holding-not-found', 'There is no such holding.');
    return row;
  }

  /** What settles each of these holdings, added up by the database: a ledger may have very many rows. */
  async settlements(
    db: Db,
    userId: string,
    holdingIds: readonly string[],
  ): Promise<(Settlement & { holdingId: string; lastAt: Date | null })[]> {
    const edge = `from transaction where transaction.holding_id = holding.id and transaction.kind <> 'opening-balance'
      and ${EFFECTIVE_TRANSACTION}`;
    const rows = await rowsOf<SettlementRow>(
      db,
      `select holding.id, account.kind = 'liability' as liability, first.at as first_at, first.balance as first_balance,
         last.at as last_at, last.balance as last_balance, rows.first_at as first_row_at, rows.last_at as last_row_at,
         coalesce(rows.explained, 0) as explained, coalesce(rows.since, 0) as since
       from holding
       join account on account.id = holding.account_id
       left join lateral (select at, balance from observation where holding_id = holding.id and ${EFFECTIVE_OBSERVATION}
                          order by at, recorded_at desc, id desc limit 1) as first on true
       left join lateral (select at, balance from observation where holding_id = holding.id and ${EFFECTIVE_OBSERVATION}
                          order by at desc, recorded_at desc, id desc limit 1) as last on true
       -- A row and its reversal have one instant, so the sums need not leave them out.
       left join lateral (
         select sum(quantity) filter (where first.at is null or occurred_at <= first.at) as explained,
           sum(quantity) filter (where occurred_at > last.at) as since,
           (select occurred_at ${edge} order by occurred_at limit 1) as first_at,
           (select occurred_at ${edge} order by occurred_at desc limit 1) as last_at
         from transaction where holding_id = holding.id and kind <> 'opening-balance') as rows on true
       where holding.user_id = $1 and holding.id = any($2) order by holding.id`,
      [userId, holdingIds],
    );
    return rows.map(settlementOf);
  }

  /** All that is known of these holdings (of all when left out), in the order of time. */
  async evidenceOf(db: Db, userId: string, holdingIds?: readonly string[]): Promise<Map<string, Evidence>> {
    const only = holdingIds ?? null;
    const holdings = await rowsOf<{ id: string; liability: boolean }>(
      db,
      `select holding.id, account.kind = 'liability' as liability from holding join account on account.id = holding.account_id
       where holding.user_id = $1 and ($2::uuid[] is null or holding.id = any($2)) order by holding.id`,
      [userId, only],
    );
    const movements = await rowsOf<{ holding_id: string; at: Date; quantity: string; opening: boolean }>(
      db,
      `select holding_id, occurred_at as at, quantity, kind = 'opening-balance' as opening from transaction
       where user_id = $1 and ($2::uuid[] is null or holding_id = any($2)) and ${EFFECTIVE_TRANSACTION}
       order by occurred_at, sequence`,
      [userId, only],
    );
    const sightings = await this.sightingsOf(db, userId, holdingIds);
    const found = new Map(
      holdings.map(({ id, liability }) => [
        id,
        { movements: [] as Movement[], sightings: sightings.get(id) ?? [], liability },
      ]),
    );
    for (const row of movements) {
      found
        .get(row.holding_id)
        ?.movements.push({ at: row.at.getTime(), quantity: decimal(row.quantity), opening: row.opening });
    }
    return found;
  }

  /** The balances that were seen of these holdings (of all when left out), in the order of time. */
  async sightingsOf(db: Db, userId: string, holdingIds?: readonly string[]): Promise<Map<string, Sighting[]>> {
    const rows = await rowsOf<{ holding_id: string; at: Date; balance: string }>(
      db,
      `select holding_id, at, balance from observation
       where user_id = $1 and ($2::uuid[] is null or holding_id = any($2)) and ${EFFECTIVE_OBSERVATION}
       order by at, recorded_at, id`,
      [userId, holdingIds ?? null],
    );
    const seen = Map.groupBy(rows, (row) => row.holding_id);
    return new Map(
      [...seen].map(([id, of]) => [id, of.map((row) => ({ at: row.at.getTime(), balance: decimal(row.balance) }))]),
    );
  }
}

function settlementOf(row: SettlementRow): Settlement & { holdingId: string; lastAt: Date | null } {
  const sighting = (at: Date | null, balance: string | null): Sighting | undefined =>
    at === null || balance === null ? undefined : { at: at.getTime(), balance: decimal(balance) };
  const starts = [row.first_at, row.first_row_at].flatMap((at) => at?.getTime() ?? []);
  const ends = [row.last_at, row.last_row_at].flatMap((at) => at?.getTime() ?? []);
  return {
    holdingId: row.id,
    first: sighting(row.first_at, row.first_balance),
    last: sighting(row.last_at, row.last_balance),
    start: starts.length === 0 ? undefined : Math.min(...starts),
    explained: decimal(row.explained),
    since: decimal(row.since),
    liability: row.liability,
    lastAt: ends.length === 0 ? null : new Date(Math.max(...ends)),
  };
}
