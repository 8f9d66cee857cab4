import { COST_BASIS_METHODS, type CostBasisMethod } from '@scani/domain';
import { ApiFlag, ApiId, ApiList, ApiPart, ApiText, ApiWord } from '@scani/runtime';
import { Type } from 'class-transformer';
import { IsBoolean, IsIn, IsOptional, IsString, IsUUID, Length, Matches, ValidateNested } from 'class-validator';

export const INSTITUTION_KINDS = ['bank', 'broker', 'exchange', 'wallet', 'fund', 'property', 'manual'] as const;
export type InstitutionKind = (typeof INSTITUTION_KINDS)[number];
export const ACCOUNT_KINDS = ['asset', 'liability'] as const;
export type AccountKind = (typeof ACCOUNT_KINDS)[number];

export class Institution {
  @ApiId() id!: string;
  @ApiText() name!: string;
  @ApiWord('InstitutionKind', INSTITUTION_KINDS) kind!: InstitutionKind;
  @ApiFlag() own!: boolean;
}
export class InstitutionList {
  @ApiList(() => Institution) items!: Institution[];
}
export class CreateInstitution {
  @ApiText({ maxLength: 100 }) @IsString() @Length(1, 100) name!: string;
  @ApiWord('InstitutionKind', INSTITUTION_KINDS) @IsIn(INSTITUTION_KINDS) kind!: InstitutionKind;
}

export class CreateAccount {
  @ApiText({ maxLength: 100 }) @IsString() @Length(1, 100) name!: string;
  @ApiWord('AccountKind', ACCOUNT_KINDS) @IsIn(ACCOUNT_KINDS) kind!: AccountKind;
  @ApiText() @Matches(/^[A-Z]{3}$/, { message: 'must be the code of a currency, like EUR' }) currency!: string;
  @ApiId({ required: false, description: 'An institution of mine; either this or `institution`.' })
  @IsOptional()
  @IsUUID()
  institutionId?: string;
  @ApiPart(() => CreateInstitution, {
    required: false,
    description: 'A new institution; either this or `institutionId`.',
  })
  @IsOptional()
  @ValidateNested()
  @Type(() => CreateInstitution)
  institution?: CreateInstitution;
}

export class UpdateAccount {
  @ApiText({ required: false, maxLength: 100 }) @IsOptional() @IsString() @Length(1, 100) name?: string;
  @ApiFlag({ required: false }) @IsOptional() @IsBoolean() archived?: boolean;
  @ApiWord('CostBasisMethod', COST_BASIS_METHODS, {
    required: false,
    nullable: true,
    description: 'Which lots are sold here; null: as everywhere.',
  })
  @IsOptional()
  @IsIn(COST_BASIS_METHODS)
  costBasisMethod?: CostBasisMethod | null;
}
