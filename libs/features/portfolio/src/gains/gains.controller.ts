import { Controller, Get, Param, ParseUUIDPipe, Query, StreamableFile } from '@nestjs/common';
import { ApiOkResponse, ApiProduces, ApiTags } from '@nestjs/swagger';
import { PortfolioOwner } from '@scani/identity';
import { ApiProblems } from '@scani/runtime';
import { Readable } from 'node:stream';
import { GainsQuery, GainsReport, HoldingBasis } from './gains.dto.js';
import { GainsService } from './gains.service.js';

@ApiTags('Portfolio')
@ApiProblems()
@Controller('api')
export class GainsController {
  constructor(private readonly gains: GainsService) {}

  /** What a year brought: sales with every lot, and income. */
  @Get('portfolio/gains')
  @ApiOkResponse({ type: GainsReport })
  getGains(@PortfolioOwner() owner: string, @Query() query: GainsQuery): Promise<GainsReport> {
    return this.gains.report(owner, query);
  }

  /** The same as a file, every lot a line. */
  @Get('portfolio/gains.csv')
  @ApiProduces('text/csv')
  @ApiOkResponse({ schema: { type: 'string' } })
  async getGainsFile(@PortfolioOwner() owner: string, @Query() query: GainsQuery): Promise<StreamableFile> {
    const { fileName, lines } = await this.gains.csv(owner, query);
    return new StreamableFile(Readable.from(lines, { objectMode: false }), {
      type: 'text/csv; charset=utf-8',
      disposition: `attachment; filename="${fileName}"`,
    });
  }

  /** What a holding has cost, lot by lot. */
  @Get('holdings/:id/basis')
  @ApiOkResponse({ type: HoldingBasis })
  getHoldingBasis(@PortfolioOwner() owner: string, @Param('id', ParseUUIDPipe) id: string): Promise<HoldingBasis> {
    return this.gains.basisOf(owner, id);
  }
}
