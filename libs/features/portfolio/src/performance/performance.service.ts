import { Injectable } from '@nestjs/common';
import {
  currencyEffect,
  type DayMoney,
  type DayValue,
  mergedMoney,
  moneyOfDays,
  moneyWeighted,
  type PriceGraph,
  type Span,
  timeWeighted,
} from '@scani/domain';
import { type HoldingRow, LedgerQueries } from '@scani/ledger';
import { RateQueries } from '@scani/market';
import { addDays, type Day, day, daysFrom, type Decimal, decimalText, sum, ZERO } from '@scani/money';
import { DataSource } from 'typeorm';
import { OverviewService } from '../overview/overview.service.js';
import { reasonOf, type Valuation, ValuationQueries } from '../valuation.queries.js';
import type { Performance, PerformanceQuery, PerformanceRange } from './performance.dto.js';
import { PerformanceQueries } from './performance.queries.js';
import {
  BUILDING,
  notesOf,
  shownMoneyWeighted,
  shownTimeWeighted,
  unknownMoneyWeighted,
  unknownTimeWeighted,
} from './performance.words.js';
import { entryOf, type RateOn, ratesOn } from './priced-entries.js';

const RANGE_DAYS = { '1M': 30, '3M': 91, '1Y': 365 } as const;

interface Measured {
  values: DayValue[];
  span: Span;
}

/** Returns of a scope: the stored daily values, the value of now, and the money that went in and out between them. */
@Injectable()
export class PerformanceService {
  constructor(
    private readonly source: DataSource,
    private readonly valuations: ValuationQueries,
    private readonly ledger: LedgerQueries,
    private readonly rates: RateQueries,
    private readonly queries: PerformanceQueries,
    private readonly overview: OverviewService,
  ) {}

  async of(userId: string, query: PerformanceQuery): Promise<Performance> {
    const { base, valuation, state } = await this.overview.look(userId, query.base);
    const scopeId = await this.valuations.scopeIdOf(this.source, valuation, query.scope, query.id);
    const measured = await this.measure(valuation, query, scopeId);
    if (state === 'building') return building(query, base.code, measured.span);
    const holdings = valuation.holdings.filter((holding) => isWithin(holding, query.scope, scopeId));
    const trades = await this.queries.trades(
      this.source,
      userId,
      holdings.map((holding) => holding.id),
    );
    const prices = await this.rates.history(this.source, userId, [
      ...holdings.map((holding) => holding.asset.id),
      ...new Set(trades.flatMap((trade) => [trade.price_asset_id, trade.fee_asset_id]).filter((id) => id !== null)),
      base.assetId,
    ]);
    const rateOn = ratesOn(prices, base.assetId, measured.span.now);
    const money = await this.moneyOf(userId, holdings, trades, measured.span, rateOn);
    return {
      ...this.shown(query, base.code, measured, money),
      currencyEffect: await this.currencyEffect(valuation, holdings, prices, measured.span, rateOn),
      notes: notesOf(holdings, (holding) => ({
        atStart: rateOn(holding.asset.id, measured.span.from) !== undefined || measured.span.fromNothing,
        atEnd: rateOn(holding.asset.id, measured.span.to) !== undefined,
      })),
    };
  }

  /** The values of consecutive days up to now. Where no records reach back to the start, it begins with nothing. */
  private async measure(valuation: Valuation, query: PerformanceQuery, scopeId: string): Promise<Measured> {
    const { userId, base, today } = valuation;
    const asked = startOf(query.range, today);
    const stored = await this.queries.values(this.source, userId, base.code, query.scope, scopeId, asked, today);
    const first = stored[0]?.day ?? today;
    const fromNothing = asked === null || first > asked;
    const from = fromNothing ? addDays(first, -1) : first;
    const known = new Map(stored.map((one) => [one.day, one.value]));
    if (fromNothing) known.set(from, ZERO);
    const now = valuation.figureOf(query.scope, scopeId);
    known.set(today, now ? now.amount : ZERO);
    const values = [...daysFrom(from, today)].map((on) => ({ day: on, value: known.get(on) ?? null }));
    return { values, span: { from, to: today, fromNothing, now: valuation.at.getTime() } };
  }

