import { ApiExtraModels, ApiProperty, getSchemaPath } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { IsEmail, IsIn, IsObject, MaxLength, ValidateNested } from 'class-validator';
import { isMailTemplate, MAIL_TEMPLATES, type MailData, type MailTemplate, TEMPLATES } from './templates/templates.js';

const classOf = (template: unknown): new () => MailData[MailTemplate] =>
  TEMPLATES[isMailTemplate(template) ? template : 'sign-in'].data;

const CLASSES = MAIL_TEMPLATES.map((each) => TEMPLATES[each].data);

@ApiExtraModels(...CLASSES)
export class SendMail {
  @ApiProperty({ enum: MAIL_TEMPLATES, enumName: 'MailTemplate' }) @IsIn(MAIL_TEMPLATES) template!: MailTemplate;

  // IsEmail takes exactly one bare address: no name, no list, no line break that could begin a header.
  @ApiProperty({ type: String, format: 'email' })
  @IsEmail({ allow_display_name: false, allow_ip_domain: false, require_tld: false })
  @MaxLength(254)
  to!: string;

  @ApiProperty({
    oneOf: CLASSES.map((each) => ({ $ref: getSchemaPath(each) })),
    description: 'What the template says.',
  })
  @IsObject()
  @ValidateNested()
  @Type((about) => classOf((about?.object as { template?: unknown } | undefined)?.template))
  data!: MailData[MailTemplate];
}
