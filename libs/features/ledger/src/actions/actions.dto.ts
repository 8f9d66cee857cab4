import { CORPORATE_ACTIONS, type CorporateActionKind } from '@scani/domain';
import {
  ApiDecimal,
  ApiFlag,
  ApiId,
  ApiInstant,
  ApiList,
  ApiPart,
  ApiText,
  ApiWord,
  IsDecimalText,
  PageOf,
  PageQuery,
} from '@scani/runtime';
import { IsIn, IsISO8601, IsOptional, IsString, IsUUID, Matches, MaxLength } from 'class-validator';
import { PriceInput } from '../entries/entries.dto.js';

/** So many new units for so many old ones. */
export class UnitRatio {
  @ApiDecimal() newUnits!: string;
  @ApiDecimal() oldUnits!: string;
}

export class ActionEntry {
  @ApiId({ description: 'The transaction.' }) id!: string;
  @ApiId() holdingId!: string;
  @ApiText() symbol!: string;
  @ApiDecimal({ description: 'Signed; zero where only money is concerned.' }) quantity!: string;
  @ApiPart(() => PriceInput, { nullable: true, description: 'Cash for one unit.' }) price!: PriceInput | null;
}

/** What a company did to its shares, as one account has it. */
export class CorporateAction {
  @ApiId() id!: string;
  @ApiWord('CorporateActionKind', CORPORATE_ACTIONS) kind!: CorporateActionKind;
  @ApiInstant() occurredAt!: string;
  @ApiInstant() recordedAt!: string;
  @ApiId() accountId!: string;
  @ApiText() accountName!: string;
  @ApiPart(() => UnitRatio, { nullable: true }) ratio!: UnitRatio | null;
  @ApiDecimal({ nullable: true, description: 'Part of the cost, between 0 and 1, that goes along.' })
  costShare!: string | null;
  @ApiFlag({ description: 'Its entries were taken back.' }) reversed!: boolean;
  @ApiList(() => ActionEntry) entries!: ActionEntry[];
}
export class CorporateActionPage extends PageOf(CorporateAction) {}

export class CorporateActionQuery extends PageQuery {
  @ApiId({ required: false, description: 'Of this holding alone.' }) @IsOptional() @IsUUID() holdingId?: string;
}

const CODE = { message: 'must be the code of a currency, like EUR' };
const INSTANT = { message: 'must be an instant like 2026-03-01T12:00:00Z' };

export class CreateCorporateAction {
  @ApiId({ description: 'Where the shares are that it happens to.' }) @IsUUID() holdingId!: string;
  @ApiWord('CorporateActionKind', CORPORATE_ACTIONS) @IsIn(CORPORATE_ACTIONS) kind!: CorporateActionKind;
  @ApiInstant() @IsISO8601({ strict: true }, INSTANT) occurredAt!: string;
  @ApiDecimal({ required: false, description: 'New units for `oldUnits`; of a spin-off, units of the child.' })
  @IsOptional()
  @IsDecimalText({ above: 'zero' })
  newUnits?: string;
  @ApiDecimal({ required: false }) @IsOptional() @IsDecimalText({ above: 'zero' }) oldUnits?: string;
  @ApiId({ required: false, description: 'What the shares become, or what is spun off.' })
  @IsOptional()
  @IsUUID()
  assetId?: string;
  @ApiDecimal({
    required: false,
    description: 'Part of the cost, between 0 and 1: of a spin-off for the child, of a merger for the cash.',
  })
  @IsOptional()
  @IsDecimalText({ above: 'zero' })
  costShare?: string;
  @ApiDecimal({ required: false, description: 'Cash for one share.' })
  @IsOptional()
  @IsDecimalText({ above: 'zero' })
  cash?: string;
  @ApiText({ required: false }) @IsOptional() @Matches(/^[A-Z]{3}$/, CODE) cashCurrency?: string;
  @ApiDecimal({ required: false, description: 'Units held just before; what the ledger says when left out.' })
  @IsOptional()
  @IsDecimalText({ above: 'zero' })
  units?: string;
  @ApiText({ required: false, maxLength: 500 }) @IsOptional() @IsString() @MaxLength(500) description?: string;
}

/** What the units of a holding become. */
export class CorporateActionPreview {
  @ApiText() symbol!: string;
  @ApiDecimal({ description: 'Held just before, as the ledger knows it.' }) before!: string;
  @ApiDecimal({ description: 'Of the same asset, just after.' }) after!: string;
  @ApiText({ nullable: true }) otherSymbol!: string | null;
  @ApiDecimal({ nullable: true, description: 'Of the new or the spun-off asset, what comes.' })
  received!: string | null;
}
