import { Injectable } from '@nestjs/common';
import { type Db, rowsOf } from '@scani/database';
import { type CorporateActionKind, QUANTITY_DECIMALS } from '@scani/domain';
import { AssetsService } from '@scani/market';
import { Decimal, decimal, decimalText, ZERO } from '@scani/money';
import { Invalid, type Page, pageOf, readCursor } from '@scani/runtime';
import { randomUUIDv7 } from 'node:crypto';
import { DataSource } from 'typeorm';
import { AnchorQueries, type HoldingAnchors } from '../anchor.queries.js';
import { LedgerQueries } from '../ledger.queries.js';
import { LedgerService } from '../ledger.service.js';
import { type ActionPlan, checkPlan, draftsOf, unitsAfter } from './action.drafts.js';
import type {
  ActionEntry,
  CorporateAction,
  CorporateActionPreview,
  CorporateActionQuery,
  CreateCorporateAction,
} from './actions.dto.js';

interface ActionRow {
  id: string;
  kind: CorporateActionKind;
  occurred_at: Date;
  recorded_at: Date;
  account_id: string;
  account_name: string;
  ratio_new: string | null;
  ratio_old: string | null;
  cost_share: string | null;
  reversed: boolean;
  entries: ActionEntry[];
}

const FARTHEST_AHEAD_MS = 60_000;

/** What companies do to their shares, recorded as a whole: an action and all its rows at once. */
@Injectable()
export class ActionsService {
  constructor(
    private readonly source: DataSource,
    private readonly queries: LedgerQueries,
    private readonly anchors: AnchorQueries,
    private readonly ledger: LedgerService,
    private readonly assets: AssetsService,
  ) {}

  async list(userId: string, { limit, cursor, holdingId }: CorporateActionQuery): Promise<Page<CorporateAction>> {
    const after = readCursor(cursor, 2);
    if (holdingId) await this.queries.requireHolding(this.source, userId, holdingId);
    const rows = await this.rows(this.source, userId, { after, holdingId, id: undefined, limit: limit + 1 });
    return pageOf(rows, limit, shown, (row) => [row.occurred_at.toISOString(), row.id]);
  }

  async create(userId: string, wanted: CreateCorporateAction): Promise<CorporateAction> {
    return this.source.transaction(async (db) => {
      const { plan, accountId } = await this.planOf(db, userId, wanted);
      await db.query(
        `insert into corporate_action (id, user_id, account_id, kind, occurred_at, ratio_new, ratio_old, cost_share)
         values ($1, $2, $3, $4, $5, $6, $7, $8)`,
        [
          plan.id,
          userId,
          accountId,
          plan.kind,
          plan.occurredAt,
          textOf(plan.ratio?.new),
          textOf(plan.ratio?.old),
          textOf(plan.costShare),
        ],
      );
      await this.ledger.record(db, {
        userId,
        accountId,
        source: 'user',
        transactions: draftsOf(plan),
        observations: [],
      });
      const [row] = await this.rows(db, userId, { id: plan.id, after: undefined, holdingId: undefined, limit: 1 });
      return shown(row as ActionRow);
    });
  }

  /** What it would do to the units, without doing it. */
  async preview(userId: string, wanted: CreateCorporateAction): Promise<CorporateActionPreview> {
    const { plan } = await this.planOf(this.source.manager, userId, wanted);
    const after = unitsAfter(plan);
    const other = plan.otherAssetId ? await this.assets.get(this.source.manager, userId, plan.otherAssetId) : undefined;
    const stays = plan.kind === 'spin-off' || plan.kind === 'return-of-capital';
    return {
      symbol: (await this.assets.get(this.source.manager, userId, plan.assetId)).symbol,
      before: decimalText(plan.held),
      after: decimalText(plan.kind === 'split' ? after : stays ? plan.held : ZERO),
      otherSymbol: other?.symbol ?? null,
      received: other ? decimalText(after) : null,
    };
  }

  private async planOf(
    db: Db,
    userId: string,
    wanted: CreateCorporateAction,
  ): Promise<{ plan: ActionPlan; accountId: string }> {
    const holding = await this.queries.requireHolding(db, userId, wanted.holdingId);
    const occurredAt = new Date(wanted.occurredAt);
    if (occurredAt.getTime() > Date.now() + FARTHEST_AHEAD_MS)
      refuse(
        'in-future',
        'A corporate action is something that has happened.',
        '/occurredAt',
        'must not be later than now',
      );
    const asset = await this.assets.get(db, userId, holding.asset_id);
    if (asset.kind === 'fiat')
      refuse('currency', 'Companies split shares, not currencies.', '/holdingId', 'must hold shares, funds or coins');
    if (wanted.assetId) await this.assets.get(db, userId, wanted.assetId);
    if ((wanted.newUnits === undefined) !== (wanted.oldUnits === undefined))
      refuse('half-a-ratio', 'A ratio has two sides.', '/oldUnits', 'give it together with /newUnits');
    if ((wanted.cash === undefined) !== (wanted.cashCurrency === undefined))
      refuse(
        'cash-currency',
        'Cash needs its currency, and the other way round.',
        '/cashCurrency',
        'give it together with /cash',
      );
    const ratio =
      wanted.newUnits && wanted.oldUnits ? { new: decimal(wanted.newUnits), old: decimal(wanted.oldUnits) } : undefined;
    const plan: ActionPlan = {
      id: randomUUIDv7(),
      kind: wanted.kind,
      occurredAt,
      assetId: holding.asset_id,
      held: await this.heldBefore(db, userId, wanted, ratio),
      ratio,
      otherAssetId: wanted.assetId,
      costShare: wanted.costShare === undefined ? undefined : decimal(wanted.costShare),
      cash:
        wanted.cash && wanted.cashCurrency
          ? {
              value: decimal(wanted.cash),
              assetId: await this.assets.currencyId(db, wanted.cashCurrency, '/cashCurrency'),
            }
          : undefined,
      description: wanted.description,
    };
    checkPlan(plan);
    return { plan, accountId: holding.account_id };
  }

