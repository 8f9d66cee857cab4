import { Body, Controller, HttpCode, Post } from '@nestjs/common';
import { ApiNoContentResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { ApiProblems } from '@scani/runtime';
import { Metered } from '../keys/tariff.js';
import { SendMail } from './mail.dto.js';
import { MailService } from './mail.service.js';

@ApiTags('mail')
@ApiProblems()
@Controller('v1/mail')
export class MailController {
  constructor(private readonly mails: MailService) {}

  @Post()
  @Metered('sendMail')
  @HttpCode(204)
  @ApiOperation({ operationId: 'sendMail', summary: 'Sends one mail; answers when the mail server has taken it.' })
  @ApiNoContentResponse()
  send(@Body() mail: SendMail): Promise<void> {
    return this.mails.send(mail);
  }
}
