import { ApiProperty } from '@nestjs/swagger';
import type { AssetKind } from '@scani/providers';
import { Transform } from 'class-transformer';
import { IsString, Length } from 'class-validator';
import { ASSET_KINDS } from '../prices/prices.dto.js';

export class AssetQuery {
  @ApiProperty({ type: String, minLength: 1, maxLength: 100, example: 'apple' })
  @Transform(({ value }): unknown => (typeof value === 'string' ? value.trim() : value))
  @IsString()
  @Length(1, 100)
  query!: string;
}

export class AssetMatch {
  @ApiProperty({ type: String, example: 'yahoo' }) provider!: string;
  @ApiProperty({ type: String, example: 'AAPL' }) externalId!: string;
  @ApiProperty({ type: String, example: 'AAPL' }) symbol!: string;
  @ApiProperty({ type: String, example: 'Apple Inc.' }) name!: string;
  @ApiProperty({ enum: ASSET_KINDS, enumName: 'AssetKind' }) kind!: AssetKind;
  @ApiProperty({ type: String, example: 'NASDAQ' }) marketSegment!: string;
}

export class SilentSource {
  @ApiProperty({ type: String }) source!: string;
  @ApiProperty({ type: String }) reason!: string;
}

export class AssetMatches {
  @ApiProperty({ type: [AssetMatch], description: 'Best first.' }) matches!: AssetMatch[];
  @ApiProperty({ type: [SilentSource], description: 'Sources that did not answer; their assets are missing.' })
  silent!: SilentSource[];
}
