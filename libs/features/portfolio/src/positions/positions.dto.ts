import { COST_BASIS_METHODS, type CostBasisMethod } from '@scani/domain';
import { ACCOUNT_KINDS, INSTITUTION_KINDS, type InstitutionKind, PriceInput } from '@scani/ledger';
import { Asset } from '@scani/market';
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
  IsDecimalText,
  PageOf,
  PageQuery,
} from '@scani/runtime';
import { Transform, Type } from 'class-transformer';
import { IsBoolean, IsIn, IsISO8601, IsOptional, IsUUID, ValidateNested } from 'class-validator';
import { Change, Figure } from '../figure.dto.js';

export class InstitutionRef {
  @ApiId() id!: string;
  @ApiText() name!: string;
  @ApiWord('InstitutionKind', INSTITUTION_KINDS) kind!: InstitutionKind;
}

export class Account {
  @ApiId() id!: string;
  @ApiText() name!: string;
  @ApiWord('AccountKind', ACCOUNT_KINDS) kind!: 'asset' | 'liability';
  @ApiText() currency!: string;
  @ApiPart(() => InstitutionRef) institution!: InstitutionRef;
  @ApiFlag() archived!: boolean;
  @ApiWord('CostBasisMethod', COST_BASIS_METHODS, { nullable: true, description: 'Null: as everywhere.' })
  costBasisMethod!: CostBasisMethod | null;
  @ApiInteger() holdings!: number;
  @ApiPart(() => Figure) value!: Figure;
  @ApiList(() => String) groupIds!: string[];
  @ApiInstant() createdAt!: string;
}
export class AccountList {
  @ApiList(() => Account) items!: Account[];
  @ApiText() base!: string;
}

export class AccountRef {
  @ApiId() id!: string;
  @ApiText() name!: string;
  @ApiWord('AccountKind', ACCOUNT_KINDS) kind!: 'asset' | 'liability';
  @ApiPart(() => InstitutionRef) institution!: InstitutionRef;
}

export class HoldingPrice {
  @ApiDecimal() value!: string;
  @ApiText() currency!: string;
  @ApiInstant() at!: string;
  @ApiFlag() stale!: boolean;
  @ApiText() source!: string;
}

/** One position: an asset in an account. */
export class Holding {
  @ApiId() id!: string;
  @ApiPart(() => AccountRef) account!: AccountRef;
  @ApiPart(() => Asset) asset!: Asset;
  @ApiDecimal() balance!: string;
  @ApiInstant({ nullable: true }) balanceAt!: string | null;
  @ApiPart(() => HoldingPrice, { nullable: true, description: 'One unit in the base currency.' })
  price!: HoldingPrice | null;
  @ApiPart(() => Figure) value!: Figure;
  @ApiPart(() => Change, { nullable: true, description: 'Since yesterday.' }) change!: Change | null;
  @ApiFlag() hidden!: boolean;
  @ApiFlag({ description: 'Empty for more than a week.' }) closed!: boolean;
  @ApiFlag({ description: 'Part of the totals.' }) counted!: boolean;
  @ApiText({ nullable: true, description: 'Why it is not counted.' }) uncounted!: string | null;
  @ApiList(() => String) groupIds!: string[];
  @ApiList(() => String, { description: 'Values of the last 30 days; null where not known.' }) spark!: (
    string | null
  )[];
}
export class HoldingPage extends PageOf(Holding) {
  @ApiText() base!: string;
}

const SORTS = ['value', 'name', 'change'] as const;

export class HoldingQuery extends PageQuery {
  @ApiId({ required: false }) @IsOptional() @IsUUID() accountId?: string;
  @ApiId({ required: false }) @IsOptional() @IsUUID() groupId?: string;
  @ApiFlag({ required: false, description: 'Only hidden or only shown ones.' })
  @IsOptional()
  @Transform(({ value }) => (value === 'true' ? true : value === 'false' ? false : value) as unknown)
  @IsBoolean()
  hidden?: boolean;
  @ApiFlag({ required: false, description: 'With the closed ones; they are left out otherwise.' })
  @IsOptional()
  @Transform(({ value }) => (value === 'true' ? true : value === 'false' ? false : value) as unknown)
  @IsBoolean()
  closed?: boolean;
  @ApiWord('HoldingSort', SORTS, { required: false }) @IsOptional() @IsIn(SORTS) sort?: (typeof SORTS)[number];
}

export class CreateHolding {
  @ApiId() @IsUUID() accountId!: string;
  @ApiId() @IsUUID() assetId!: string;
  @ApiDecimal() @IsDecimalText() balance!: string;
  @ApiInstant({ required: false, description: 'When the balance was so; now, when left out.' })
  @IsOptional()
  @IsISO8601({ strict: true }, { message: 'must be an instant like 2026-03-01T12:00:00Z' })
  at?: string;
  @ApiPart(() => PriceInput, { required: false, description: 'A price of my own.' })
  @IsOptional()
  @ValidateNested()
  @Type(() => PriceInput)
  price?: PriceInput;
}

export class UpdateHolding {
  @ApiFlag() @IsBoolean() hidden!: boolean;
}
