import { Injectable } from '@nestjs/common';
import { rowOf } from '@scani/database';
import {
  AccountsService,
  type AccountRow,
  type CreateAccount,
  type HoldingRow,
  ledgerChanged,
  LedgerQueries,
  noteChanges,
  ObservationsService,
  type UpdateAccount,
} from '@scani/ledger';
import { JobQueue } from '@scani/jobs';
import { assetOf, AssetsService, PricesService } from '@scani/market';
import { addDays, type Decimal, decimal, decimalText } from '@scani/money';
import { Invalid, NotFound, pageOf, readCursor } from '@scani/runtime';
import { DataSource } from 'typeorm';
import { changeOf, shownFigure } from '../figure.dto.js';
import { RollupQueries } from '../rollup/rollup.queries.js';
import { reasonOf, type Valuation, ValuationQueries } from '../valuation.queries.js';
import type {
  Account,
  AccountList,
  CreateHolding,
  Holding,
  HoldingPage,
  HoldingQuery,
  InstitutionRef,
} from './positions.dto.js';

const SPARK_DAYS = 30;

/** Accounts and holdings with what they are worth, and the ways to add and change them. */
@Injectable()
export class PositionsService {
  constructor(
    private readonly source: DataSource,
    private readonly valuations: ValuationQueries,
    private readonly rollups: RollupQueries,
    private readonly ledger: LedgerQueries,
    private readonly accounts: AccountsService,
    private readonly observations: ObservationsService,
    private readonly assets: AssetsService,
    private readonly prices: PricesService,
    private readonly jobs: JobQueue,
  ) {}

  async listAccounts(userId: string): Promise<AccountList> {
    const valuation = await this.valuationOf(userId);
    const rows = await this.ledger.accounts(this.source, userId);
    return { items: rows.map((row) => shownAccount(row, valuation)), base: valuation.base.code };
  }

  async getAccount(userId: string, id: string): Promise<Account> {
    const row = await this.ledger.account(this.source, userId, id);
    return shownAccount(row, await this.valuationOf(userId));
  }

  async createAccount(userId: string, wanted: CreateAccount): Promise<Account> {
    return this.getAccount(userId, await this.accounts.create(userId, wanted));
  }

  async updateAccount(userId: string, id: string, changes: UpdateAccount): Promise<Account> {
    await this.accounts.update(userId, id, changes);
    return this.getAccount(userId, id);
  }

  async listHoldings(userId: string, query: HoldingQuery): Promise<HoldingPage> {
    const valuation = await this.valuationOf(userId);
    const show = await this.showing(valuation);
    const after = readCursor(query.cursor, 1)?.[0];
    const all = valuation.holdings
      .filter((holding) => matches(holding, query))
      .map(show)
      .sort(order(query.sort ?? 'value'));
    const start = after === undefined ? 0 : all.findIndex((holding) => holding.id === after) + 1;
    const page = pageOf(
      all.slice(start, start + query.limit + 1),
      query.limit,
      (holding) => holding,
      (holding) => [holding.id],
    );
    return { ...page, base: valuation.base.code };
  }

  async getHolding(userId: string, id: string): Promise<Holding> {
    const valuation = await this.valuationOf(userId);
    const row = valuation.holdings.find((holding) => holding.id === id);
    if (!row) throw new NotFound('holding-not-found', 'There is no such holding.');
    return (await this.showing(valuation))(row);
  }

  async createHolding(userId: string, wanted: CreateHolding): Promise<Holding> {
    const holdingId = await this.source.transaction(async (db) => {
      const account = await this.ledger.account(db, userId, wanted.accountId);
      await this.assets.get(db, userId, wanted.assetId);
      if (account.kind === 'asset' && decimal(wanted.balance).isNegative()) {
        throw new Invalid(
          'negative-balance',
          'An asset account holds zero or more. Use a liability account for what you owe.',
          [{ pointer: '/balance', detail: 'must not be negative in this account' }],
        );
      }
      if (wanted.price)
        await this.prices.recordOwn(db, userId, wanted.assetId, {
          ...wanted.price,
          ...(wanted.at ? { at: wanted.at } : {}),
        });
      const seen = await this.observations.record(
        db,
        userId,
        wanted.accountId,
        wanted.assetId,
        wanted.balance,
        wanted.at,
      );
      return seen.holdingId;
    });
    return this.getHolding(userId, holdingId);
  }

