import { ApiProperty } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  IsArray,
  IsIn,
  IsInt,
  IsISO8601,
  IsObject,
  IsOptional,
  IsUrl,
  Length,
  Matches,
  Max,
  MaxLength,
  Min,
  ValidateNested,
} from 'class-validator';

/** No control characters, no line or paragraph separators, none that turn the direction of writing or are unpaired. */
const ONE_LINE = /^[^\p{Cc}\p{Zl}\p{Zp}\p{Cs}\u200e\u200f\u202a-\u202e\u2066-\u2069]*$/u;
const MOST_ROWS = 25;

function Line(maxLength: number): PropertyDecorator {
  return (target, name) => {
    ApiProperty({ type: String, minLength: 1, maxLength, pattern: ONE_LINE.source })(target, name);
    Length(1, maxLength)(target, name);
    Matches(ONE_LINE, { message: 'must be one line of text' })(target, name);
  };
}

function Link(): PropertyDecorator {
  return (target, name) => {
    ApiProperty({ type: String, format: 'uri' })(target, name);
    IsUrl({ protocols: ['http', 'https'], require_protocol: true, require_tld: false, disallow_auth: true })(
      target,
      name,
    );
    // IsUrl takes control characters for a part of the path.
    Matches(/^[^\s\p{C}]+$/u, { message: 'must be an address of the web' })(target, name);
    MaxLength(2000)(target, name);
  };
}

export class SignInData {
  @Link() link!: string;
  @ApiProperty({ type: String, pattern: '^[0-9]{6}$' }) @Matches(/^[0-9]{6}$/) code!: string;
  @ApiProperty({ type: 'integer' }) @IsInt() @Min(1) @Max(1440) linkMinutes!: number;
  @ApiProperty({ type: 'integer' }) @IsInt() @Min(1) @Max(1440) codeMinutes!: number;
}

export class InvitationData {
  @Link() link!: string;

  /** Who invites. An address of the web in it would become a link in the mail of a stranger. */
  @Line(100)
  @Matches(/^(?!.*(?::\/\/|\bwww\.))/i, { message: 'must be a name or an e-mail address' })
  @IsOptional()
  inviter?: string;
}

export class MailRow {
  @Line(80) name!: string;
  @Line(120) value!: string;
  @Line(120) @IsOptional() about?: string;
}

export class AlertData {
  @Link() link!: string;
  @ApiProperty({ enum: ['warning', 'critical'], enumName: 'MailSeverity' })
  @IsIn(['warning', 'critical'])
  severity!: 'warning' | 'critical';
  @Line(120) title!: string;
  @Line(600) summary!: string;
  @ApiProperty({ type: String, format: 'date-time' }) @IsISO8601({ strict: true }) @MaxLength(40) at!: string;
  @ApiProperty({ type: () => [MailRow], maxItems: MOST_ROWS })
  @IsArray()
  @ArrayMaxSize(MOST_ROWS)
  @IsObject({ each: true })
  @ValidateNested({ each: true })
  @Type(() => MailRow)
  rows!: MailRow[];
}

const DAY = /^\d{4}-\d{2}-\d{2}$/;

export class DigestData {
  @Link() link!: string;
  @ApiProperty({ type: String, format: 'date' }) @Matches(DAY) from!: string;
  @ApiProperty({ type: String, format: 'date' }) @Matches(DAY) to!: string;
  @ApiProperty({ type: () => MailRow, description: 'Amounts as they are to be read.' })
  @IsObject()
  @ValidateNested()
  @Type(() => MailRow)
  total!: MailRow;
  @ApiProperty({ type: () => [MailRow], maxItems: MOST_ROWS })
  @IsArray()
  @ArrayMaxSize(MOST_ROWS)
  @IsObject({ each: true })
  @ValidateNested({ each: true })
  @Type(() => MailRow)
  rows!: MailRow[];
  /** Why it came, and how to have it no more. */
  @Line(300) reason!: string;
}
