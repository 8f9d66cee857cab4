import { ApiDecimal, ApiFlag, ApiInstant, ApiText, ApiWord, IsDecimalText, PageOf } from '@scani/runtime';
import { IsISO8601, IsOptional, Matches } from 'class-validator';

/** One asset quoted in a currency at a time. */
export class Price {
  @ApiText() id!: string;
  @ApiDecimal() value!: string;
  @ApiText() currency!: string;
  @ApiInstant() at!: string;
  @ApiWord('Granularity', ['intraday', 'daily', 'exact']) granularity!: 'intraday' | 'daily' | 'exact';
  @ApiText() source!: string;
  @ApiFlag({ description: 'Entered by me, seen by me alone.' }) own!: boolean;
}
export class PricePage extends PageOf(Price) {}

export class CreatePrice {
  @ApiDecimal() @IsDecimalText({ above: 'zero' }) value!: string;
  @ApiText() @Matches(/^[A-Z]{3}$/, { message: 'must be the code of a currency, like EUR' }) currency!: string;
  @ApiInstant({ required: false, description: 'When it held; now, when left out.' })
  @IsOptional()
  @IsISO8601({ strict: true }, { message: 'must be an instant like 2026-03-01T12:00:00Z' })
  at?: string;
}
