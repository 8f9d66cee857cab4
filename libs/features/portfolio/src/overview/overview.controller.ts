import { Controller, Get, Query } from '@nestjs/common';
import { ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { PortfolioOwner } from '@scani/identity';
import { ApiProblems } from '@scani/runtime';
import { Allocation, AllocationQuery, BaseQuery, History, HistoryQuery, PortfolioSummary } from './overview.dto.js';
import { OverviewService } from './overview.service.js';

@ApiTags('Portfolio')
@ApiProblems()
@Controller('api/portfolio')
export class OverviewController {
  constructor(private readonly overview: OverviewService) {}

  @Get('summary')
  @ApiOkResponse({ type: PortfolioSummary })
  getPortfolioSummary(@PortfolioOwner() owner: string, @Query() query: BaseQuery): Promise<PortfolioSummary> {
    return this.overview.summary(owner, query.base);
  }

  @Get('allocation')
  @ApiOkResponse({ type: Allocation })
  getAllocation(@PortfolioOwner() owner: string, @Query() query: AllocationQuery): Promise<Allocation> {
    return this.overview.allocation(owner, query.by, query.base);
  }

  /** The chart of a scope. Its last point is the headline of that scope. */
  @Get('history')
  @ApiOkResponse({ type: History })
  getHistory(@PortfolioOwner() owner: string, @Query() query: HistoryQuery): Promise<History> {
    return this.overview.history(owner, query);
  }
}
