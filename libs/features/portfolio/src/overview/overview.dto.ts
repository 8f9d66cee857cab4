import { COVERAGES, type Coverage } from '@scani/domain';
import { ApiDay, ApiDecimal, ApiId, ApiInstant, ApiInteger, ApiList, ApiPart, ApiText, ApiWord } from '@scani/runtime';
import { IsIn, IsOptional, IsUUID, Matches } from 'class-validator';
import { Change, Figure } from '../figure.dto.js';

export const ROLLUP_STATES = ['ready', 'building', 'empty'] as const;
export type RollupState = (typeof ROLLUP_STATES)[number];

export class BaseQuery {
  @ApiText({ required: false, description: 'Currency of the figures; my own when left out.' })
  @IsOptional()
  @Matches(/^[A-Z]{3}$/, { message: 'must be the code of a currency, like EUR' })
  base?: string;
}

export class Changes {
  @ApiPart(() => Change, { nullable: true }) day!: Change | null;
  @ApiPart(() => Change, { nullable: true }) week!: Change | null;
  @ApiPart(() => Change, { nullable: true }) month!: Change | null;
  @ApiPart(() => Change, { nullable: true }) year!: Change | null;
  @ApiPart(() => Change, { nullable: true }) all!: Change | null;
}

const ATTENTION_KINDS = ['unpriced', 'stale', 'missing-inflows', 'split-position', 'job-failed'] as const;

export class Attention {
  @ApiWord('AttentionKind', ATTENTION_KINDS) kind!: (typeof ATTENTION_KINDS)[number];
  @ApiText() title!: string;
  @ApiText() detail!: string;
  @ApiId({ nullable: true }) holdingId!: string | null;
  @ApiId({ nullable: true }) jobId!: string | null;
}

export class PortfolioSummary {
  @ApiText() base!: string;
  @ApiInstant() asOf!: string;
  @ApiPart(() => Figure) value!: Figure;
  @ApiPart(() => Figure) assets!: Figure;
  @ApiPart(() => Figure) liabilities!: Figure;
  @ApiPart(() => Figure) cash!: Figure;
  @ApiPart(() => Changes) changes!: Changes;
  @ApiInteger() holdings!: number;
  @ApiInteger() accounts!: number;
  @ApiList(() => Attention) attention!: Attention[];
  @ApiWord('RollupState', ROLLUP_STATES) rollup!: RollupState;
}

export const ALLOCATIONS = ['asset', 'kind', 'institution', 'account', 'group'] as const;
export type AllocationBy = (typeof ALLOCATIONS)[number];

export class AllocationQuery extends BaseQuery {
  @ApiWord('AllocationBy', ALLOCATIONS) @IsIn(ALLOCATIONS) by!: AllocationBy;
}

export class Slice {
  @ApiText() key!: string;
  @ApiText() label!: string;
  @ApiDecimal() value!: string;
  @ApiDecimal() ratio!: string;
  @ApiId({ nullable: true }) id!: string | null;
}

export class Allocation {
  @ApiText() base!: string;
  @ApiWord('AllocationBy', ALLOCATIONS) by!: AllocationBy;
  @ApiDecimal({ description: 'Sum of the slices. Liabilities are left out of it.' }) total!: string;
  @ApiDecimal() liabilities!: string;
  @ApiInteger({ description: 'Holdings left out because they have no price.' }) unpriced!: number;
  @ApiList(() => Slice) slices!: Slice[];
}

export const SCOPES = ['user', 'institution', 'account', 'holding'] as const;
export const RANGES = ['1W', '1M', '3M', '1Y', 'ALL'] as const;

export class HistoryQuery extends BaseQuery {
  @ApiWord('Scope', SCOPES) @IsIn(SCOPES) scope!: (typeof SCOPES)[number];
  @ApiId({ required: false, description: 'Of the institution, account or holding.' })
  @IsOptional()
  @IsUUID()
  id?: string;
  @ApiWord('HistoryRange', RANGES) @IsIn(RANGES) range!: (typeof RANGES)[number];
}

export class HistoryPoint {
  @ApiDay() day!: string;
  @ApiDecimal({ nullable: true }) value!: string | null;
  @ApiWord('Coverage', COVERAGES) coverage!: Coverage;
}

export class History {
  @ApiText() base!: string;
  @ApiWord('Scope', SCOPES) scope!: (typeof SCOPES)[number];
  @ApiWord('RollupState', ROLLUP_STATES) state!: RollupState;
  @ApiList(() => HistoryPoint, { description: 'Oldest first; the last is the value of now, the headline.' })
  points!: HistoryPoint[];
}
