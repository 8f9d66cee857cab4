import { Injectable } from '@nestjs/common';
import { type Db, rowOf, rowsOf } from '@scani/database';
import { signedQuantity, type TransactionKind } from '@scani/domain';
import { AssetsService } from '@scani/market';
import { decimal } from '@scani/money';
import { Invalid, type Page, pageOf, readCursor } from '@scani/runtime';
import { randomUUIDv7 } from 'node:crypto';
import { DataSource } from 'typeorm';
import { CorrectionsService } from '../corrections.service.js';
import { LedgerQueries } from '../ledger.queries.js';
import { LedgerService, type TransactionDraft } from '../ledger.service.js';
import { type TransferLink, TransfersQueries } from '../transfers/transfers.queries.js';
import type { CreateTransaction, Transaction } from './entries.dto.js';

interface EntryRow {
  id: string;
  holding_id: string;
  symbol: string;
  account_name: string;
  kind: TransactionKind;
  quantity: string;
  occurred_at: Date;
  recorded_at: Date;
  price: string | null;
  price_currency: string | null;
  fee: string | null;
  fee_currency: string | null;
  description: string | null;
  counterparty: string | null;
  source: string;
  import_id: string | null;
  transfer_group_id: string | null;
  sequence: string;
  reverses_id: string | null;
  reversed_by_id: string | null;
  balance_after: string | null;
}

const COLUMNS = `transaction.id, transaction.holding_id, asset.symbol, account.name as account_name, transaction.kind,
  transaction.quantity, transaction.occurred_at, transaction.recorded_at, transaction.price, price_asset.symbol as price_currency,
  transaction.fee, fee_asset.symbol as fee_currency, transaction.description, transaction.counterparty, transaction.source,
  transaction.import_id, transaction.transfer_group_id, transaction.sequence, transaction.reverses_id, reversal.id as reversed_by_id`;

const TABLES = `transaction
  join holding on holding.id = transaction.holding_id
  join asset on asset.id = holding.asset_id
  join account on account.id = holding.account_id
  left join asset as price_asset on price_asset.id = transaction.price_asset_id
  left join asset as fee_asset on fee_asset.id = transaction.fee_asset_id
  left join transaction as reversal on reversal.reverses_id = transaction.id`;

const FARTHEST_AHEAD_MS = 60_000;

/** What happened, newest first, and the way to type it in. */
@Injectable()
export class EntriesService {
  constructor(
    private readonly source: DataSource,
    private readonly queries: LedgerQueries,
    private readonly ledger: LedgerService,
    private readonly assets: AssetsService,
    private readonly corrections: CorrectionsService,
    private readonly transfers: TransfersQueries,
  ) {}

  async ofHolding(
    userId: string,
    holdingId: string,
    limit: number,
    cursor: string | undefined,
  ): Promise<Page<Transaction>> {
    await this.queries.requireHolding(this.source, userId, holdingId);
    const after = readCursor(cursor, 2);
    const rows = await rowsOf<EntryRow>(
      this.source,
      `select * from (
         select ${COLUMNS}, sum(transaction.quantity) over (order by transaction.occurred_at, transaction.sequence) as balance_after
         from ${TABLES} where transaction.user_id = $1 and transaction.holding_id = $2) as entry
       where $3::timestamptz is null or (occurred_at, sequence) < ($3, $4::bigint)
       order by occurred_at desc, sequence desc limit $5`,
      [userId, holdingId, after?.[0] ?? null, after?.[1] ?? null, limit + 1],
    );
    return this.pageOf(userId, rows, limit);
  }

  async ofUser(userId: string, limit: number, cursor: string | undefined): Promise<Page<Transaction>> {
    const after = readCursor(cursor, 2);
    const rows = await rowsOf<EntryRow>(
      this.source,
      `select ${COLUMNS}, null as balance_after from ${TABLES}
       where transaction.user_id = $1 and ($2::timestamptz is null or (transaction.occurred_at, transaction.sequence) < ($2, $3::bigint))
       order by transaction.occurred_at desc, transaction.sequence desc limit $4`,
      [userId, after?.[0] ?? null, after?.[1] ?? null, limit + 1],
    );
    return this.pageOf(userId, rows, limit);
  }

  private async pageOf(userId: string, rows: readonly EntryRow[], limit: number): Promise<Page<Transaction>> {
    const links = await this.transfers.linksOf(this.source, userId, rows.slice(0, limit));
    return pageOf(rows, limit, (row) => shown(row, links.get(row.id)), keyOf);
  }

  create(userId: string, holdingId: string, wanted: CreateTransaction): Promise<Transaction> {
    return this.source.transaction(async (db) => {
      const holding = await this.queries.requireHolding(db, userId, holdingId);
      return this.record(db, userId, holding, wanted);
    });
  }

