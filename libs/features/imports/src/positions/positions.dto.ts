import { ApiProperty } from '@nestjs/swagger';
import { Asset, ASSET_KINDS, type AssetKind } from '@scani/market';
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
} from '@scani/runtime';
import { IsBoolean, IsISO8601, IsUUID, ValidateIf } from 'class-validator';
import { type Confidence, CONFIDENCES } from '../formats/positions.js';

export class PositionIdentity {
  @ApiText() provider!: string;
  @ApiText() externalId!: string;
}

/** What a position may be. */
export class PositionCandidate {
  @ApiId({ nullable: true, description: 'Where the asset is known here already.' }) assetId!: string | null;
  @ApiPart(() => PositionIdentity, { nullable: true }) identity!: PositionIdentity | null;
  @ApiText() symbol!: string;
  @ApiText() name!: string;
  @ApiWord('AssetKind', ASSET_KINDS) kind!: AssetKind;
  @ApiText() marketSegment!: string;
}

/** Amounts as the picture has them, letter by letter. */
export class WrittenAmounts {
  @ApiText({ nullable: true }) quantity!: string | null;
  @ApiText({ nullable: true }) price!: string | null;
  @ApiText({ nullable: true }) value!: string | null;
}

/** One position of a picture, until it is recorded. */
export class ImportPosition {
  @ApiInteger() ordinal!: number;
  @ApiText() name!: string;
  @ApiText({ nullable: true }) symbol!: string | null;
  @ApiWord('AssetKind', ASSET_KINDS, { nullable: true }) kind!: AssetKind | null;
  @ApiPart(() => WrittenAmounts) written!: WrittenAmounts;
  @ApiDecimal({ nullable: true, description: 'Of one, as it was read.' }) price!: string | null;
  @ApiDecimal({ nullable: true, description: 'Of all, as it was read.' }) value!: string | null;
  @ApiText({ nullable: true, description: 'Of price and value.' }) currency!: string | null;
  @ApiWord('Confidence', CONFIDENCES, { description: 'How sure the model is.' }) confidence!: Confidence;
  @ApiProperty({ type: [String], description: 'What to look at before it is recorded.' }) doubts!: string[];
  @ApiList(() => PositionCandidate) candidates!: PositionCandidate[];
  @ApiPart(() => Asset, { nullable: true, description: 'What it is recorded as.' }) asset!: Asset | null;
  @ApiDecimal({ nullable: true, description: 'The balance that is recorded.' }) quantity!: string | null;
  @ApiDecimal({ nullable: true, description: 'The balance of this holding as Scani knows it.' }) current!:
    string | null;
  @ApiFlag() included!: boolean;
}
export class ImportPositionList {
  @ApiList(() => ImportPosition) items!: ImportPosition[];
}

export class UpdatePosition {
  @ApiId({ nullable: true }) @ValidateIf((_, value) => value !== null) @IsUUID() assetId!: string | null;
  @ApiDecimal({ nullable: true }) @ValidateIf((_, value) => value !== null) @IsDecimalText() quantity!: string | null;
  @ApiFlag({ description: 'Whether it is recorded.' }) @IsBoolean() included!: boolean;
}

export class SetSeenAt {
  @ApiInstant({ description: 'When what the picture shows was so.' })
  @IsISO8601({ strict: true })
  at!: string;
}
