import { Injectable } from '@nestjs/common';
import { type CostBasisMethod, taxYear, taxYearOf, VALUE_DECIMALS } from '@scani/domain';
import { type HoldingRow, LedgerQueries } from '@scani/ledger';
import { JobQueue } from '@scani/jobs';
import { RateQueries } from '@scani/market';
import { Decimal, decimal, decimalText, sum, ZERO } from '@scani/money';
import { NotFound, pageOf, readCursor, Unavailable } from '@scani/runtime';
import { DataSource } from 'typeorm';
import { type Base, ValuationQueries } from '../valuation.queries.js';
import { gainsCsvHead, gainsCsvLines } from './gains.csv.js';
import type { Disposal, GainsFigure, GainsQuery, GainsReport, HoldingBasis } from './gains.dto.js';
import { rebuildGains } from './gains.jobs.js';
import { hasLots } from './gains.ledger.js';
import { type DisposalRow, GainsQueries, type OpenRow, type SumRow } from './gains.queries.js';
import { shownText } from './gains.words.js';

const ROWS_OF_A_FILE = 500;
const RETRY_SECONDS = 5;
/** Before it was worked out for the first time nothing is known: zero would be a claim. */
const NOT_YET: GainsFigure = { amount: null, unknown: 0 };

/** What was gained by selling, what was earned by holding, and what the rest has cost: as the worker found it. */
@Injectable()
export class GainsService {
  constructor(
    private readonly source: DataSource,
    private readonly valuations: ValuationQueries,
    private readonly ledger: LedgerQueries,
    private readonly rates: RateQueries,
    private readonly gains: GainsQueries,
    private readonly jobs: JobQueue,
  ) {}

  async report(userId: string, query: GainsQuery): Promise<GainsReport> {
    const after = readCursor(query.cursor, 2);
    const { base, method, year, built, ...rest } = await this.yearOf(userId, query);
    const sum = async (read: Promise<SumRow>): Promise<GainsFigure> => (built ? shownSum(await read) : NOT_YET);
    const rows = await this.gains.disposals(this.source, userId, base.code, year, after, query.limit + 1);
    return {
      ...rest,
      base: base.code,
      method,
      year,
      realised: await sum(this.gains.realised(this.source, userId, base.code, year)),
      income: await sum(this.gains.income(this.source, userId, base.code, year)),
      disposals: pageOf(rows, query.limit, shownDisposal, (row) => [row.at.toISOString(), row.id]),
    };
  }

  /** The whole year as a file, line by line. */
  async csv(userId: string, query: GainsQuery): Promise<{ fileName: string; lines: AsyncIterable<string> }> {
    const { base, year, built } = await this.yearOf(userId, query);
    if (!built)
      throw new Unavailable('gains-building', 'The gains are being worked out. Try again in a moment.', RETRY_SECONDS);
    const pages = this.gains.all(this.source, userId, base.code, year, ROWS_OF_A_FILE);
    async function* lines(): AsyncGenerator<string> {
      yield gainsCsvHead();
      for await (const page of pages) yield gainsCsvLines({ year, base: base.code }, page.map(shownDisposal));
    }
    return { fileName: `scani-gains-${year}-${base.code}.csv`, lines: lines() };
  }

  async basisOf(userId: string, holdingId: string): Promise<HoldingBasis> {
    const base = await this.valuations.base(this.source, userId, undefined);
    const held = await this.ledger.holdings(this.source, userId);
    const holding = held.find((one) => one.id === holdingId);
    if (!holding) throw new NotFound('holding-not-found', 'There is no such holding.');
    const { ready, method } = await this.look(userId, base);
    const pools = [holding.id, `asset:${holding.asset.id}`];
    const open = hasLots(holding) ? await this.gains.open(this.source, userId, base.code, pools) : undefined;
    const answer = { state: ready ? 'ready' : 'building', base: base.code } as const;
    if (!open || !open.holding_ids.includes(holding.id)) {
      return {
        ...answer,
        method: open?.method ?? method,
        hasLots: hasLots(holding),
        short: holding.account.kind === 'liability',
        pooledHoldings: 1,
        quantity: decimalText(sizeOf(holding)),
        cost: null,
        unrealised: null,
        unknownQuantity: hasLots(holding) ? decimalText(sizeOf(holding)) : '0',
        lots: [],
      };
    }
    const price = await this.priceOf(userId, holding.asset.id, base);
    const members = held.filter((one) => open.holding_ids.includes(one.id));
    return { ...answer, ...basisOf(open, members, price) };
  }

