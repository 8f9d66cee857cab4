import { Injectable } from '@nestjs/common';
import { type Db, rowsOf } from '@scani/database';
import {
  type CostBasis,
  costBasis,
  type CostBasisMethod,
  type Income,
  incomeOf,
  type LotMovement,
  SCAM_LIMIT,
  type TransactionKind,
} from '@scani/domain';
import { type HoldingRow, LedgerQueries } from '@scani/ledger';
import { RateQueries } from '@scani/market';
import { dayOf, type Decimal, decimal, endOf, ZERO } from '@scani/money';
import { setImmediate as breathe } from 'node:timers/promises';
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
}

/** One pool of lots: one holding, or all holdings of one asset where the law pools them. */
export interface GainsPool {
  holdings: readonly HoldingRow[];
  basis: CostBasis;
}

export interface Gains {
  pools: GainsPool[];
  /** Of everything, currencies included. */
  income: Income[];
  /** Which holding a transaction belongs to. */
  holdingOf: ReadonlyMap<string, HoldingRow>;
}

/** Kinds that are worth what the market says when no price came with them; a purchase or a sale never is. */
const AT_MARKET: ReadonlySet<TransactionKind> = new Set(['dividend', 'interest', 'reward', 'airdrop', 'fee', 'tax']);

/** So many rows are worked on before other requests have their turn. */
const ROWS_AT_ONCE = 2_000;

type WorthOf = (assetId: string, at: Date) => Decimal | undefined;

/** Reads the ledger once, values it in the base at the day of each trade, and finds the lots. */
@Injectable()
export class GainsLedger {
  constructor(
    private readonly ledger: LedgerQueries,
    private readonly rates: RateQueries,
  ) {}

  /** Of all holdings, or of those that `only` lets through. */
  async read(
    db: Db,
    userId: string,
    base: Base,
    method: CostBasisMethod,
    only: (holding: HoldingRow) => boolean = () => true,
  ): Promise<Gains> {
    const held = await this.ledger.holdings(db, userId);
    const holdings = new Map(held.filter((one) => hasIncome(one) && only(one)).map((one) => [one.id, one]));
    const rows = await this.rowsOf(db, userId, [...holdings.keys()]);
    const worthOf = await this.worthOf(db, userId, base, rows, holdings);
    const movements = new Map<string, LotMovement[]>();
    const holdingOf = new Map<string, HoldingRow>();
    for (const [index, row] of rows.entries()) {
      if (index % ROWS_AT_ONCE === ROWS_AT_ONCE - 1) await breathe();
      const holding = holdings.get(row.holding_id);
      if (!holding) continue;
      const pool = poolKey(holding, method);
      const known = movements.get(pool) ?? [];
      known.push(movementOf(row, holding.asset.id, worthOf));
      movements.set(pool, known);
      holdingOf.set(row.id, holding);
    }
    const pools = new Map<string, HoldingRow[]>();
    for (const holding of holdings.values()) {
      const key = poolKey(holding, method);
      if (hasLots(holding)) pools.set(key, [...(pools.get(key) ?? []), holding]);
    }
    const worked: GainsPool[] = [];
    for (const [key, members] of pools) {
      worked.push({ holdings: members, basis: costBasis(movements.get(key) ?? [], method) });
      await breathe();
    }
    return {
      pools: worked,
      income: [...movements.values()].flatMap(incomeOf),
      holdingOf,
    };
  }

  private rowsOf(db: Db, userId: string, holdingIds: readonly string[]): Promise<MovementRow[]> {
    return rowsOf<MovementRow>(
      db,
      `select id, holding_id, kind, quantity, occurred_at, price, price_asset_id, fee, fee_asset_id from transaction
       where user_id = $1 and holding_id = any($2) order by occurred_at, sequence`,
      [userId, holdingIds],
    );
  }

  /** Prices of the days of the trades, of those assets alone that a trade needs. */
  private async worthOf(
    db: Db,
    userId: string,
    base: Base,
    rows: readonly MovementRow[],
    holdings: ReadonlyMap<string, HoldingRow>,
  ): Promise<WorthOf> {
    const needed = new Set([base.assetId]);
    for (const row of rows) {
      if (row.price_asset_id) needed.add(row.price_asset_id);
      else if (AT_MARKET.has(row.kind)) needed.add(holdings.get(row.holding_id)?.asset.id ?? base.assetId);
      if (row.fee_asset_id) needed.add(row.fee_asset_id);
    }
    const prices = await this.rates.history(db, userId, [...needed]);
    const now = Date.now();
    const known = new Map<string, Decimal | undefined>();
    return (assetId, at) => {
      const day = dayOf(at);
      const key = `${assetId} ${day}`;
      if (!known.has(key)) {
        const rate = prices.rate(assetId, base.assetId, Math.min(endOf(day).getTime(), now), now);
        // A price that was old on the day of the trade says little of that day.
        known.set(key, rate && !rate.stale ? rate.value : undefined);
      }
      return known.get(key);
    };
  }
}

/** Currencies have no lots, and neither has what is owed. */
export function hasLots(holding: HoldingRow): boolean {
  return holding.asset.kind !== 'fiat' && holding.account.kind === 'asset';
}

/** What is hidden or archived was held all the same; what is a scam was not worth anything. */
const hasIncome = (holding: HoldingRow): boolean =>
  holding.account.kind === 'asset' && decimal(holding.scam_probability).lt(SCAM_LIMIT);

const poolKey = (holding: HoldingRow, method: CostBasisMethod): string =>
  method === 'section-104' ? holding.asset.id : holding.id;

function movementOf(row: MovementRow, assetId: string, worthOf: WorthOf): LotMovement {
  const inBase = (amount: string, ofAsset: string): Decimal | undefined => {
    const worth = worthOf(ofAsset, row.occurred_at);
    return worth && decimal(amount).times(worth);
  };
  const market = AT_MARKET.has(row.kind) ? worthOf(assetId, row.occurred_at) : undefined;
  return {
    id: row.id,
    at: row.occurred_at.getTime(),
    kind: row.kind,
    quantity: decimal(row.quantity),
    unitPrice: row.price !== null && row.price_asset_id ? inBase(row.price, row.price_asset_id) : market,
    fee: row.fee !== null && row.fee_asset_id ? inBase(row.fee, row.fee_asset_id) : ZERO,
  };
}