  private async moneyOf(
    userId: string,
    holdings: readonly HoldingRow[],
    trades: Awaited<ReturnType<PerformanceQueries['trades']>>,
    span: Span,
    rateOn: RateOn,
  ): Promise<DayMoney[]> {
    const ids = holdings.map((holding) => holding.id);
    const seen = await this.ledger.sightingsOf(this.source, userId, ids);
    const happened = Map.groupBy(trades, (trade) => trade.holding_id);
    return mergedMoney(
      holdings.flatMap((holding) => {
        const entries = (happened.get(holding.id) ?? []).map((row) => entryOf(row, rateOn));
        const movements = entries.map(({ at, quantity, kind }) => ({
          at,
          quantity,
          opening: kind === 'opening-balance',
        }));
        const evidence = {
          movements,
          sightings: seen.get(holding.id) ?? [],
          liability: holding.account.kind === 'liability',
        };
        return moneyOfDays({ evidence, entries }, span, (on) => rateOn(holding.asset.id, on));
      }),
    );
  }

  private shown(
    query: PerformanceQuery,
    base: string,
    { values, span }: Measured,
    money: readonly DayMoney[],
  ): Omit<Performance, 'currencyEffect' | 'notes'> {
    const [start, end] = [values[0]?.value ?? null, values.at(-1)?.value ?? null];
    const net = sum(money.map((one) => one.flow));
    return {
      ...head(query, base, span),
      start: start && decimalText(start),
      end: end && decimalText(end),
      netFlows: decimalText(net),
      income: decimalText(sum(money.map((one) => one.income))),
      costs: decimalText(sum(money.map((one) => one.costs))),
      gain: start && end && decimalText(end.minus(start).minus(net)),
      twr: shownTimeWeighted(timeWeighted(values, money)),
      xirr: xirrOf(start, end, span, money),
    };
  }

  /** An asset's own currency is itself when it is one, else the one its price is quoted in. */
  private async currencyEffect(
    valuation: Valuation,
    holdings: readonly HoldingRow[],
    prices: PriceGraph,
    span: Span,
    rateOn: RateOn,
  ): Promise<string | null> {
    const { userId, base, today } = valuation;
    const currencies = new Map<string, string>();
    for (const { id, asset } of holdings) {
      const own =
        asset.kind === 'fiat' ? asset.id : prices.rate(asset.id, base.assetId, span.now, span.now)?.legs[0]?.to;
      if (own !== undefined && own !== base.assetId) currencies.set(id, own);
    }
    if (currencies.size === 0) return '0';
    const values = await this.queries.valuesByCurrency(this.source, userId, base.code, currencies, span.from, today);
    const effect = currencyEffect(values, rateOn);
    return effect === undefined ? null : decimalText(effect);
  }
}

function startOf(range: PerformanceRange, today: Day): Day | null {
  if (range === 'ALL') return null;
  if (range === 'YTD') return addDays(day(`${today.slice(0, 4)}-01-01`), -1);
  return addDays(today, -RANGE_DAYS[range]);
}

function isWithin(holding: HoldingRow, scope: PerformanceQuery['scope'], scopeId: string): boolean {
  if (scope === 'holding') return holding.id === scopeId;
  if (reasonOf(holding) !== null) return false;
  if (scope === 'account') return holding.account_id === scopeId;
  return scope === 'user' || holding.account.institution_id === scopeId;
}

function xirrOf(
  start: Decimal | null,
  end: Decimal | null,
  span: Span,
  money: readonly DayMoney[],
): Performance['xirr'] {
  if (start === null) return unknownMoneyWeighted(`The value on ${span.from} is not known.`);
  if (end === null) return unknownMoneyWeighted('The value of now is not known.');
  return shownMoneyWeighted(
    moneyWeighted([
      { day: span.from, amount: start.neg() },
      ...money.map((one) => ({ day: one.day, amount: one.flow.neg() })),
      { day: span.to, amount: end },
    ]),
  );
}

const head = (
  query: PerformanceQuery,
  base: string,
  span: Span,
): Pick<Performance, 'base' | 'scope' | 'range' | 'from' | 'to'> => ({
  base,
  scope: query.scope,
  range: query.range,
  from: span.from,
  to: span.to,
});

const building = (query: PerformanceQuery, base: string, span: Span): Performance => ({
  ...head(query, base, span),
  start: null,
  end: null,
  netFlows: null,
  income: null,
  costs: null,
  gain: null,
  twr: unknownTimeWeighted(BUILDING),
  xirr: unknownMoneyWeighted(BUILDING),
  currencyEffect: null,
  notes: [],
});
