import { CLOUD_SCOPES, type CloudScope } from '@scani/cloud';
import {
  ApiDay,
  ApiDecimal,
  ApiId,
  ApiInstant,
  ApiInteger,
  ApiList,
  ApiPart,
  ApiText,
  ApiWord,
  IsDecimalText,
} from '@scani/runtime';
import { ApiProperty, type ApiPropertyOptions, ApiPropertyOptional, OmitType } from '@nestjs/swagger';
import { Transform } from 'class-transformer';
import {
  ArrayMinSize,
  ArrayUnique,
  IsIn,
  IsInt,
  IsISO8601,
  IsOptional,
  IsString,
  Length,
  Max,
  Min,
} from 'class-validator';
import { LARGEST_QUOTA, PLAN_NAMES, type PlanName, SMALLEST_QUOTA } from './plans.js';

const STATES = ['active', 'expired', 'revoked'] as const;
export type CloudKeyState = (typeof STATES)[number];

const ApiScopes = (required: boolean): PropertyDecorator =>
  ApiWordList('CloudScope', CLOUD_SCOPES, required, 'What it may be used for.');

function ApiWordList(
  name: string,
  words: readonly string[],
  required: boolean,
  description: string,
): PropertyDecorator {
  return ApiProperty({ enum: words, enumName: name, isArray: true, required, description } as ApiPropertyOptions);
}

export class CloudUsageSum {
  @ApiInteger() requests!: number;
  @ApiInteger({ description: 'What requests asked for: assets, years, mails.' }) units!: number;
  @ApiInteger() errors!: number;
  @ApiDecimal({ description: 'US dollars.' }) cost!: string;
}

/** A key that was issued to another installation. */
export class CloudKey {
  @ApiId() id!: string;
  @ApiText() name!: string;
  @ApiText({ description: 'How the key begins; the rest was shown once.' }) begins!: string;
  @ApiScopes(true) scopes!: CloudScope[];
  @ApiText() plan!: string;
  @ApiInteger({ description: 'Units an hour (UTC).' }) hourlyQuota!: number;
  @ApiInteger({ description: 'Units a calendar month (UTC).' }) monthlyQuota!: number;
  @ApiDecimal({ nullable: true, description: 'US dollars a calendar month; null: none.' }) costCeiling!: string | null;
  @ApiWord('CloudKeyState', STATES) state!: CloudKeyState;
  @ApiInstant() createdAt!: string;
  @ApiInstant({ nullable: true }) expiresAt!: string | null;
  @ApiInstant({ nullable: true }) revokedAt!: string | null;
  @ApiInstant({ nullable: true }) lastUsedAt!: string | null;
  @ApiPart(() => CloudUsageSum, { description: 'Of this calendar month (UTC).' }) month!: CloudUsageSum;
}

export class CloudPlan {
  @ApiWord('CloudPlanName', PLAN_NAMES) name!: PlanName;
  @ApiInteger() hourlyQuota!: number;
  @ApiInteger() monthlyQuota!: number;
  @ApiDecimal({ nullable: true }) costCeiling!: string | null;
}

export class CloudKeyList {
  @ApiList(() => CloudKey, { description: 'The newest first.' }) items!: CloudKey[];
  @ApiList(() => CloudPlan) plans!: CloudPlan[];
}

export class NewCloudKey {
  @ApiPart(() => CloudKey) key!: CloudKey;
  @ApiText({ description: 'SCANI_CLOUD_API_KEY of the other installation. It is not kept and never shown again.' })
  secret!: string;
}

/** What an admin may say of a key; what is left out stays, and at first is the plan's. */
export class UpdateCloudKey {
  @ApiText({ required: false, maxLength: 100 })
  @IsOptional()
  @Transform(({ value }): unknown => (typeof value === 'string' ? value.trim() : value))
  @IsString()
  @Length(1, 100)
  name?: string;
  @ApiScopes(false)
  @IsOptional()
  @IsIn(CLOUD_SCOPES, { each: true })
  @ArrayMinSize(1)
  @ArrayUnique()
  scopes?: CloudScope[];
  @ApiWord('CloudPlanName', PLAN_NAMES, {
    required: false,
    description: 'Its quotas and ceiling apply, unless others are said.',
  })
  @IsOptional()
  @IsIn(PLAN_NAMES)
  plan?: PlanName;
  @ApiInteger({ required: false }) @IsOptional() @IsInt() @Min(SMALLEST_QUOTA) @Max(LARGEST_QUOTA) hourlyQuota?: number;
  @ApiInteger({ required: false })
  @IsOptional()
  @IsInt()
  @Min(SMALLEST_QUOTA)
  @Max(LARGEST_QUOTA)
  monthlyQuota?: number;
  @ApiDecimal({ required: false, nullable: true, description: 'US dollars a month; null removes it.' })
  @IsOptional()
  @IsDecimalText({ above: 'zero' })
  costCeiling?: string | null;
  @ApiInstant({ required: false, nullable: true, description: 'Null: never.' })
  @IsOptional()
  @IsISO8601({ strict: true })
  expiresAt?: string | null;
}

/** The same, and these three must be said. */
export class CreateCloudKey extends OmitType(UpdateCloudKey, ['name', 'scopes', 'plan'] as const) {
  @ApiText({ maxLength: 100 })
  @Transform(({ value }): unknown => (typeof value === 'string' ? value.trim() : value))
  @IsString()
  @Length(1, 100)
  name!: string;
  @ApiScopes(true) @IsIn(CLOUD_SCOPES, { each: true }) @ArrayMinSize(1) @ArrayUnique() scopes!: CloudScope[];
  @ApiWord('CloudPlanName', PLAN_NAMES) @IsIn(PLAN_NAMES) plan!: PlanName;
}

export class CloudUsageDay extends CloudUsageSum {
  @ApiDay() day!: string;
  @ApiText({ description: 'The operation of the data-provider.' }) route!: string;
}

export class CloudUsage {
  @ApiDay() from!: string;
  @ApiDay() to!: string;
  @ApiList(() => CloudUsageDay, { description: 'The newest day first; days without requests are absent.' })
  items!: CloudUsageDay[];
}

export class UsageQuery {
  @ApiPropertyOptional({ type: 'integer', minimum: 1, maximum: 400, default: 31 })
  @IsOptional()
  @Transform(({ value }): unknown => (typeof value === 'string' && /^\d+$/.test(value) ? Number(value) : value))
  @IsInt()
  @Min(1)
  @Max(400)
  days: number = 31;
}
