import { Controller, Get, HttpCode, Post } from '@nestjs/common';
import { ApiAcceptedResponse, ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { AdminOnly, Me, type Principal } from '@scani/identity';
import { ApiProblems } from '@scani/runtime';
import { TierVerification } from './tier.dto.js';
import { TierService } from './tier.service.js';

@ApiTags('Admin')
@ApiProblems()
@AdminOnly()
@Controller('api/admin/tier-verification')
export class TierController {
  constructor(private readonly tiers: TierService) {}

  @Get()
  @ApiOkResponse({ type: TierVerification })
  getTierVerification(): Promise<TierVerification> {
    return this.tiers.last();
  }

  /** Begins one, unless one is running; it goes on when the page is left. */
  @Post()
  @HttpCode(202)
  @ApiAcceptedResponse({ type: TierVerification })
  startTierVerification(@Me() me: Principal): Promise<TierVerification> {
    return this.tiers.start(me.userId);
  }
}
