import { Controller, Get, Inject, Req } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiProperty, ApiTags } from '@nestjs/swagger';
import { CLOUD_LEVEL } from '@scani/cloud';
import { ApiProblems } from '@scani/runtime';
import { AiService } from '../ai/ai.service.js';
import { ChainsService } from '../chains/chains.service.js';
import { IssuedKeys, type KeyStateFacts } from '../keys/issued-keys.js';
import { ISSUED_KEYS, type KeyedRequest } from '../keys/key.guard.js';
import { Metered } from '../keys/tariff.js';
import { MailService } from '../mail/mail.service.js';
import { Outside } from '../outside/outside.js';

export const DEPLOYED_VERSION = Symbol('DEPLOYED_VERSION');

export class KeyLimit {
  @ApiProperty({ type: 'integer' }) quota!: number;
  @ApiProperty({ type: 'integer' }) used!: number;
  @ApiProperty({ type: String, format: 'date-time' }) resetsAt!: string;
}

export class KeyCost {
  @ApiProperty({ type: String, nullable: true, description: 'US dollars a month.', example: '25' })
  ceiling!: string | null;
  @ApiProperty({ type: String, example: '1.25' }) used!: string;
}

export class KeyState implements KeyStateFacts {
  @ApiProperty({ type: String }) name!: string;
  @ApiProperty({ type: String }) plan!: string;
  @ApiProperty({ type: [String], description: 'What it may be used for.' }) scopes!: string[];
  @ApiProperty({ type: String, format: 'date-time', nullable: true }) expiresAt!: string | null;
  @ApiProperty({ type: KeyLimit, description: 'Units of this calendar hour, UTC.' }) hour!: KeyLimit;
  @ApiProperty({ type: KeyLimit, description: 'Units of this calendar month, UTC.' }) month!: KeyLimit;
  @ApiProperty({ type: KeyCost, description: 'Of this calendar month.' }) cost!: KeyCost;
}

export class Capabilities {
  @ApiProperty({ type: String, example: '0.1.0' }) version!: string;
  @ApiProperty({ type: [Number], description: 'Levels of these routes that it serves.', example: [1] })
  levels!: number[];
  @ApiProperty({ type: Boolean, description: 'Whether mail can be sent.' }) mail!: boolean;
  @ApiProperty({ type: [String], description: 'The price sources.', example: ['coingecko'] }) prices!: string[];
  @ApiProperty({ type: Boolean, description: 'Whether pages can be previewed.' }) linkPreviews!: boolean;
  @ApiProperty({ type: [String], description: 'The chains that are read.', example: ['bitcoin'] }) chains!: string[];
  @ApiProperty({
    type: [String],
    description: 'What AI reads: screenshot, document, columns.',
    example: ['screenshot'],
  })
  ai!: string[];
  @ApiProperty({ type: KeyState, nullable: true, description: 'Of the key that asks, where it is an issued one.' })
  key!: KeyState | null;
}

@ApiTags('capabilities')
@ApiProblems()
@Controller('v1/capabilities')
export class CapabilitiesController {
  constructor(
    @Inject(DEPLOYED_VERSION) private readonly version: string,
    private readonly mail: MailService,
    private readonly outside: Outside,
    private readonly ai: AiService,
    private readonly chains: ChainsService,
    @Inject(ISSUED_KEYS) private readonly issued: IssuedKeys | null,
  ) {}

  @Get()
  @Metered('capabilities')
  @ApiOperation({ operationId: 'capabilities', summary: 'What this data-provider can do for its callers.' })
  @ApiOkResponse({ type: Capabilities })
  async show(@Req() { issuedKey }: KeyedRequest): Promise<Capabilities> {
    const key = this.issued && issuedKey ? await this.issued.stateOf(issuedKey) : null;
    const mail = this.mail.configured && (key === null || key.scopes.includes('mail'));
    const linkPreviews = key === null || key.scopes.includes('previews');
    const ai = key === null || key.scopes.includes('ai') ? [...this.ai.offered] : [];
    const chains = key === null || key.scopes.includes('chain') ? this.chains.offered : [];
    return {
      version: this.version,
      levels: [CLOUD_LEVEL],
      mail,
      prices: this.outside.names,
      linkPreviews,
      chains,
      ai,
      key,
    };
  }
}
