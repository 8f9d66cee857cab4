import { ApiDay, ApiDecimal, ApiId, ApiList, ApiPart, ApiText, ApiWord } from '@scani/runtime';
import { IsIn, IsOptional, IsUUID } from 'class-validator';
import { BaseQuery, SCOPES } from '../overview/overview.dto.js';

export const PERFORMANCE_RANGES = ['1M', '3M', 'YTD', '1Y', 'ALL'] as const;
export type PerformanceRange = (typeof PERFORMANCE_RANGES)[number];

export class PerformanceQuery extends BaseQuery {
  @ApiWord('Scope', SCOPES) @IsIn(SCOPES) scope!: (typeof SCOPES)[number];
  @ApiId({ required: false, description: 'Of the institution, account or holding.' })
  @IsOptional()
  @IsUUID()
  id?: string;
  @ApiWord('PerformanceRange', PERFORMANCE_RANGES) @IsIn(PERFORMANCE_RANGES) range!: PerformanceRange;
  @ApiId({ required: false, description: 'An asset to compare with.' })
  @IsOptional()
  @IsUUID()
  benchmark?: string;
}

/** Two returns up to the end of a day, since the end of the first. */
export class ReturnPoint {
  @ApiDay() day!: string;
  @ApiDecimal({ description: 'Time-weighted: 0.0123 is +1.23 %.' }) own!: string;
  @ApiDecimal({ nullable: true, description: 'Of the asset that it is compared with.' }) other!: string | null;
}

/** How another asset did over the same days. */
export class Benchmark {
  @ApiId() assetId!: string;
  @ApiDay({ description: 'The day at whose end its own return begins.' }) from!: string;
  @ApiDay() to!: string;
  @ApiDecimal({ nullable: true, description: 'Its own return in the base: 0.0123 is +1.23 %.' }) value!: string | null;
  @ApiDecimal({ nullable: true, description: 'What the same flows, put into it at the close, would be worth.' })
  worth!: string | null;
  @ApiDecimal({ nullable: true, description: 'What there is, less that.' }) difference!: string | null;
  @ApiText({ nullable: true, description: 'Why it is not known.' }) reason!: string | null;
  @ApiList(() => ReturnPoint, {
    description: 'How both came about, on at most 400 days; empty where the time-weighted return is not known.',
  })
  series!: ReturnPoint[];
}

export class TimeWeightedReturn {
  @ApiDecimal({ nullable: true, description: '0.0123 is +1.23 % over the whole time.' }) value!: string | null;
  @ApiDecimal({ nullable: true, description: 'By the year; null below one year.' }) annualised!: string | null;
  @ApiText({ nullable: true, description: 'Why it is not known.' }) reason!: string | null;
  @ApiDay({ nullable: true, description: 'The day at whose end the chain of daily returns begins.' })
  from!: string | null;
  @ApiDay({ nullable: true }) to!: string | null;
}

export const XIRR_STATES = ['known', 'undefined', 'not-unique'] as const;

export class MoneyWeightedReturn {
  @ApiWord('XirrState', XIRR_STATES) state!: (typeof XIRR_STATES)[number];
  @ApiDecimal({ nullable: true, description: 'By the year: 0.0123 is +1.23 %.' }) value!: string | null;
  @ApiText({ nullable: true, description: 'Why there is none, or more than one.' }) reason!: string | null;
}

/** How a scope did between the ends of two days. What is not known is null, never zero. */
export class Performance {
  @ApiText() base!: string;
  @ApiWord('Scope', SCOPES) scope!: (typeof SCOPES)[number];
  @ApiWord('PerformanceRange', PERFORMANCE_RANGES) range!: PerformanceRange;
  @ApiDay({ description: 'The day at whose end it begins.' }) from!: string;
  @ApiDay() to!: string;
  @ApiDecimal({ nullable: true }) start!: string | null;
  @ApiDecimal({ nullable: true }) end!: string | null;
  @ApiDecimal({ nullable: true, description: 'Money put in less money taken out.' }) netFlows!: string | null;
  @ApiDecimal({ nullable: true, description: 'Dividends, interest, rewards and airdrops; part of the gain.' })
  income!: string | null;
  @ApiDecimal({ nullable: true, description: 'Fees and taxes; already taken off the gain.' }) costs!: string | null;
  @ApiDecimal({ nullable: true, description: 'End less start less net flows.' }) gain!: string | null;
  @ApiPart(() => TimeWeightedReturn) twr!: TimeWeightedReturn;
  @ApiPart(() => MoneyWeightedReturn) xirr!: MoneyWeightedReturn;
  @ApiDecimal({ nullable: true, description: 'The part of the gain that exchange rates made.' })
  currencyEffect!: string | null;
  @ApiPart(() => Benchmark, { nullable: true }) benchmark!: Benchmark | null;
  @ApiList(() => String, { description: 'What was left out, in sentences.' }) notes!: string[];
}
