import { PAYOUTS_PER_YEAR, type PayoutsPerYear } from '@scani/domain';
import { ApiDay, ApiDecimal, ApiId, ApiInteger, ApiList, ApiText, IsDecimalText } from '@scani/runtime';
import { IsIn, IsOptional, Matches } from 'class-validator';

const DAY = { message: 'must be a day like 2026-03-01' };
const DAY_PATTERN = /^\d{4}-\d{2}-\d{2}$/;

/** What a holding pays by itself. */
export class Yield {
  @ApiId() holdingId!: string;
  @ApiText() symbol!: string;
  @ApiText() accountName!: string;
  @ApiDecimal({ description: 'By the year: 0.05 is 5 %.' }) rate!: string;
  @ApiInteger({ description: '365 daily, 260 on weekdays, 52 weekly, 12 monthly, 1 yearly.' }) payoutsPerYear!: number;
  @ApiDay({ description: 'The first day that earns; the first payout is due one period later.' }) startsOn!: string;
  @ApiDay({ nullable: true }) endsOn!: string | null;
  @ApiDay({ nullable: true, description: 'Up to this day everything due has been recorded.' })
  accruedTo!: string | null;
  @ApiDecimal({ description: 'What it has paid so far, in units of the holding.' }) paid!: string;
  @ApiDay({ nullable: true, description: 'Null: nothing more is due.' }) nextDueOn!: string | null;
}
export class YieldList {
  @ApiList(() => Yield) items!: Yield[];
}

export class SetYield {
  @ApiDecimal({ description: 'By the year: 0.05 is 5 %; at most 10.' }) @IsDecimalText({ above: 'zero' }) rate!: string;
  @ApiInteger()
  @IsIn(PAYOUTS_PER_YEAR, { message: `must be one of ${PAYOUTS_PER_YEAR.join(', ')}` })
  payoutsPerYear!: PayoutsPerYear;
  @ApiDay() @Matches(DAY_PATTERN, DAY) startsOn!: string;
  @ApiDay({ required: false, nullable: true }) @IsOptional() @Matches(DAY_PATTERN, DAY) endsOn?: string | null;
}
