import { Injectable } from '@nestjs/common';
import {
  chainedReturns,
  type DayMoney,
  type DayValue,
  moneyWeighted,
  timeWeighted,
  VALUE_DECIMALS,
} from '@scani/domain';
import { JobQueue } from '@scani/jobs';
import { askForHistory, AssetsService, PricesService, RateQueries } from '@scani/market';
import { addDays, type Day, day, daysFrom, decimalText, endOf, fixedOf, fixedText } from '@scani/money';
import { DataSource } from 'typeorm';
import type { RollupState } from '../overview/overview.dto.js';
import { OverviewService } from '../overview/overview.service.js';
import { countsIn, isWithin, type Valuation, ValuationQueries } from '../valuation.queries.js';
import { compared, gainedBy } from './benchmark.js';
import type { Benchmark, Performance, PerformanceQuery, PerformanceRange } from './performance.dto.js';
import { PerformanceQueries } from './performance.queries.js';
import {
  BUILDING,
  notesOf,
  shownMoneyWeighted,
  shownTimeWeighted,
  unknownMoneyWeighted,
  unknownTimeWeighted,
} from './performance.words.js';

/** As many as a chart has pixels for. */
const MOST_POINTS = 400;
/** A first day may have no price of its own, on a holiday for one. */
const PRICES_BEFORE_DAYS = 30;
const RANGE_DAYS = { '1M': 30, '3M': 91, '1Y': 365 } as const;

export interface Span {
  /** The day at whose end the span begins. */
  from: Day;
  to: Day;
  /** Nothing is taken to be held at the end of `from`, because no records reach back to it. */
  fromNothing: boolean;
}

export interface Measured {
  /** Consecutive days, from the one at whose end the span begins. */
  values: DayValue[];
  effects: (bigint | null)[];
  span: Span;
}

interface TakenApart {
  performance: Performance;
  measured: Measured;
  money: DayMoney[];
  isReady: boolean;
}

const text = (units: bigint): string => fixedText(units, VALUE_DECIMALS);
const textOf = (units: bigint | null): string | null => (units === null ? null : text(units));
const total = (amounts: readonly bigint[]): bigint => amounts.reduce((sum, amount) => sum + amount, 0n);

/** Returns of a scope: the stored daily values and money, and the value of now. */
@Injectable()
export class PerformanceService {
  constructor(
    private readonly source: DataSource,
    private readonly valuations: ValuationQueries,
    private readonly queries: PerformanceQueries,
    private readonly overview: OverviewService,
    private readonly rates: RateQueries,
    private readonly assets: AssetsService,
    private readonly prices: PricesService,
    private readonly jobs: JobQueue,
  ) {}

  async of(userId: string, query: PerformanceQuery): Promise<Performance> {
    return (await this.takenApart(userId, query)).performance;
  }

  /** The same with the days that it is made of; none while they are being worked out. */
  async takenApart(userId: string, query: PerformanceQuery): Promise<TakenApart> {
    const { valuation, state } = await this.overview.look(userId, query.base);
    const scopeId = await this.valuations.scopeIdOf(this.source, valuation, query.scope, query.id);
    if (query.benchmark) await this.assets.get(this.source, userId, query.benchmark);
    const { range, scope, benchmark } = query;
    return valuation.once(`performance:${scope}:${scopeId}:${range}:${benchmark ?? ''}`, () =>
      this.told(valuation, query, scopeId, state),
    );
  }

  private async told(
    valuation: Valuation,
    query: PerformanceQuery,
    scopeId: string,
    state: RollupState,
  ): Promise<TakenApart> {
    const { userId, base } = valuation;
    const measured = await this.measure(valuation, query, scopeId);
    const { span } = measured;
    if (state === 'building')
      return { performance: building(query, base.code, span), measured, money: [], isReady: false };
    const money = await this.queries.money(this.source, userId, base.code, query.scope, scopeId, addDays(span.from, 1));
    const performance = {
      ...shown(query, base.code, measured, money),
      benchmark: await this.benchmark(valuation, query, measured, money),
      notes: await this.notes(valuation, query, scopeId, span),
    };
    return { performance, measured, money, isReady: true };
  }

  /** The values of consecutive days up to now. Where no records reach back to the start, it begins with nothing. */
  private async measure(valuation: Valuation, query: PerformanceQuery, scopeId: string): Promise<Measured> {
    const { userId, base, today } = valuation;
    const asked = startOf(query.range, today);
    const stored = await this.queries.days(this.source, userId, base.code, query.scope, scopeId, asked);
    const past = stored.values.filter((one) => one.day < today);
    const first = past[0]?.day ?? today;
    const fromNothing = asked === null || first > asked;
    const from = fromNothing ? addDays(first, -1) : first;
    const known = new Map(past.map((one) => [one.day, one.value]));
    if (fromNothing) known.set(from, 0n);
    const now = valuation.figureOf(query.scope, scopeId);
    known.set(today, now ? now.amount && fixedOf(decimalText(now.amount), VALUE_DECIMALS) : 0n);
    return {
      values: [...daysFrom(from, today)].map((on) => ({ day: on, value: known.get(on) ?? null })),
      effects: stored.effects.filter((_, index) => (stored.values[index]?.day ?? from) > from),
      span: { from, to: today, fromNothing },
    };
  }

