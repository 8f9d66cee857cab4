import { Injectable } from '@nestjs/common';
import { rowOf } from '@scani/database';
import {
  type CostBasisMethod,
  type Disposal as DomainDisposal,
  earned,
  heldAtCost,
  type PartlyKnown,
  realised,
  taxYear,
  taxYearOf,
  VALUE_DECIMALS,
} from '@scani/domain';
import type { HoldingRow } from '@scani/ledger';
import { LedgerQueries } from '@scani/ledger';
import { RateQueries } from '@scani/market';
import { Decimal, decimal, decimalText, sum, ZERO } from '@scani/money';
import { NotFound, pageOf, readCursor } from '@scani/runtime';
import { DataSource } from 'typeorm';
import { type Base, ValuationQueries } from '../valuation.queries.js';
import { gainsCsv } from './gains.csv.js';
import type { Disposal, GainsFigure, GainsQuery, GainsReport, HoldingBasis } from './gains.dto.js';
import { GainsLedger, hasLots } from './gains.ledger.js';

/** What was gained by selling, what was earned by holding, and what the rest has cost. */
@Injectable()
export class GainsService {
  constructor(
    private readonly source: DataSource,
    private readonly valuations: ValuationQueries,
    private readonly ledger: LedgerQueries,
    private readonly rates: RateQueries,
    private readonly gains: GainsLedger,
  ) {}

  async report(userId: string, query: GainsQuery): Promise<GainsReport> {
    const after = readCursor(query.cursor, 2);
    const { disposals, ...report } = await this.yearOf(userId, query);
    const rest = after === undefined ? disposals : disposals.filter((one) => isAfter(one, after));
    return {
      ...report,
      disposals: pageOf(
        rest.slice(0, query.limit + 1),
        query.limit,
        (one) => one,
        (one) => [one.soldAt, one.id],
      ),
    };
  }

  /** The whole year as a file. */
  async csv(userId: string, query: GainsQuery): Promise<{ fileName: string; text: string }> {
    const { disposals, ...report } = await this.yearOf(userId, query);
    return {
      fileName: `scani-gains-${report.year}-${report.base}.csv`,
      text: gainsCsv(report, disposals.toReversed()),
    };
  }

  async basisOf(userId: string, holdingId: string): Promise<HoldingBasis> {
    const base = await this.valuations.base(this.source, userId, undefined);
    const method = await this.methodOf(userId);
    const held = await this.ledger.holdings(this.source, userId);
    const holding = held.find((one) => one.id === holdingId);
    if (!holding) throw new NotFound('holding-not-found', 'There is no such holding.');
    const pooled = (one: HoldingRow): boolean =>
      hasLots(one) && (method === 'section-104' ? one.asset.id === holding.asset.id : one.id === holding.id);
    const { pools } = await this.gains.read(this.source, userId, base, method, pooled);
    const pool = hasLots(holding) ? pools[0] : undefined;
    if (!pool) {
      return {
        base: base.code,
        method,
        hasLots: false,
        pooledHoldings: 1,
        quantity: holding.balance,
        cost: null,
        unrealised: null,
        unknownQuantity: '0',
        lots: [],
      };
    }
    const { quantity, cost, unknown } = heldAtCost(pool.basis.open);
    // What is held beyond all lots came without a record.
    const unrecorded = Decimal.max(sum(pool.holdings.map((one) => decimal(one.balance))).minus(quantity), ZERO);
    const price = await this.priceOf(userId, holding.asset.id, base);
    return {
      base: base.code,
      method,
      hasLots: true,
      pooledHoldings: pool.holdings.length,
      quantity: decimalText(quantity.plus(unrecorded)),
      cost: money(cost),
      unrealised: cost === null || price === undefined ? null : money(quantity.minus(unknown).times(price).minus(cost)),
      unknownQuantity: decimalText(unknown.plus(unrecorded)),
      lots: pool.basis.open.map((lot) => ({
        acquiredAt: instant(lot.acquiredAt),
        quantity: decimalText(lot.quantity),
        cost: money(lot.cost),
      })),
    };
  }

  private async yearOf(
    userId: string,
    query: Pick<GainsQuery, 'base' | 'year'>,
  ): Promise<Omit<GainsReport, 'disposals'> & { disposals: Disposal[] }> {
    const base = await this.valuations.base(this.source, userId, query.base);
    const method = await this.methodOf(userId);
    const { pools, income, holdingOf } = await this.gains.read(this.source, userId, base, method);
    const year = query.year ?? taxYearOf(Date.now(), method);
    const { from, to, fromAt, toAt } = taxYear(year, method);
    const isOfYear = ({ at }: { at: number }): boolean => at >= fromAt && at <= toAt;
    const all = pools.flatMap((pool) => pool.basis.disposals);
    const disposals = all.filter(isOfYear).sort((one, other) => other.at - one.at || (one.id < other.id ? 1 : -1));
    const years = new Set([...all, ...income].map(({ at }) => taxYearOf(at, method)));
    return {
      base: base.code,
      method,
      year,
      from,
      to,
      years: [...years].sort((one, other) => other - one),
      realised: shownFigure(realised(disposals)),
      income: shownFigure(earned(income.filter(isOfYear))),
      disposals: disposals.map((one) => shown(one, holdingOf.get(one.id) as HoldingRow)),
    };
  }

  private async methodOf(userId: string): Promise<CostBasisMethod> {
    const row = await rowOf<{ method: CostBasisMethod }>(
      this.source,
      'select cost_basis_method as method from users where id = $1',
      [userId],
    );
    if (!row) throw new NotFound('user-not-found', 'There is no such user.');
    return row.method;
  }

  private async priceOf(userId: string, assetId: string, base: Base): Promise<Decimal | undefined> {
    const prices = await this.rates.latest(this.source, userId, [assetId, base.assetId]);
    const now = Date.now();
    return prices.rate(assetId, base.assetId, now, now)?.value;
  }
}

/** Amounts are exact until here. */
const money = (value: Decimal | null): string | null =>
  value === null ? null : decimalText(value.toDecimalPlaces(VALUE_DECIMALS, Decimal.ROUND_HALF_EVEN));

const instant = (at: number | null): string | null => (at === null ? null : new Date(at).toISOString());

const shownFigure = ({ amount, unknown }: PartlyKnown): GainsFigure => ({ amount: money(amount), unknown });

/** Newest first: what comes after the last row of the page before. */
const isAfter = (one: Disposal, [soldAt = '', id = '']: readonly string[]): boolean =>
  one.soldAt < soldAt || (one.soldAt === soldAt && one.id < id);

function shown(one: DomainDisposal, holding: HoldingRow): Disposal {
  return {
    id: one.id,
    holdingId: holding.id,
    symbol: holding.asset.symbol,
    accountName: holding.account.name,
    kind: one.kind,
    soldAt: new Date(one.at).toISOString(),
    quantity: decimalText(one.quantity),
    proceeds: money(one.proceeds),
    cost: money(one.cost),
    gain: money(one.gain),
    lots: one.lots.map((lot) => ({
      acquiredAt: instant(lot.acquiredAt),
      quantity: decimalText(lot.quantity),
      proceeds: money(lot.proceeds),
      cost: money(lot.cost),
      gain: money(lot.gain),
      rule: lot.rule,
    })),
  };
}
