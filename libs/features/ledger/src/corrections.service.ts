import { Injectable } from '@nestjs/common';
import { type Db, rowsOf } from '@scani/database';
import type { TransactionKind } from '@scani/domain';
import { decimal } from '@scani/money';
import { Conflict, NotFound } from '@scani/runtime';
import { EFFECTIVE_OBSERVATION, EFFECTIVE_TRANSACTION } from './effective.js';
import { LedgerService, type ObservationDraft, type TransactionDraft } from './ledger.service.js';

interface RowToReverse {
  id: string;
  account_id: string;
  asset_id: string;
  kind: TransactionKind;
  quantity: string;
  occurred_at: Date;
  price: string | null;
  price_asset_id: string | null;
  fee: string | null;
  fee_asset_id: string | null;
  source: string;
  external_id: string;
}

interface RowToRetract {
  id: string;
  account_id: string;
  asset_id: string;
  balance: string;
  at: Date;
  source: string;
  external_id: string;
}

const SOURCE = 'correction';

/** Takes evidence back, by rows of its own: nothing is ever changed or removed. */
@Injectable()
export class CorrectionsService {
  constructor(private readonly ledger: LedgerService) {}

  /**
   * Records for each of these transactions the one that takes it back: the same with the other sign, at the same
   * instant. Those of a corporate action go together, and links to other transactions are dissolved. What is taken back
   * already is left alone. Returns the ids that were taken back. Joins the caller's transaction.
   */
  async reverse(db: Db, userId: string, transactionIds: readonly string[]): Promise<string[]> {
    const rows = await rowsOf<RowToReverse>(
      db,
      `select transaction.id, holding.account_id, holding.asset_id, transaction.kind, transaction.quantity,
         transaction.occurred_at, transaction.price, transaction.price_asset_id, transaction.fee,
         transaction.fee_asset_id, transaction.source, transaction.external_id
       from transaction join holding on holding.id = transaction.holding_id
       where transaction.user_id = $1 and transaction.kind <> 'opening-balance' and ${EFFECTIVE_TRANSACTION}
         and (transaction.id = any($2) or transaction.action_id in (
           select action_id from transaction as named where named.user_id = $1 and named.id = any($2)))
       order by transaction.sequence`,
      [userId, transactionIds],
    );
    const ids = rows.map((row) => row.id);
    await db.query(
      `delete from transfer_group where user_id = $1
         and id in (select transfer_group_id from transaction where user_id = $1 and id = any($2))`,
      [userId, ids],
    );
    for (const [accountId, of] of inAccounts(rows)) {
      await this.ledger.record(db, {
        userId,
        accountId,
        source: SOURCE,
        transactions: of.map(reversalOf),
        observations: [],
      });
    }
    return ids;
  }

  /** The same for balances that were seen. Returns the ids that were retracted. */
  async retract(db: Db, userId: string, observationIds: readonly string[]): Promise<string[]> {
    const rows = await rowsOf<RowToRetract>(
      db,
      `select observation.id, holding.account_id, holding.asset_id, observation.balance, observation.at,
         observation.source, observation.external_id
       from observation join holding on holding.id = observation.holding_id
       where observation.user_id = $1 and observation.id = any($2) and ${EFFECTIVE_OBSERVATION}
       order by observation.at, observation.id`,
      [userId, observationIds],
    );
    for (const [accountId, of] of inAccounts(rows)) {
      await this.ledger.record(db, {
        userId,
        accountId,
        source: SOURCE,
        transactions: [],
        observations: of.map(retractionOf),
      });
    }
    return rows.map((row) => row.id);
  }

  /** Takes back exactly this transaction. Throws NotFound, and Conflict where there is nothing left to take back. */
  async reverseOne(db: Db, userId: string, id: string): Promise<void> {
    const [row] = await rowsOf<{ kind: TransactionKind; reverses_id: string | null }>(
      db,
      'select kind, reverses_id from transaction where id = $1 and user_id = $2',
      [id, userId],
    );
    if (!row) throw new NotFound('transaction-not-found', 'There is no such transaction.');
    if (row.kind === 'opening-balance') {
      throw new Conflict(
        'opening-balance',
        'An opening balance follows from the other records. Correct those, and it changes by itself.',
      );
    }
    if (row.reverses_id !== null) {
      throw new Conflict('is-reversal', 'This takes another transaction back. Record that one again instead.');
    }
    if ((await this.reverse(db, userId, [id])).length === 0) {
      throw new Conflict('reversed-already', 'This transaction has been taken back already.');
    }
  }

  /** Takes back exactly this observation. Throws NotFound, and Conflict where there is nothing left to take back. */
  async retractOne(db: Db, userId: string, id: string): Promise<void> {
    const [row] = await rowsOf<{ retracts_id: string | null }>(
      db,
      'select retracts_id from observation where id = $1 and user_id = $2',
      [id, userId],
    );
    if (!row || row.retracts_id !== null) throw new NotFound('observation-not-found', 'There is no such observation.');
    if ((await this.retract(db, userId, [id])).length === 0) {
      throw new Conflict('retracted-already', 'This balance has been taken back already.');
    }
  }
}

const inAccounts = <T extends { account_id: string }>(rows: readonly T[]): [string, T[]][] =>
  [...Map.groupBy(rows, (row) => row.account_id)].sort(([one], [other]) => (one < other ? -1 : 1));

function reversalOf(row: RowToReverse): TransactionDraft {
  return {
    assetId: row.asset_id,
    kind: row.kind,
    quantity: decimal(row.quantity).neg(),
    occurredAt: row.occurred_at,
    ...(row.price !== null && row.price_asset_id
      ? { price: { value: decimal(row.price), assetId: row.price_asset_id } }
      : {}),
    ...(row.fee !== null && row.fee_asset_id ? { fee: { quantity: decimal(row.fee), assetId: row.fee_asset_id } } : {}),
    externalId: `${row.source}:${row.external_id}`,
    reversesId: row.id,
  };
}

function retractionOf(row: RowToRetract): ObservationDraft {
  return {
    assetId: row.asset_id,
    balance: decimal(row.balance),
    at: row.at,
    externalId: `${row.source}:${row.external_id}`,
    retractsId: row.id,
  };
}
