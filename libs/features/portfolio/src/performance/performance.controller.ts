import { Controller, Get, Query } from '@nestjs/common';
import { ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { PortfolioOwner } from '@scani/identity';
import { ApiProblems } from '@scani/runtime';
import { Performance, PerformanceQuery } from './performance.dto.js';
import { PerformanceService } from './performance.service.js';

@ApiTags('Portfolio')
@ApiProblems()
@Controller('api/portfolio')
export class PerformanceController {
  constructor(private readonly performance: PerformanceService) {}

  /** How a scope did: time-weighted, money-weighted, and in money. */
  @Get('performance')
  @ApiOkResponse({ type: Performance })
  getPerformance(@PortfolioOwner() owner: string, @Query() query: PerformanceQuery): Promise<Performance> {
    return this.performance.of(owner, query);
  }
}
