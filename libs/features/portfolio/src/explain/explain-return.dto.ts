import { ApiDay, ApiDecimal, ApiFlag, ApiList, ApiPart, ApiText, ApiWord, PageQuery } from '@scani/runtime';
import { IsIn, IsOptional, IsUUID, Matches } from 'class-validator';
import { SCOPES } from '../overview/overview.dto.js';
import { Performance, PERFORMANCE_RANGES, type PerformanceRange } from '../performance/performance.dto.js';

export class ExplainReturnQuery extends PageQuery {
  @ApiWord('Scope', SCOPES) @IsIn(SCOPES) scope!: (typeof SCOPES)[number];
  @ApiText({ required: false, format: 'uuid', description: 'Of the institution, account or holding.' })
  @IsOptional()
  @IsUUID()
  id?: string;
  @ApiWord('PerformanceRange', PERFORMANCE_RANGES) @IsIn(PERFORMANCE_RANGES) range!: PerformanceRange;
  @ApiText({ required: false, description: 'Currency of the figures; my own when left out.' })
  @IsOptional()
  @Matches(/^[A-Z]{3}$/, { message: 'must be the code of a currency, like EUR' })
  base?: string;
  @ApiFlag({ required: false, description: 'Only days on which money moved, and those without a return.' })
  @IsOptional()
  @IsIn(['true', 'false'])
  moved?: string;
}

const GAPS = ['value-unknown', 'nothing-invested', 'below-zero'] as const;

/** One day of a return. */
export class ReturnDay {
  @ApiDay() day!: string;
  @ApiDecimal({ nullable: true, description: 'At its end.' }) value!: string | null;
  @ApiDecimal({ description: 'Put in less taken out.' }) flow!: string;
  @ApiDecimal({ description: 'The part of the flow whose price is known; it was at work on this day already.' })
  priced!: string;
  @ApiDecimal() income!: string;
  @ApiDecimal() costs!: string;
  @ApiDecimal({ nullable: true }) currencyEffect!: string | null;
  @ApiDecimal({ nullable: true, description: 'What was at work: the value of the day before, and priced inflows.' })
  capital!: string | null;
  @ApiDecimal({ nullable: true, description: 'What it had become: value − flow + priced inflows.' }) end!:
    string | null;
  @ApiWord('ReturnGap', GAPS, { nullable: true, description: 'Why the day has no return.' })
  gap!: (typeof GAPS)[number] | null;
}
export class ReturnDayPage {
  @ApiList(() => ReturnDay) items!: ReturnDay[];
  @ApiText({ nullable: true }) nextCursor!: string | null;
}

/** A return with the days that it is made of. */
export class ReturnExplanation {
  @ApiPart(() => Performance) performance!: Performance;
  @ApiFlag({ description: 'False: the daily values are still being worked out.' }) ready!: boolean;
  @ApiList(() => String, { description: 'How the days make the return.' }) rules!: string[];
  @ApiPart(() => ReturnDayPage, { description: 'The oldest first.' }) days!: ReturnDayPage;
}
