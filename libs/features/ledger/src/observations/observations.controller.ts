import { Body, Controller, Get, Param, ParseUUIDPipe, Post, Query } from '@nestjs/common';
import { ApiCreatedResponse, ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { Me, PortfolioOwner, type Principal } from '@scani/identity';
import { ApiProblems, PageQuery } from '@scani/runtime';
import { CreateObservation, Observation, ObservationPage } from './observations.dto.js';
import { ObservationsService } from './observations.service.js';

@ApiTags('Ledger')
@ApiProblems()
@Controller('api')
export class ObservationsController {
  constructor(private readonly observations: ObservationsService) {}

  @Get('holdings/:id/observations')
  @ApiOkResponse({ type: ObservationPage })
  listObservations(
    @PortfolioOwner() owner: string,
    @Param('id', ParseUUIDPipe) id: string,
    @Query() query: PageQuery,
  ): Promise<ObservationPage> {
    return this.observations.list(owner, id, query.limit, query.cursor);
  }

  @Post('holdings/:id/observations')
  @ApiCreatedResponse({ type: Observation })
  createObservation(
    @Me() me: Principal,
    @Param('id', ParseUUIDPipe) id: string,
    @Body() wanted: CreateObservation,
  ): Promise<Observation> {
    return this.observations.create(me.userId, id, wanted.balance, wanted.at);
  }

  /** Takes it back by a row of its own. */
  @Post('observations/:id/retraction')
  @ApiCreatedResponse({ type: Observation })
  retractObservation(@Me() me: Principal, @Param('id', ParseUUIDPipe) id: string): Promise<Observation> {
    return this.observations.retract(me.userId, id);
  }
}
