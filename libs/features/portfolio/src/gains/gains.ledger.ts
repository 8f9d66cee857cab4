import { Injectable } from '@nestjs/common';
import { type Db, rowsOf } from '@scani/database';
import {
  connected,
  COST_DECIMALS,
  type CostBasisMethod,
  type LotAction,
  type LotChoice,
  type LotHolding,
  type LotMovement,
  type LotSet,
  QUANTITY_DECIMALS,
  RATE_DECIMALS,
  SCAM_LIMIT,
  type TransactionKind,
} from '@scani/domain';
import { EFFECTIVE_TRANSACTION, type HoldingRow, LedgerQueries } from '@scani/ledger';
import { RateQueries } from '@scani/market';
import { dayOf, decimal, divided, endOf, fixedOf, powerOfTen } from '@scani/money';
import type { Base } from '../valuation.queries.js';

interface MovementRow {
  id: string;
  holding_id: string;
  kind: TransactionKind;
  quantity: string;
  occurred_at: Date;
  price: string | null;
  price_asset_id: string | null;
  fee: string | null;
  fee_asset_id: string | null;
  transfer_id: string | null;
  action_id: string | null;
}

/** What a person holds, as far as it has lots or income, and what of it shares lots. */
export interface Held {
  method: CostBasisMethod;
  holdings: ReadonlyMap<string, HoldingRow>;
  sets: LotHolding[][];
  /** Have income, and no lots. */
  currencies: HoldingRow[];
}

/** Kinds that are worth what the market says when no price came with them; a purchase or a sale never is. */
export const AT_MARKET: ReadonlySet<TransactionKind> = new Set([
  'dividend',
  'interest',
  'reward',
  'airdrop',
  'fee',
  'tax',
]);
const INCOME_KINDS: readonly TransactionKind[] = ['dividend', 'interest', 'reward', 'airdrop'];
const ONE_RATE = powerOfTen(RATE_DECIMALS);
const SHARED = `transfer_group.verdict in ('paired', 'split')`;

type RateOn = (assetId: string, at: Date) => bigint | undefined;

/** Reads the ledger set by set, and values it in the base at the day of each trade. */
@Injectable()
export class GainsLedger {
  constructor(
    private readonly ledger: LedgerQueries,
    private readonly rates: RateQueries,
  ) {}

  async held(db: Db, userId: string): Promise<Held> {
    const rows = (await this.ledger.holdings(db, userId)).filter(isReal);
    const methods = await rowsOf<{ account_id: string | null; method: CostBasisMethod }>(
      db,
      `select null as account_id, cost_basis_method as method from users where id = $1
       union all select id, cost_basis_method from account where user_id = $1 and cost_basis_method is not null`,
      [userId],
    );
    const own = methods.find(({ account_id: accountId }) => accountId === null)?.method ?? 'fifo';
    const ofAccount = new Map(methods.map(({ account_id: accountId, method }) => [accountId, method]));
    const lots = rows.filter(hasLots).map((row): LotHolding => ({
      id: row.id,
      assetId: row.asset.id,
      method: ofAccount.get(row.account_id) ?? own,
      liability: row.account.kind === 'liability',
    }));
    return {
      method: own,
      holdings: new Map(rows.map((row) => [row.id, row])),
      sets: connected(lots, await this.links(db, userId)),
      currencies: rows.filter((row) => !hasLots(row) && row.account.kind === 'asset'),
    };
  }

  /** How many rows the holdings have, to read as many at once as is good. */
  async counts(db: Db, userId: string): Promise<Map<string, number>> {
    const rows = await rowsOf<{ holding_id: string; count: number }>(
      db,
      'select holding_id, count(*)::int as count from transaction where user_id = $1 group by holding_id',
      [userId],
    );
    return new Map(rows.map((row) => [row.holding_id, row.count]));
  }

  /** All that happened to some sets, in the base, up to an instant if one is given; to what has no lots only its income. */
  async read(
    db: Db,
    userId: string,
    base: Base,
    { holdings }: Held,
    sets: readonly (readonly LotHolding[])[],
    currencies: readonly HoldingRow[] = [],
    until: Date | null = null,
  ): Promise<{ sets: LotSet[]; income: LotMovement[] }> {
    const rows = await this.rowsOf(
      db,
      userId,
      sets.flat().map(({ id }) => id),
      currencies.map(({ id }) => id),
      until,
    );
    const rateOn = await this.rateOn(db, userId, base, rows, holdings);
    const movements = Map.groupBy(
      rows.map((row) => movementOf(row, (holdings.get(row.holding_id) as HoldingRow).asset.id, rateOn)),
      ({ holdingId }) => holdingId,
    );
    const actions = await this.actions(db, userId, rows);
    const choices = sets.flat().some(({ method }) => method === 'specific') ? await this.choices(db, userId) : [];
    return {
      sets: sets.map((set) => ({
        holdings: set,
        movements: set.flatMap(({ id }) => movements.get(id) ?? []),
        actions,
        choices,
      })),
      income: currencies.flatMap(({ id }) => movements.get(id) ?? []),
    };
  }

