import { Controller, Get, Param, ParseUUIDPipe, Query } from '@nestjs/common';
import { ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { PortfolioOwner } from '@scani/identity';
import { ApiProblems } from '@scani/runtime';
import { BaseQuery } from '../overview/overview.dto.js';
import { ExplainGain } from './explain-gain.js';
import { GainExplanation } from './explain-gain.dto.js';
import { ExplainReturn } from './explain-return.js';
import { ExplainReturnQuery, ReturnExplanation } from './explain-return.dto.js';
import { ExplainValue } from './explain-value.js';
import { ExplainValueQuery, ValueExplanation } from './explain-value.dto.js';

@ApiTags('Portfolio')
@ApiProblems()
@Controller('api/portfolio')
export class ExplainController {
  constructor(
    private readonly values: ExplainValue,
    private readonly gains: ExplainGain,
    private readonly returns: ExplainReturn,
  ) {}

  /** Where a value comes from: enough to work it out again. With `knownAt`: what was said then. */
  @Get('value/explain')
  @ApiOkResponse({ type: ValueExplanation })
  explainValue(@PortfolioOwner() owner: string, @Query() query: ExplainValueQuery): Promise<ValueExplanation> {
    return this.values.of(owner, query);
  }

  /** Where the gain of a sale comes from, lot by lot; `id` is that of the transaction. */
  @Get('gains/:id/explain')
  @ApiOkResponse({ type: GainExplanation })
  explainGain(
    @PortfolioOwner() owner: string,
    @Param('id', ParseUUIDPipe) id: string,
    @Query() query: BaseQuery,
  ): Promise<GainExplanation> {
    return this.gains.of(owner, id, query.base);
  }

  /** Where a return comes from, day by day. */
  @Get('performance/explain')
  @ApiOkResponse({ type: ReturnExplanation })
  explainReturn(@PortfolioOwner() owner: string, @Query() query: ExplainReturnQuery): Promise<ReturnExplanation> {
    return this.returns.of(owner, query);
  }
}
