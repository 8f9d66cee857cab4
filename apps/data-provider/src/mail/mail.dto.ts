import { ApiProperty } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { IsEmail, IsIn, IsInt, IsUrl, Matches, Max, MaxLength, Min, ValidateNested } from 'class-validator';

export class SignInData {
  @ApiProperty({ type: String, format: 'uri' })
  @IsUrl({ protocols: ['http', 'https'], require_protocol: true, require_tld: false })
  @MaxLength(2000)
  link!: string;

  @ApiProperty({ type: String, pattern: '^[0-9]{6}$' }) @Matches(/^[0-9]{6}$/) code!: string;
  @ApiProperty({ type: 'integer' }) @IsInt() @Min(1) @Max(1440) linkMinutes!: number;
  @ApiProperty({ type: 'integer' }) @IsInt() @Min(1) @Max(1440) codeMinutes!: number;
}

export class SendMail {
  @ApiProperty({ enum: ['sign-in'], enumName: 'MailTemplate' }) @IsIn(['sign-in']) template!: 'sign-in';

  // IsEmail takes exactly one bare address: no name, no list, no line break that could begin a header.
  @ApiProperty({ type: String, format: 'email' })
  @IsEmail({ allow_display_name: false, allow_ip_domain: false, require_tld: false })
  @MaxLength(254)
  to!: string;

  @ApiProperty({ type: SignInData }) @ValidateNested() @Type(() => SignInData) data!: SignInData;
}
