import { LONE_VERDICTS, type LoneVerdict, TRANSACTION_KINDS, TRANSFER_VERDICTS } from '@scani/domain';
import type { TransactionKind, TransferVerdict } from '@scani/domain';
import {
  ApiDecimal,
  ApiFlag,
  ApiId,
  ApiInstant,
  ApiInteger,
  ApiList,
  ApiPart,
  ApiText,
  ApiWord,
  PageOf,
  PageQuery,
} from '@scani/runtime';
import { Transform } from 'class-transformer';
import {
  ArrayMaxSize,
  ArrayMinSize,
  IsArray,
  IsBoolean,
  IsIn,
  IsOptional,
  IsString,
  IsUUID,
  Length,
} from 'class-validator';

export const DECIDERS = ['match', 'user', 'rule'] as const;
export const DIRECTIONS = ['in', 'out'] as const;
export type Direction = (typeof DIRECTIONS)[number];

/** One entry that is or may be a side of a transfer. */
export class TransferSide {
  @ApiId({ description: 'Of the transaction.' }) id!: string;
  @ApiId() holdingId!: string;
  @ApiId() accountId!: string;
  @ApiText() accountName!: string;
  @ApiText() institutionName!: string;
  @ApiText() symbol!: string;
  @ApiWord('TransactionKind', TRANSACTION_KINDS) kind!: TransactionKind;
  @ApiDecimal({ description: 'Signed.' }) quantity!: string;
  @ApiInstant() occurredAt!: string;
  @ApiFlag({ description: 'The source tells the day and not the time.' }) dayOnly!: boolean;
  @ApiText({ nullable: true }) description!: string | null;
  @ApiText({ nullable: true }) counterparty!: string | null;
}

export class TransferCandidate {
  @ApiPart(() => TransferSide) entry!: TransferSide;
  @ApiInteger({ description: 'Between the two; whole days where one of them has no time.' }) secondsApart!: number;
  @ApiDecimal({ description: 'What left and did not arrive; negative when more arrived than left.' })
  quantityApart!: string;
}

/** An entry that nobody has decided, with what may be its other side, the likeliest first. */
export class TransferReview {
  @ApiPart(() => TransferSide) entry!: TransferSide;
  @ApiList(() => TransferCandidate) candidates!: TransferCandidate[];
}
export class TransferReviewPage extends PageOf(TransferReview) {}

export class TransferSideList {
  @ApiList(() => TransferSide) items!: TransferSide[];
}

export class TransferReviewQuery extends PageQuery {
  @ApiFlag({ required: false, description: 'Those without a candidate too.' })
  @IsOptional()
  @Transform(({ value }) => (value === 'true' ? true : value === 'false' ? false : value) as unknown)
  @IsBoolean()
  all?: boolean;
}

/** What was said of one or several entries. */
export class Transfer {
  @ApiId() id!: string;
  @ApiWord('TransferVerdict', TRANSFER_VERDICTS) verdict!: TransferVerdict;
  @ApiWord('TransferDecider', DECIDERS) decidedBy!: (typeof DECIDERS)[number];
  @ApiId({ nullable: true }) ruleId!: string | null;
  @ApiInstant() decidedAt!: string;
  @ApiList(() => TransferSide) entries!: TransferSide[];
}
export class TransferPage extends PageOf(Transfer) {}
export class TransferList {
  @ApiList(() => Transfer) items!: Transfer[];
}

export class TransferCounts {
  @ApiInteger({ description: 'Entries with a candidate that wait for a person.' }) toReview!: number;
}

/** A look for transfers that has been asked for. */
export class TransferSearch {
  @ApiId() jobId!: string;
}

const MOST_ENTRIES = 200;

export class DecideTransfer {
  @ApiWord('TransferVerdict', TRANSFER_VERDICTS) @IsIn(TRANSFER_VERDICTS) verdict!: TransferVerdict;
  @ApiList(() => String, {
    description:
      'paired: the two sides. split: one side of one entry, the other of several. Else: one or more, each decided for itself.',
  })
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(MOST_ENTRIES)
  @IsUUID(undefined, { each: true })
  transactionIds!: string[];
}

/** What is always said of entries with a counterparty. */
export class TransferRule {
  @ApiId() id!: string;
  @ApiText() counterparty!: string;
  @ApiWord('TransferDirection', DIRECTIONS) direction!: Direction;
  @ApiWord('LoneVerdict', LONE_VERDICTS) verdict!: LoneVerdict;
  @ApiInstant() createdAt!: string;
  @ApiInteger({ description: 'Entries that it has decided.' }) decided!: number;
}
export class TransferRuleList {
  @ApiList(() => TransferRule) items!: TransferRule[];
}
export class CreateTransferRule {
  @ApiText({ maxLength: 500, description: 'The counterparty, or the description of entries that have none.' })
  @IsString()
  @Length(1, 500)
  counterparty!: string;
  @ApiWord('TransferDirection', DIRECTIONS) @IsIn(DIRECTIONS) direction!: Direction;
  @ApiWord('LoneVerdict', LONE_VERDICTS) @IsIn(LONE_VERDICTS) verdict!: LoneVerdict;
}
