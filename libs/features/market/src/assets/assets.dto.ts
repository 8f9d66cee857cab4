import { ApiFlag, ApiId, ApiInteger, ApiList, ApiPart, ApiText, ApiWord, PageOf, PageQuery } from '@scani/runtime';
import { Type } from 'class-transformer';
import { IsIn, IsInt, IsOptional, IsString, Length, Max, MaxLength, Min, ValidateNested } from 'class-validator';

export const ASSET_KINDS = ['fiat', 'crypto', 'stock', 'private', 'other'] as const;
export type AssetKind = (typeof ASSET_KINDS)[number];

/** Anything with a quantity and a price. */
export class Asset {
  @ApiId() id!: string;
  @ApiText() symbol!: string;
  @ApiText() name!: string;
  @ApiWord('AssetKind', ASSET_KINDS) kind!: AssetKind;
  @ApiText({ description: 'Exchange or market where one symbol means several things; else empty.' })
  marketSegment!: string;
  @ApiInteger() decimals!: number;
  @ApiFlag({ description: 'Known to me alone.' }) own!: boolean;
  @ApiFlag({ description: 'A provider can price it.' }) priced!: boolean;
}
export class AssetPage extends PageOf(Asset) {}

export class AssetQuery extends PageQuery {
  @ApiText({ required: false, maxLength: 60 }) @IsOptional() @IsString() @MaxLength(60) search?: string;
  @ApiWord('AssetKind', ASSET_KINDS, { required: false }) @IsOptional() @IsIn(ASSET_KINDS) kind?: AssetKind;
}

export class Currency {
  @ApiId() assetId!: string;
  @ApiText() code!: string;
  @ApiText() name!: string;
  @ApiInteger() decimals!: number;
}
export class CurrencyList {
  @ApiList(() => Currency) items!: Currency[];
}

export class AssetSearchQuery {
  @ApiText({ minLength: 1, maxLength: 60 }) @IsString() @Length(1, 60) query!: string;
}
export class AssetMatch {
  @ApiText() provider!: string;
  @ApiText() externalId!: string;
  @ApiText() symbol!: string;
  @ApiText() name!: string;
  @ApiWord('AssetKind', ASSET_KINDS) kind!: AssetKind;
  @ApiText() marketSegment!: string;
  @ApiId({ nullable: true, description: 'The asset, where it is known here already.' }) assetId!: string | null;
}
export class AssetMatchList {
  @ApiList(() => AssetMatch) items!: AssetMatch[];
  @ApiText({ nullable: true, description: 'Why nothing could be looked up, or null.' }) unavailable!: string | null;
}

export class AssetIdentity {
  @ApiText({ maxLength: 40 }) @IsString() @Length(1, 40) provider!: string;
  @ApiText({ maxLength: 120 }) @IsString() @Length(1, 120) externalId!: string;
}
export class CreateAsset {
  @ApiText({ maxLength: 30 }) @IsString() @Length(1, 30) symbol!: string;
  @ApiText({ maxLength: 120 }) @IsString() @Length(1, 120) name!: string;
  @ApiWord('AssetKind', ASSET_KINDS) @IsIn(ASSET_KINDS) kind!: AssetKind;
  @ApiText({ required: false, maxLength: 60 }) @IsOptional() @IsString() @MaxLength(60) marketSegment?: string;
  @ApiInteger({ required: false }) @IsOptional() @IsInt() @Min(0) @Max(24) decimals?: number;
  @ApiPart(() => AssetIdentity, { required: false, description: 'What a provider knows it as, from the asset search.' })
  @IsOptional()
  @ValidateNested()
  @Type(() => AssetIdentity)
  identity?: AssetIdentity;
}
