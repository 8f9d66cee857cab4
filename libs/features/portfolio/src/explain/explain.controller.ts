import { Controller, Get, Query } from '@nestjs/common';
import { ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { PortfolioOwner } from '@scani/identity';
import { ApiProblems } from '@scani/runtime';
import { ExplainValue } from './explain-value.js';
import { ExplainValueQuery, ValueExplanation } from './explain-value.dto.js';

@ApiTags('Portfolio')
@ApiProblems()
@Controller('api/portfolio')
export class ExplainController {
  constructor(private readonly values: ExplainValue) {}

  /** Where a value comes from: enough to work it out again. With `knownAt`: what was said then. */
  @Get('value/explain')
  @ApiOkResponse({ type: ValueExplanation })
  explainValue(@PortfolioOwner() owner: string, @Query() query: ExplainValueQuery): Promise<ValueExplanation> {
    return this.values.of(owner, query);
  }
}