  /** Takes a transaction back; returns the row that does so. */
  reverse(userId: string, id: string): Promise<Transaction> {
    return this.source.transaction(async (db) => {
      await this.corrections.reverseOne(db, userId, id);
      return this.one(db, userId, 'transaction.reverses_id = $2', [id]);
    });
  }

  /** Takes a transaction back and records in its holding what was right; returns that. */
  correct(userId: string, id: string, wanted: CreateTransaction): Promise<Transaction> {
    return this.source.transaction(async (db) => {
      await this.corrections.reverseOne(db, userId, id);
      const { holdingId } = await this.one(db, userId, 'transaction.id = $2', [id]);
      return this.record(db, userId, await this.queries.requireHolding(db, userId, holdingId), wanted);
    });
  }

  private async record(
    db: Db,
    userId: string,
    holding: { id: string; account_id: string; asset_id: string },
    wanted: CreateTransaction,
  ): Promise<Transaction> {
    const externalId = randomUUIDv7();
    const draft = await this.draftOf(db, holding.asset_id, externalId, wanted);
    await this.ledger.record(db, {
      userId,
      accountId: holding.account_id,
      source: 'user',
      transactions: [draft],
      observations: [],
    });
    return this.one(
      db,
      userId,
      `transaction.holding_id = $2 and transaction.source = 'user' and transaction.external_id = $3`,
      [holding.id, externalId],
    );
  }

  private async one(db: Db, userId: string, which: string, parameters: readonly string[]): Promise<Transaction> {
    const row = await rowOf<EntryRow>(
      db,
      `select ${COLUMNS}, null as balance_after from ${TABLES} where transaction.user_id = $1 and ${which}`,
      [userId, ...parameters],
    );
    const links = await this.transfers.linksOf(db, userId, row ? [row] : []);
    return shown(row as EntryRow, row && links.get(row.id));
  }

  private async draftOf(
    db: Db,
    assetId: string,
    externalId: string,
    wanted: CreateTransaction,
  ): Promise<TransactionDraft> {
    const occurredAt = new Date(wanted.occurredAt);
    const quantity = signedQuantity(wanted.kind, decimal(wanted.quantity));
    if (quantity.isZero()) refuse('zero-quantity', 'A transaction moves something.', '/quantity', 'must not be zero');
    if (occurredAt.getTime() > Date.now() + FARTHEST_AHEAD_MS) {
      refuse('in-future', 'A transaction is something that has happened.', '/occurredAt', 'must not be later than now');
    }
    if ((wanted.price === undefined) !== (wanted.priceCurrency === undefined)) {
      refuse(
        'price-currency',
        'A price needs its currency, and the other way round.',
        '/priceCurrency',
        'give it together with /price',
      );
    }
    if ((wanted.fee === undefined) !== (wanted.feeCurrency === undefined)) {
      refuse(
        'fee-currency',
        'A fee needs its currency, and the other way round.',
        '/feeCurrency',
        'give it together with /fee',
      );
    }
    return {
      assetId,
      kind: wanted.kind,
      quantity,
      occurredAt,
      externalId,
      ...(wanted.price && wanted.priceCurrency
        ? {
            price: {
              value: decimal(wanted.price),
              assetId: await this.assets.currencyId(db, wanted.priceCurrency, '/priceCurrency'),
            },
          }
        : {}),
      ...(wanted.fee && wanted.feeCurrency
        ? {
            fee: {
              quantity: decimal(wanted.fee),
              assetId: await this.assets.currencyId(db, wanted.feeCurrency, '/feeCurrency'),
            },
          }
        : {}),
      ...(wanted.description ? { description: wanted.description } : {}),
    };
  }
}

function refuse(code: string, sentence: string, pointer: string, detail: string): never {
  throw new Invalid(code, sentence, [{ pointer, detail }]);
}

const keyOf = (row: EntryRow): string[] => [row.occurred_at.toISOString(), row.sequence];

const shown = (row: EntryRow, transfer: TransferLink | undefined): Transaction => ({
  id: row.id,
  holdingId: row.holding_id,
  symbol: row.symbol,
  accountName: row.account_name,
  kind: row.kind,
  quantity: row.quantity,
  occurredAt: row.occurred_at.toISOString(),
  recordedAt: row.recorded_at.toISOString(),
  price: row.price !== null && row.price_currency !== null ? { value: row.price, currency: row.price_currency } : null,
  fee: row.fee !== null && row.fee_currency !== null ? { quantity: row.fee, currency: row.fee_currency } : null,
  description: row.description,
  counterparty: row.counterparty,
  source: row.source,
  importId: row.import_id,
  transfer: transfer ?? null,
  balanceAfter: row.balance_after,
  reversesId: row.reverses_id,
  reversedById: row.reversed_by_id,
});