  /** Which base, year and method; a base that nobody looked at before, or another method, is asked for. */
  private async yearOf(
    userId: string,
    query: Pick<GainsQuery, 'base' | 'year'>,
  ): Promise<
    Pick<GainsReport, 'state' | 'method' | 'year' | 'from' | 'to' | 'years'> & { base: Base; built: boolean }
  > {
    const base = await this.valuations.base(this.source, userId, query.base);
    const { ready, built, method, years } = await this.look(userId, base);
    const year = query.year ?? taxYearOf(Date.now(), method);
    const { from, to } = taxYear(year, method);
    return { base, built, state: ready ? 'ready' : 'building', method, year, from, to, years };
  }

  private async look(
    userId: string,
    base: Base,
  ): Promise<{ ready: boolean; built: boolean; method: CostBasisMethod; years: number[] }> {
    const state = await this.gains.state(this.source, userId, base.code);
    if (state === undefined || state.outdated) {
      await this.source.transaction(async (db) => {
        await db.query('insert into gains_state (user_id, base_currency) values ($1, $2) on conflict do nothing', [
          userId,
          base.code,
        ]);
        await this.jobs.ask(db, rebuildGains, { userId });
      });
    }
    return {
      ready: state?.ready ?? false,
      built: state?.built ?? false,
      method: state?.method ?? (await this.gains.methodOf(this.source, userId)),
      years: state?.years ?? [],
    };
  }

  private async priceOf(userId: string, assetId: string, base: Base): Promise<Decimal | undefined> {
    const prices = await this.rates.latest(this.source, userId, [assetId, base.assetId]);
    const now = Date.now();
    return prices.rate(assetId, base.assetId, now, now)?.value;
  }
}

function basisOf(
  open: OpenRow,
  members: readonly HoldingRow[],
  price: Decimal | undefined,
): Omit<HoldingBasis, 'state' | 'base'> {
  const quantity = decimal(open.quantity);
  const unknown = decimal(open.unknown_quantity);
  const cost = open.cost === null ? null : decimal(open.cost);
  // What is held beyond all lots came without a record.
  const unrecorded = Decimal.max(sum(members.map(sizeOf)).minus(quantity), ZERO);
  const worth = price && quantity.minus(unknown).times(price);
  return {
    method: open.method,
    hasLots: true,
    short: open.short,
    pooledHoldings: members.length,
    quantity: decimalText(quantity.plus(unrecorded)),
    cost: money(cost),
    unrealised: cost === null || !worth ? null : money(open.short ? cost.minus(worth) : worth.minus(cost)),
    unknownQuantity: decimalText(unknown.plus(unrecorded)),
    lots: open.lots,
  };
}

/** What is owed is counted below zero. */
const sizeOf = ({ balance, account }: HoldingRow): Decimal =>
  account.kind === 'liability' ? decimal(balance).neg() : decimal(balance);

/** Amounts are exact until here. */
const money = (value: Decimal | null): string | null =>
  value === null ? null : decimalText(value.toDecimalPlaces(VALUE_DECIMALS, Decimal.ROUND_HALF_EVEN));

const shownSum = ({ amount, unknown }: SumRow): GainsFigure => ({
  amount: shownText(amount ?? (unknown > 0 ? null : '0')),
  unknown,
});

const shownDisposal = (row: DisposalRow): Disposal => ({
  id: row.id,
  holdingId: row.holding_id,
  symbol: row.symbol,
  accountName: row.account_name,
  kind: row.kind,
  soldAt: row.at.toISOString(),
  quantity: row.quantity,
  proceeds: shownText(row.proceeds),
  cost: shownText(row.cost),
  gain: shownText(row.gain),
  short: row.short,
  method: row.method,
  lots: row.lots,
});