  private async links(db: Db, userId: string): Promise<string[][]> {
    const rows = await rowsOf<{ holding_ids: string[] }>(
      db,
      `select distinct array_agg(distinct transaction.holding_id) as holding_ids from transaction
       join transfer_group on transfer_group.id = transaction.transfer_group_id
       where transaction.user_id = $1 and ${SHARED} group by transfer_group.id having count(distinct holding_id) > 1
       union select array_agg(distinct holding_id) from transaction
       where user_id = $1 and action_id is not null group by action_id having count(distinct holding_id) > 1`,
      [userId],
    );
    return rows.map((row) => row.holding_ids);
  }

  private rowsOf(
    db: Db,
    userId: string,
    holdingIds: readonly string[],
    currencyIds: readonly string[],
    until: Date | null,
  ): Promise<MovementRow[]> {
    return rowsOf<MovementRow>(
      db,
      `select id, holding_id, kind, quantity, occurred_at, price, price_asset_id, fee, fee_asset_id, action_id,
         (select transfer_group.id from transfer_group where transfer_group.id = transaction.transfer_group_id and ${SHARED}) as transfer_id
       from transaction
       where user_id = $1 and (holding_id = any($2) or (holding_id = any($3) and kind = any($4)))
         and ($5::timestamptz is null or occurred_at <= $5) and ${EFFECTIVE_TRANSACTION}`,
      [userId, holdingIds, currencyIds, INCOME_KINDS, until],
    );
  }

  private async actions(db: Db, userId: string, rows: readonly MovementRow[]): Promise<LotAction[]> {
    const ids = [...new Set(rows.flatMap((row) => row.action_id ?? []))];
    if (ids.length === 0) return [];
    const found = await rowsOf<{
      id: string;
      kind: LotAction['kind'];
      ratio_new: string | null;
      ratio_old: string | null;
      cost_share: string | null;
    }>(
      db,
      'select id, kind, ratio_new, ratio_old, cost_share from corporate_action where user_id = $1 and id = any($2)',
      [userId, ids],
    );
    return found.map(({ id, kind, ratio_new: now, ratio_old: old, cost_share: share }) => ({
      id,
      kind,
      ratio:
        now === null || old === null
          ? undefined
          : { new: fixedOf(now, QUANTITY_DECIMALS), old: fixedOf(old, QUANTITY_DECIMALS) },
      costShare: share === null ? undefined : fixedOf(share, COST_DECIMALS),
    }));
  }

  private async choices(db: Db, userId: string): Promise<LotChoice[]> {
    const rows = await rowsOf<{ disposal_id: string; acquisition_id: string; quantity: string }>(
      db,
      'select disposal_id, acquisition_id, quantity from lot_choice where user_id = $1',
      [userId],
    );
    return rows.map((row) => ({
      disposalId: row.disposal_id,
      acquisitionId: row.acquisition_id,
      quantity: fixedOf(row.quantity, QUANTITY_DECIMALS),
    }));
  }

  /** Rates of the days of the trades, of those assets alone that a trade needs. */
  private async rateOn(
    db: Db,
    userId: string,
    base: Base,
    rows: readonly MovementRow[],
    holdings: ReadonlyMap<string, HoldingRow>,
  ): Promise<RateOn> {
    const needed = new Set([base.assetId]);
    for (const row of rows) {
      if (row.price_asset_id) needed.add(row.price_asset_id);
      else if (AT_MARKET.has(row.kind)) needed.add(holdings.get(row.holding_id)?.asset.id ?? base.assetId);
      if (row.fee_asset_id) needed.add(row.fee_asset_id);
    }
    const prices = await this.rates.history(db, userId, [...needed]);
    const now = Date.now();
    const known = new Map<string, bigint | undefined>();
    return (assetId, at) => {
      const day = dayOf(at);
      const key = `${assetId} ${day}`;
      if (!known.has(key)) {
        const rate = prices.rate(assetId, base.assetId, Math.min(endOf(day).getTime(), now), now);
        // A price that was old on the day of the trade says little of that day.
        known.set(key, rate && !rate.stale ? rate.units : undefined);
      }
      return known.get(key);
    };
  }
}

/** Currencies have no lots. */
export const hasLots = (holding: HoldingRow): boolean => holding.asset.kind !== 'fiat';

/** What is hidden or archived was held all the same; what is a scam was not worth anything. */
const isReal = (holding: HoldingRow): boolean => decimal(holding.scam_probability).lt(SCAM_LIMIT);

function movementOf(row: MovementRow, assetId: string, rateOn: RateOn): LotMovement {
  const inBase = (amount: string, ofAsset: string): bigint | undefined => {
    const rate = rateOn(ofAsset, row.occurred_at);
    return rate === undefined ? undefined : divided(fixedOf(amount, COST_DECIMALS) * rate, ONE_RATE);
  };
  const market = (): bigint | undefined => (AT_MARKET.has(row.kind) ? inBase('1', assetId) : undefined);
  return {
    id: row.id,
    holdingId: row.holding_id,
    at: row.occurred_at.getTime(),
    kind: row.kind,
    quantity: fixedOf(row.quantity, QUANTITY_DECIMALS),
    unitPrice: row.price !== null && row.price_asset_id ? inBase(row.price, row.price_asset_id) : market(),
    fee: row.fee !== null && row.fee_asset_id ? inBase(row.fee, row.fee_asset_id) : 0n,
    transferId: row.transfer_id ?? undefined,
    actionId: row.action_id ?? undefined,
  };
}
