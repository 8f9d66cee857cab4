import { ApiProperty } from '@nestjs/swagger';
import { type Day, parseDay } from '@scani/money';
import type { AssetKind } from '@scani/providers';
import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  ArrayMinSize,
  IsArray,
  IsIn,
  IsString,
  Length,
  ValidateBy,
  ValidateNested,
} from 'class-validator';

export const ASSET_KINDS = ['fiat', 'crypto', 'stock', 'private', 'other'] as const satisfies readonly AssetKind[];
export const BATCH = 500;
export const HISTORIES = 100;
/** That the histories of one request reach back together. */
export const HISTORY_YEARS = 500;

const IsDay = (): PropertyDecorator =>
  ValidateBy({
    name: 'isDay',
    validator: {
      validate: (value: unknown) => typeof value === 'string' && parseDay(value) !== undefined,
      defaultMessage: () => 'must be a calendar day, written like 2026-01-31',
    },
  });

export class AssetIdentity {
  @ApiProperty({ type: String, example: 'coingecko' }) @IsString() @Length(1, 50) provider!: string;
  @ApiProperty({ type: String, example: 'bitcoin' }) @IsString() @Length(1, 200) externalId!: string;
}

export class PricedAsset {
  @ApiProperty({ type: String, description: "The caller's own key; it comes back with the price." })
  @IsString()
  @Length(1, 100)
  id!: string;

  @ApiProperty({ enum: ASSET_KINDS, enumName: 'AssetKind' }) @IsIn(ASSET_KINDS) kind!: AssetKind;
  @ApiProperty({ type: String, example: 'BTC' }) @IsString() @Length(1, 50) symbol!: string;

  @ApiProperty({ type: [AssetIdentity] })
  @IsArray()
  @ArrayMaxSize(50)
  @ValidateNested({ each: true })
  @Type(() => AssetIdentity)
  identities!: AssetIdentity[];
}

export class AskCurrentPrices {
  @ApiProperty({ type: [PricedAsset], maxItems: BATCH })
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(BATCH)
  @ValidateNested({ each: true })
  @Type(() => PricedAsset)
  assets!: PricedAsset[];
}

export class AskPriceHistory {
  @ApiProperty({ type: PricedAsset }) @ValidateNested() @Type(() => PricedAsset) asset!: PricedAsset;
  @ApiProperty({ type: String, format: 'date' }) @IsDay() from!: Day;
  @ApiProperty({ type: String, format: 'date' }) @IsDay() to!: Day;
}

export class AskPriceHistories {
  @ApiProperty({ type: [AskPriceHistory], maxItems: HISTORIES, description: 'Each asset with an "id" of its own.' })
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(HISTORIES)
  @ValidateNested({ each: true })
  @Type(() => AskPriceHistory)
  histories!: AskPriceHistory[];
}

export class PriceQuote {
  @ApiProperty({ type: String }) id!: string;
  @ApiProperty({ type: String, format: 'decimal', example: '93412.07' }) value!: string;
  @ApiProperty({ type: String, example: 'USD' }) currency!: string;
  @ApiProperty({ type: String, format: 'date-time', description: 'When it held; of a daily price the close.' })
  at!: string;
  @ApiProperty({ enum: ['intraday', 'daily'], enumName: 'PriceGranularity' }) granularity!: 'intraday' | 'daily';
  @ApiProperty({ type: String, example: 'coingecko' }) source!: string;
}

export class PriceProblem {
  @ApiProperty({ type: String }) id!: string;
  @ApiProperty({ type: String, example: 'unknown-asset' }) reason!: string;
  @ApiProperty({ type: String, description: 'What each source said.' }) detail!: string;
  @ApiProperty({ type: 'integer', nullable: true }) retryAfterSeconds!: number | null;
}

export class PricesAnswer {
  @ApiProperty({ type: [PriceQuote] }) prices!: PriceQuote[];
  @ApiProperty({ type: [PriceProblem] }) problems!: PriceProblem[];
}

export class ClosesPart {
  @ApiProperty({ type: String, example: 'coingecko' }) source!: string;
  @ApiProperty({ type: String, example: 'USD' }) currency!: string;
  @ApiProperty({
    type: 'array',
    items: { type: 'array', items: { type: 'string' }, minItems: 2, maxItems: 2 },
    description: 'Instants and exact decimals, oldest first.',
    example: [['2026-01-30T21:00:00.000Z', '93412.07']],
  })
  closes!: [at: string, value: string][];
}

export class HistoryLine {
  @ApiProperty({ type: String }) id!: string;
  @ApiProperty({ type: [ClosesPart] }) parts!: ClosesPart[];
  @ApiProperty({ type: PriceProblem, nullable: true }) problem!: PriceProblem | null;
  @ApiProperty({ type: Boolean, description: 'There are no closes because no source could be asked: ask again.' })
  trouble!: boolean;
}
