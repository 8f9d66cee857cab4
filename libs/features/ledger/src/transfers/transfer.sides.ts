import type { TransactionKind } from '@scani/domain';
import type { TransferSide } from './transfers.dto.js';

export interface SideRow {
  id: string;
  holding_id: string;
  account_id: string;
  account_name: string;
  institution_name: string;
  symbol: string;
  kind: TransactionKind;
  quantity: string;
  occurred_at: Date;
  day_only: boolean;
  description: string | null;
  counterparty: string | null;
  transfer_group_id: string | null;
  sequence: string;
}

/** SQL of an entry as people know it again. */
export const SIDE_COLUMNS = `transaction.id, transaction.holding_id, account.id as account_id, account.name as account_name,
  institution.name as institution_name, asset.symbol, transaction.kind, transaction.quantity, transaction.occurred_at,
  coalesce(transaction.raw->>'dayOnly' = 'true', false) as day_only, transaction.description, transaction.counterparty,
  transaction.transfer_group_id, transaction.sequence`;

export const SIDE_TABLES = `transaction
  join holding on holding.id = transaction.holding_id
  join asset on asset.id = holding.asset_id
  join account on account.id = holding.account_id
  join institution on institution.id = account.institution_id`;

export const sideOf = (row: SideRow): TransferSide => ({
  id: row.id,
  holdingId: row.holding_id,
  accountId: row.account_id,
  accountName: row.account_name,
  institutionName: row.institution_name,
  symbol: row.symbol,
  kind: row.kind,
  quantity: row.quantity,
  occurredAt: row.occurred_at.toISOString(),
  dayOnly: row.day_only,
  description: row.description,
  counterparty: row.counterparty,
});
