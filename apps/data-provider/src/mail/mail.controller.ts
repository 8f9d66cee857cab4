import { Body, Controller, HttpCode, Post, Req } from '@nestjs/common';
import { ApiNoContentResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { ApiProblems } from '@scani/runtime';
import type { KeyedRequest } from '../keys/key.guard.js';
import { Metered } from '../keys/tariff.js';
import { SendMail } from './mail.dto.js';
import { MailService } from './mail.service.js';

/** The installation whose own data-provider this is. */
const OWN = 'own';

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
  send(@Body() mail: SendMail, @Req() { issuedKey }: KeyedRequest): Promise<void> {
    return this.mails.send(mail, issuedKey?.id ?? OWN);
  }
}
