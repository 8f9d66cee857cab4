import {
  CORPORATE_ACTIONS,
  TRANSACTION_KINDS,
  type TransactionKind,
  TRANSFER_VERDICTS,
  type TransferVerdict,
} from '@scani/domain';
import { ApiDecimal, ApiId, ApiInstant, ApiPart, ApiText, ApiWord, IsDecimalText, PageOf } from '@scani/runtime';
import { IsIn, IsISO8601, IsOptional, IsString, Matches, MaxLength } from 'class-validator';

const CODE = { message: 'must be the code of a currency, like EUR' };

export class PriceInput {
  @ApiDecimal() @IsDecimalText({ above: 'zero' }) value!: string;
  @ApiText() @Matches(/^[A-Z]{3}$/, CODE) currency!: string;
}
export class Fee {
  @ApiDecimal() quantity!: string;
  @ApiText() currency!: string;
}

/** What is said of a transfer that an entry is part of. */
export class TransferMark {
  @ApiId() id!: string;
  @ApiWord('TransferVerdict', TRANSFER_VERDICTS) verdict!: TransferVerdict;
  @ApiText({ nullable: true, description: 'Where the other side is.' }) otherAccountName!: string | null;
}

/** One economic event of one holding; never changed. */
export class Transaction {
  @ApiId() id!: string;
  @ApiId() holdingId!: string;
  @ApiText() symbol!: string;
  @ApiText() accountName!: string;
  @ApiWord('TransactionKind', TRANSACTION_KINDS) kind!: TransactionKind;
  @ApiDecimal({ description: 'Signed.' }) quantity!: string;
  @ApiInstant() occurredAt!: string;
  @ApiInstant() recordedAt!: string;
  @ApiPart(() => PriceInput, { nullable: true }) price!: PriceInput | null;
  @ApiPart(() => Fee, { nullable: true }) fee!: Fee | null;
  @ApiText({ nullable: true }) description!: string | null;
  @ApiText({ nullable: true }) counterparty!: string | null;
  @ApiText() source!: string;
  @ApiId({ nullable: true }) importId!: string | null;
  @ApiPart(() => TransferMark, { nullable: true }) transfer!: TransferMark | null;
  @ApiDecimal({ nullable: true, description: 'Sum of the ledger up to this row; null in lists over several holdings.' })
  balanceAfter!: string | null;
  @ApiId({ nullable: true, description: 'The transaction that this one takes back.' }) reversesId!: string | null;
  @ApiId({ nullable: true, description: 'The transaction by which this one was taken back.' })
  reversedById!: string | null;
}
export class TransactionPage extends PageOf(Transaction) {}

const UNTYPED: ReadonlySet<TransactionKind> = new Set(['opening-balance', ...CORPORATE_ACTIONS]);
const TYPED_KINDS = TRANSACTION_KINDS.filter((kind) => !UNTYPED.has(kind));

export class CreateTransaction {
  @ApiWord('TransactionKind', TRANSACTION_KINDS) @IsIn(TYPED_KINDS) kind!: TransactionKind;
  @ApiDecimal({ description: 'The size; the kind says the direction. An adjustment keeps its sign.' })
  @IsDecimalText()
  quantity!: string;
  @ApiInstant()
  @IsISO8601({ strict: true }, { message: 'must be an instant like 2026-03-01T12:00:00Z' })
  occurredAt!: string;
  @ApiDecimal({ required: false, description: 'For one unit.' })
  @IsOptional()
  @IsDecimalText({ above: 'zero' })
  price?: string;
  @ApiText({ required: false }) @IsOptional() @Matches(/^[A-Z]{3}$/, CODE) priceCurrency?: string;
  @ApiDecimal({ required: false }) @IsOptional() @IsDecimalText({ above: 'zero' }) fee?: string;
  @ApiText({ required: false }) @IsOptional() @Matches(/^[A-Z]{3}$/, CODE) feeCurrency?: string;
  @ApiText({ required: false, maxLength: 500 }) @IsOptional() @IsString() @MaxLength(500) description?: string;
}
