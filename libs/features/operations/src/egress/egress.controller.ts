import { Controller, Get, Query } from '@nestjs/common';
import { ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { AdminOnly, Me, type Principal } from '@scani/identity';
import { ApiProblems, type Page } from '@scani/runtime';
import { Egress, EgressPage, EgressQuery, EgressSummary, EgressSummaryQuery } from './egress.dto.js';
import { EgressQueries } from './egress.queries.js';

/** What left this server for me, and for everybody here. */
@ApiTags('Egress')
@ApiProblems()
@Controller('api/egress')
export class EgressController {
  constructor(private readonly egress: EgressQueries) {}

  @Get()
  @ApiOkResponse({ type: EgressPage })
  listEgress(@Me() { userId }: Principal, @Query() query: EgressQuery): Promise<Page<Egress>> {
    return this.egress.list({ userId }, query);
  }

  @Get('summary')
  @ApiOkResponse({ type: EgressSummary })
  getEgressSummary(@Me() { userId }: Principal, @Query() { days }: EgressSummaryQuery): Promise<EgressSummary> {
    return this.egress.summary({ userId }, days);
  }
}

/** All that left, whoever it was for. */
@ApiTags('Admin')
@ApiProblems()
@AdminOnly()
@Controller('api/admin/egress')
export class AdminEgressController {
  constructor(private readonly egress: EgressQueries) {}

  @Get()
  @ApiOkResponse({ type: EgressPage })
  listAllEgress(@Query() query: EgressQuery): Promise<Page<Egress>> {
    return this.egress.list('all', query);
  }

  @Get('summary')
  @ApiOkResponse({ type: EgressSummary })
  getAllEgressSummary(@Query() { days }: EgressSummaryQuery): Promise<EgressSummary> {
    return this.egress.summary('all', days);
  }
}
