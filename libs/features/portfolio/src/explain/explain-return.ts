import { Injectable } from '@nestjs/common';
import { type DayMoney, type DayReturn, dayReturns, VALUE_DECIMALS } from '@scani/domain';
import { fixedText } from '@scani/money';
import { pageOf, readCursor } from '@scani/runtime';
import { type Measured, PerformanceService } from '../performance/performance.service.js';
import type { ExplainReturnQuery, ReturnDay, ReturnExplanation } from './explain-return.dto.js';

const RULES = [
  'Time-weighted: end ÷ capital of every day, multiplied from the first day with capital to the last, each step half to even at 40 decimals; less one, at 10 decimals.',
  'Money-weighted: the yearly rate at which the value at the start, the flows of the days and the value at the end weigh nothing together, a year having 365 days.',
  'Gain: end less start less all flows. Income and costs are within it.',
];

const text = (units: bigint): string => fixedText(units, VALUE_DECIMALS);
const textOf = (units: bigint | null): string | null => (units === null ? null : text(units));

/** Takes a return apart into its days. */
@Injectable()
export class ExplainReturn {
  constructor(private readonly performances: PerformanceService) {}

  async of(userId: string, query: ExplainReturnQuery): Promise<ReturnExplanation> {
    const { scope, id, range, base, cursor, limit, moved } = query;
    const { performance, measured, money, isReady } = await this.performances.takenApart(userId, {
      scope,
      range,
      ...(id === undefined ? {} : { id }),
      ...(base === undefined ? {} : { base }),
    });
    const after = readCursor(cursor, 1)?.[0] ?? '';
    const days = isReady ? daysOf(measured, money) : [];
    const wanted = days.filter((day) => day.day > after && (moved !== 'true' || hasMoved(day)));
    return {
      performance,
      ready: isReady,
      rules: RULES,
      days: pageOf(
        wanted.slice(0, limit + 1),
        limit,
        (day) => day,
        (day) => [day.day],
      ),
    };
  }
}

const hasMoved = (day: ReturnDay): boolean =>
  day.gap !== null || [day.flow, day.income, day.costs].some((amount) => amount !== '0');

function daysOf({ values, effects }: Measured, money: readonly DayMoney[]): ReturnDay[] {
  const moved = new Map(money.map((one) => [one.day, one]));
  return dayReturns(values, money).map((link: DayReturn, index) => {
    const own = moved.get(link.day);
    const isReturn = link.kind === 'return';
    return {
      day: link.day,
      value: textOf(values[index + 1]?.value ?? null),
      flow: text(own?.flow ?? 0n),
      priced: text(own?.priced ?? 0n),
      income: text(own?.income ?? 0n),
      costs: text(own?.costs ?? 0n),
      currencyEffect: index < effects.length ? textOf(effects[index] ?? null) : '0',
      capital: isReturn ? text(link.capital) : null,
      end: isReturn ? text(link.end) : null,
      gap: link.kind === 'return' ? null : link.kind,
    };
  });
}
