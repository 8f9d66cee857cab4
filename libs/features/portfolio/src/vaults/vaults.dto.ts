import { ApiDay, ApiDecimal, ApiId, ApiInstant, ApiList, ApiPart, ApiText, IsDecimalText } from '@scani/runtime';
import { Type } from 'class-transformer';
import { ArrayMaxSize, IsArray, IsOptional, IsString, IsUUID, Length, Matches, ValidateNested } from 'class-validator';
import { Figure } from '../figure.dto.js';

const DAY = { message: 'must be a day like 2026-03-01' };
const MOST_SLICES = 200;

/** A share of a holding that is put aside. */
export class VaultSlice {
  @ApiId() holdingId!: string;
  @ApiText() symbol!: string;
  @ApiText() accountName!: string;
  @ApiDecimal({ description: 'Of the holding, above 0 and at most 100.' }) percent!: string;
  @ApiDecimal({ nullable: true, description: 'In the currency of the vault. Null: there is no price.' })
  value!: string | null;
  @ApiText({ nullable: true, description: 'Why it is not counted.' }) uncounted!: string | null;
}

/** A savings goal, and how far it is. */
export class Vault {
  @ApiId() id!: string;
  @ApiText() name!: string;
  @ApiDecimal() target!: string;
  @ApiText() currency!: string;
  @ApiDay({ nullable: true }) dueOn!: string | null;
  @ApiPart(() => Figure) saved!: Figure;
  @ApiDecimal({ nullable: true, description: '0.25 is 25 % of the target.' }) ratio!: string | null;
  @ApiDecimal({ nullable: true }) missing!: string | null;
  @ApiDecimal({ nullable: true, description: 'To be put aside each month until it is due.' }) monthly!: string | null;
  @ApiList(() => VaultSlice) slices!: VaultSlice[];
  @ApiInstant() createdAt!: string;
}
export class VaultList {
  @ApiList(() => Vault) items!: Vault[];
}

export class CreateVault {
  @ApiText({ maxLength: 60 }) @IsString() @Length(1, 60) name!: string;
  @ApiDecimal() @IsDecimalText({ above: 'zero' }) target!: string;
  @ApiText() @Matches(/^[A-Z]{3}$/, { message: 'must be the code of a currency, like EUR' }) currency!: string;
  @ApiDay({ required: false, nullable: true }) @IsOptional() @Matches(/^\d{4}-\d{2}-\d{2}$/, DAY) dueOn?: string | null;
}
export class UpdateVault {
  @ApiText({ required: false, maxLength: 60 }) @IsOptional() @IsString() @Length(1, 60) name?: string;
  @ApiDecimal({ required: false }) @IsOptional() @IsDecimalText({ above: 'zero' }) target?: string;
  @ApiDay({ required: false, nullable: true }) @IsOptional() @Matches(/^\d{4}-\d{2}-\d{2}$/, DAY) dueOn?: string | null;
}

export class SetSlice {
  @ApiId() @IsUUID() holdingId!: string;
  @ApiDecimal({ description: 'Above 0 and at most 100, with up to six decimals.' })
  @IsDecimalText({ above: 'zero' })
  percent!: string;
}
export class SetSlices {
  @ApiList(() => SetSlice)
  @IsArray()
  @ArrayMaxSize(MOST_SLICES)
  @ValidateNested({ each: true })
  @Type(() => SetSlice)
  slices!: SetSlice[];
}