  async hide(userId: string, id: string, hidden: boolean): Promise<Holding> {
    await this.source.transaction(async (db) => {
      const row = await rowOf(db, 'update holding set hidden = $3 where id = $1 and user_id = $2 returning id', [
        id,
        userId,
        hidden,
      ]);
      if (!row) throw new NotFound('holding-not-found', 'There is no such holding.');
      await noteChanges(db, userId, [{ holdingId: id, fromDay: null }]);
      await this.jobs.ask(db, ledgerChanged, { userId });
    });
    return this.getHolding(userId, id);
  }

  private async valuationOf(userId: string): Promise<Valuation> {
    return this.valuations.now(this.source, userId, await this.valuations.base(this.source, userId, undefined));
  }

  private showing(valuation: Valuation): Promise<(row: HoldingRow) => Holding> {
    return valuation.once('holdings', async () => {
      const show = await this.shower(valuation);
      const shown = new Map(valuation.holdings.map((row) => [row, show(row)]));
      return (row) => shown.get(row) ?? show(row);
    });
  }

  private async shower(valuation: Valuation): Promise<(row: HoldingRow) => Holding> {
    const { userId, base, today } = valuation;
    const yesterday = addDays(today, -1);
    const ids = valuation.holdings.map((holding) => holding.id);
    const before = await this.rollups.valuesOn(this.source, userId, base.code, 'holding', ids, [yesterday]);
    const sparks = await this.rollups.sparks(this.source, userId, base.code, ids, addDays(today, -SPARK_DAYS));
    return (row) => shownHolding(row, valuation, before.get(`${row.id}:${yesterday}`), sparks.get(row.id) ?? []);
  }
}

function shownHolding(
  row: HoldingRow,
  valuation: Valuation,
  before: Decimal | undefined,
  spark: (string | null)[],
): Holding {
  const figure = valuation.figureOf('holding', row.id);
  const rate = valuation.rateOf(row);
  const uncounted = reasonOf(row);
  return {
    id: row.id,
    account: {
      id: row.account.id,
      name: row.account.name,
      kind: row.account.kind,
      institution: institutionOf(row.account),
    },
    asset: assetOf(row.asset),
    balance: row.balance,
    balanceAt: row.balance_at?.toISOString() ?? null,
    price: rate
      ? {
          value: decimalText(rate.value.toSignificantDigits(18)),
          currency: valuation.base.code,
          at: new Date(rate.effectiveAt).toISOString(),
          stale: rate.stale,
          source: [...new Set(rate.legs.map((leg) => leg.source))].join(' + '),
        }
      : null,
    value: shownFigure(figure, valuation.base.code),
    change: changeOf(figure?.amount, before),
    hidden: row.hidden,
    closed: row.closed_at !== null,
    counted: uncounted === null,
    uncounted,
    groupIds: row.group_ids,
    spark,
  };
}

function shownAccount(row: AccountRow, valuation: Valuation): Account {
  return {
    id: row.id,
    name: row.name,
    kind: row.kind,
    currency: row.currency,
    institution: institutionOf(row),
    archived: row.archived_at !== null,
    costBasisMethod: row.cost_basis_method,
    holdings: valuation.holdings.filter((holding) => holding.account_id === row.id).length,
    value: shownFigure(valuation.figureOf('account', row.id), valuation.base.code),
    groupIds: row.group_ids,
    createdAt: row.created_at.toISOString(),
  };
}

const institutionOf = (row: AccountRow): InstitutionRef => ({
  id: row.institution_id,
  name: row.institution_name,
  kind: row.institution_kind as InstitutionRef['kind'],
});

function matches(holding: HoldingRow, query: HoldingQuery): boolean {
  if (query.accountId && holding.account_id !== query.accountId) return false;
  if (holding.closed_at !== null && query.closed !== true) return false;
  if (query.hidden !== undefined && holding.hidden !== query.hidden) return false;
  const groups = [...holding.group_ids, ...holding.account.group_ids];
  return query.groupId === undefined || groups.includes(query.groupId);
}

/** Unknown values come last, whichever way the rest is sorted. */
function order(sort: NonNullable<HoldingQuery['sort']>): (one: Holding, other: Holding) => number {
  const byName = (one: Holding, other: Holding): number =>
    one.asset.symbol.localeCompare(other.asset.symbol, 'en') || (one.id < other.id ? -1 : 1);
  if (sort === 'name') return byName;
  const amountOf = (holding: Holding): string | null =>
    sort === 'value' ? holding.value.amount : (holding.change?.amount ?? null);
  return (one, other) => {
    const [first, second] = [amountOf(one), amountOf(other)];
    if (first === null || second === null)
      return Number(first === null) - Number(second === null) || byName(one, other);
    return decimal(second).cmp(decimal(first)) || byName(one, other);
  };
}
