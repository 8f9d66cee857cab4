import { ApiFlag, ApiInstant, ApiInteger, ApiList, ApiPart, ApiText, ApiWord, PageOf, PageQuery } from '@scani/runtime';
import { ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { IsIn, IsInt, IsOptional, IsString, Max, MaxLength, Min } from 'class-validator';

export const EGRESS_DAYS = 90;
export const EGRESS_PROCESSES = ['api', 'worker', 'data-provider', 'cli'] as const;
export type EgressProcess = (typeof EGRESS_PROCESSES)[number];

class EgressSpan {
  @ApiPropertyOptional({ type: 'integer', minimum: 1, maximum: EGRESS_DAYS, default: 30 })
  @IsOptional()
  @Type(() => Number)
  @IsInt()
  @Min(1)
  @Max(EGRESS_DAYS)
  days: number = 30;
}

export class EgressSummaryQuery extends EgressSpan {}

export class EgressQuery extends PageQuery {
  @ApiPropertyOptional({ type: String, description: 'Only calls to this host.' })
  @IsOptional()
  @IsString()
  @MaxLength(300)
  host?: string;

  @ApiPropertyOptional({ type: String, description: 'Only calls for this purpose.' })
  @IsOptional()
  @IsString()
  @MaxLength(50)
  purpose?: string;

  @ApiPropertyOptional({ enum: EGRESS_PROCESSES, enumName: 'EgressProcess' })
  @IsOptional()
  @IsIn(EGRESS_PROCESSES)
  process?: EgressProcess;
}

class EgressAmounts {
  @ApiInteger() calls!: number;
  @ApiInteger({ description: 'Path, query and body.' }) sentBytes!: number;
  @ApiInteger({ description: 'Bodies, unpacked.' }) receivedBytes!: number;
  @ApiText({ nullable: true, format: 'decimal', description: 'US dollars, as far as anybody said.' })
  cost!: string | null;
}

export class EgressTotals extends EgressAmounts {
  @ApiInteger({ description: 'Without an answer, or with one of 400 and more.' }) failed!: number;
}

/** All calls of one process to one host for one purpose. */
export class EgressDestination extends EgressTotals {
  @ApiWord('EgressProcess', EGRESS_PROCESSES) process!: string;
  @ApiText() host!: string;
  @ApiText() purpose!: string;
  @ApiFlag({ description: 'Made for me, and not for everybody here.' }) mine!: boolean;
  @ApiFlag({ description: "To this installation's own data-provider: it has left the process and not the house." })
  own!: boolean;
  @ApiInstant() lastAt!: string;
}

export class EgressSummary {
  @ApiInstant() since!: string;
  @ApiPart(() => EgressTotals, { description: 'Without calls to the own data-provider.' }) totals!: EgressTotals;
  @ApiList(() => EgressDestination, { description: 'Those with the most calls first.' }) items!: EgressDestination[];
}

export class Egress {
  @ApiText() id!: string;
  @ApiInstant() at!: string;
  @ApiWord('EgressProcess', EGRESS_PROCESSES) process!: string;
  @ApiText() host!: string;
  @ApiText() purpose!: string;
  @ApiFlag({ description: "To this installation's own data-provider." }) own!: boolean;
  @ApiInteger({ nullable: true, description: 'Of the answer; null where there was none.' }) status!: number | null;
  @ApiInteger() sentBytes!: number;
  @ApiInteger() receivedBytes!: number;
  @ApiInteger() ms!: number;
  @ApiText({
    nullable: true,
    description: 'For whom: a person or an issued key, by the name that logs give them; null: for everybody here.',
  })
  whom!: string | null;
  @ApiText({ nullable: true, format: 'decimal', description: 'US dollars.' }) cost!: string | null;
}
export class EgressPage extends PageOf(Egress) {}
