import { Body, Controller, Get, Param, ParseUUIDPipe, Put, Query, StreamableFile } from '@nestjs/common';
import { ApiOkResponse, ApiProduces, ApiTags } from '@nestjs/swagger';
import { Me, PortfolioOwner, type Principal } from '@scani/identity';
import { ApiProblems } from '@scani/runtime';
import { Readable } from 'node:stream';
import { ChooseLots, GainsQuery, GainsReport, HoldingBasis, LotsOfDisposal } from './gains.dto.js';
import { GainsService } from './gains.service.js';
import { LotChoicesService } from './lot-choices.service.js';

@ApiTags('Portfolio')
@ApiProblems()
@Controller('api')
export class GainsController {
  constructor(
    private readonly gains: GainsService,
    private readonly choices: LotChoicesService,
  ) {}

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

  /** The lots that were there when it was sold, and which were chosen. */
  @Get('transactions/:id/lots')
  @ApiOkResponse({ type: LotsOfDisposal })
  getLots(@PortfolioOwner() owner: string, @Param('id', ParseUUIDPipe) id: string): Promise<LotsOfDisposal> {
    return this.choices.lotsOf(owner, id);
  }

  /** Says which lots it was that were sold. */
  @Put('transactions/:id/lots')
  @ApiOkResponse({ type: LotsOfDisposal })
  chooseLots(
    @Me() me: Principal,
    @Param('id', ParseUUIDPipe) id: string,
    @Body() wanted: ChooseLots,
  ): Promise<LotsOfDisposal> {
    return this.choices.choose(me.userId, id, wanted);
  }
}