  private async notes(
    valuation: Valuation,
    query: PerformanceQuery,
    scopeId: string,
    { from, fromNothing }: Span,
  ): Promise<string[]> {
    const holdings = valuation.holdings.filter(
      (holding) => countsIn(holding, query.scope) && isWithin(holding, query.scope, scopeId),
    );
    const ids = holdings.map((holding) => holding.id);
    const { userId, base } = valuation;
    const unpriced = fromNothing
      ? new Set<string>()
      : await this.queries.unpricedOn(this.source, userId, base.code, ids, from);
    return notesOf(holdings, (holding) => ({
      atStart: !unpriced.has(holding.id),
      atEnd: valuation.rateOf(holding) !== undefined,
    }));
  }

  private async benchmark(
    { userId, base, at }: Valuation,
    query: PerformanceQuery,
    { values, span }: Measured,
    money: readonly DayMoney[],
  ): Promise<Benchmark | null> {
    if (!query.benchmark) return null;
    const ids = [query.benchmark, base.assetId];
    const prices = await this.rates.since(this.source, userId, ids, endOf(span.from).getTime());
    const chain = timeWeighted(values, money);
    const days = chain.known ? chain : span;
    const about = { asset: query.benchmark, base: base.assetId, now: at.getTime() };
    const start = values[0]?.value ?? null;
    const alone = compared(prices, about, { ...days, start: 0n }, []);
    const { worth, missing } = compared(prices, about, { ...span, start }, money);
    if (alone.missing ?? missing) await this.askForPrices(query.benchmark, span.from);
    const end = values.at(-1)?.value ?? null;
    const own = chainedReturns(values, money, MOST_POINTS);
    const others = gainedBy(
      prices,
      about,
      own.map((point) => point.day),
    );
    return {
      assetId: query.benchmark,
      from: days.from,
      to: days.to,
      value: alone.value && decimalText(alone.value),
      worth: textOf(worth),
      difference: end === null || worth === null ? null : text(end - worth),
      reason: reasonOfGap(alone.value === null ? alone.missing : null, worth === null ? missing : null, start),
      series: own.map((point, index) => ({
        day: point.day,
        own: decimalText(point.value),
        other: others[index] ? decimalText(others[index]) : null,
      })),
    };
  }

  /** What nobody holds has no prices until somebody compares with it; asked for once. */
  private askForPrices(assetId: string, from: Day): Promise<void> {
    const wanted = addDays(from, -PRICES_BEFORE_DAYS);
    return this.source.transaction((db) => this.prices.watch(db, [assetId], wanted, askForHistory(this.jobs, db)));
  }
}

function shown(
  query: PerformanceQuery,
  base: string,
  { values, effects, span }: Measured,
  money: readonly DayMoney[],
): Omit<Performance, 'notes' | 'benchmark'> {
  const [start, end] = [values[0]?.value ?? null, values.at(-1)?.value ?? null];
  const net = total(money.map((one) => one.flow));
  return {
    ...head(query, base, span),
    start: textOf(start),
    end: textOf(end),
    netFlows: text(net),
    income: text(total(money.map((one) => one.income))),
    costs: text(total(money.map((one) => one.costs))),
    gain: start === null || end === null ? null : text(end - start - net),
    twr: shownTimeWeighted(timeWeighted(values, money)),
    xirr: xirrOf(start, end, span, money),
    currencyEffect: effects.some((one) => one === null) ? null : text(total(effects.map((one) => one ?? 0n))),
  };
}

function reasonOfGap(alone: Day | null, beside: Day | null, start: bigint | null): string | null {
  if (alone ?? beside) return `It has no price on ${(alone ?? beside) as Day}.`;
  return start === null ? 'The value at the start is not known.' : null;
}

function startOf(range: PerformanceRange, today: Day): Day | null {
  if (range === 'ALL') return null;
  if (range === 'YTD') return addDays(day(`${today.slice(0, 4)}-01-01`), -1);
  return addDays(today, -RANGE_DAYS[range]);
}

function xirrOf(start: bigint | null, end: bigint | null, span: Span, money: readonly DayMoney[]): Performance['xirr'] {
  if (start === null) return unknownMoneyWeighted(`The value on ${span.from} is not known.`);
  if (end === null) return unknownMoneyWeighted('The value of now is not known.');
  return shownMoneyWeighted(
    moneyWeighted([
      { day: span.from, amount: -start },
      ...money.map((one) => ({ day: one.day, amount: -one.flow })),
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
  benchmark: null,
  notes: [],
});
