import { Controller, Get, Inject } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiProperty, ApiTags } from '@nestjs/swagger';
import { ApiProblems } from '@scani/runtime';
import { MailService } from '../mail/mail.service.js';
import { Outside } from '../outside/outside.js';

export const DEPLOYED_VERSION = Symbol('DEPLOYED_VERSION');

export class Capabilities {
  @ApiProperty({ type: String, example: '0.1.0' }) version!: string;
  @ApiProperty({ type: Boolean, description: 'Whether mail can be sent.' }) mail!: boolean;
  @ApiProperty({ type: [String], description: 'The price sources.', example: ['coingecko'] }) prices!: string[];
}

@ApiTags('capabilities')
@ApiProblems()
@Controller('v1/capabilities')
export class CapabilitiesController {
  constructor(
    @Inject(DEPLOYED_VERSION) private readonly version: string,
    private readonly mail: MailService,
    private readonly outside: Outside,
  ) {}

  @Get()
  @ApiOperation({ operationId: 'capabilities', summary: 'What this data-provider can do for its callers.' })
  @ApiOkResponse({ type: Capabilities })
  show(): Capabilities {
    return { version: this.version, mail: this.mail.configured, prices: this.outside.names };
  }
}