  private async heldBefore(
    db: Db,
    userId: string,
    { holdingId, occurredAt, units, kind }: CreateCorporateAction,
    ratio: ActionPlan['ratio'],
  ): Promise<Decimal> {
    const anchors = (await this.anchors.at(db, userId, new Date(occurredAt), null, [holdingId])).get(holdingId);
    if (units !== undefined) return anchors?.liability ? decimal(units).neg() : decimal(units);
    return anchors ? held(anchors, kind === 'split' ? ratio : undefined) : ZERO;
  }

  private rows(
    db: Db,
    userId: string,
    only: { id: string | undefined; holdingId: string | undefined; after: string[] | undefined; limit: number },
  ): Promise<ActionRow[]> {
    return rowsOf<ActionRow>(
      db,
      `select corporate_action.id, corporate_action.kind, corporate_action.occurred_at, corporate_action.recorded_at,
         corporate_action.account_id, account.name as account_name, ratio_new, ratio_old, cost_share,
         coalesce(bool_and(entry.reversed), false) as reversed,
         coalesce(jsonb_agg(jsonb_build_object('id', entry.id, 'holdingId', entry.holding_id, 'symbol', entry.symbol,
           'quantity', entry.quantity, 'price', entry.price) order by entry.sequence), '[]') as entries
       from corporate_action
       join account on account.id = corporate_action.account_id
       left join lateral (
         select transaction.id, transaction.holding_id, asset.symbol, transaction.quantity::text as quantity, transaction.sequence,
           case when transaction.price is not null
             then jsonb_build_object('value', transaction.price::text, 'currency', currency.symbol) end as price,
           exists (select 1 from transaction as reversal where reversal.reverses_id = transaction.id) as reversed
         from transaction
         join holding on holding.id = transaction.holding_id
         join asset on asset.id = holding.asset_id
         left join asset as currency on currency.id = transaction.price_asset_id
         where transaction.action_id = corporate_action.id and transaction.reverses_id is null) as entry on true
       where corporate_action.user_id = $1 and ($2::uuid is null or corporate_action.id = $2)
         and ($3::uuid is null or exists (
           select 1 from transaction where transaction.action_id = corporate_action.id and transaction.holding_id = $3))
         and ($4::timestamptz is null or (corporate_action.occurred_at, corporate_action.id) < ($4, $5::uuid))
       group by corporate_action.id, account.name
       order by corporate_action.occurred_at desc, corporate_action.id desc limit $6`,
      [userId, only.id ?? null, only.holdingId ?? null, only.after?.[0] ?? null, only.after?.[1] ?? null, only.limit],
    );
  }
}

/**
 * Units just before: what was seen before and what moved since; else, of a split, what was seen later in the units of
 * before; else what moved at all. A balance in between is no guide, since nobody had told of the action.
 */
function held({ before, after, since, until }: HoldingAnchors, split: ActionPlan['ratio']): Decimal {
  if (before || !after) return (before?.balance ?? ZERO).plus(since);
  const later = after.balance.minus(until);
  if (!split) return later;
  return later.times(split.old).div(split.new).toDecimalPlaces(QUANTITY_DECIMALS, Decimal.ROUND_HALF_EVEN);
}

const textOf = (value: Decimal | undefined): string | null => (value === undefined ? null : decimalText(value));

const shown = (row: ActionRow): CorporateAction => ({
  id: row.id,
  kind: row.kind,
  occurredAt: row.occurred_at.toISOString(),
  recordedAt: row.recorded_at.toISOString(),
  accountId: row.account_id,
  accountName: row.account_name,
  ratio: row.ratio_new === null || row.ratio_old === null ? null : { newUnits: row.ratio_new, oldUnits: row.ratio_old },
  costShare: row.cost_share,
  reversed: row.reversed,
  entries: row.entries,
});

function refuse(code: string, sentence: string, pointer: string, detail: string): never {
  throw new Invalid(code, sentence, [{ pointer, detail }]);
}
