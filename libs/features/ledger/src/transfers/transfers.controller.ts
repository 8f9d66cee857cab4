import { Body, Controller, Delete, Get, HttpCode, Param, ParseUUIDPipe, Post, Query } from '@nestjs/common';
import { ApiAcceptedResponse, ApiCreatedResponse, ApiNoContentResponse, ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { Me, PortfolioOwner, type Principal } from '@scani/identity';
import { ApiProblems, PageQuery } from '@scani/runtime';
import { DataSource } from 'typeorm';
import {
  DecideTransfer,
  TransferCounts,
  TransferList,
  TransferPage,
  TransferReviewPage,
  TransferReviewQuery,
  TransferSearch,
  TransferSideList,
} from './transfers.dto.js';
import { TransfersQueries } from './transfers.queries.js';
import { TransfersService } from './transfers.service.js';

@ApiTags('Transfers')
@ApiProblems()
@Controller('api')
export class TransfersController {
  constructor(
    private readonly source: DataSource,
    private readonly queries: TransfersQueries,
    private readonly transfers: TransfersService,
  ) {}

  @Get('transfers')
  @ApiOkResponse({ type: TransferPage })
  listTransfers(@PortfolioOwner() owner: string, @Query() query: PageQuery): Promise<TransferPage> {
    return this.queries.decided(this.source, owner, query.limit, query.cursor);
  }

  @Get('transfer-reviews')
  @ApiOkResponse({ type: TransferReviewPage })
  listTransferReviews(
    @PortfolioOwner() owner: string,
    @Query() query: TransferReviewQuery,
  ): Promise<TransferReviewPage> {
    return this.queries.reviews(this.source, owner, query);
  }

  @Get('transfer-reviews/:id/parts')
  @ApiOkResponse({ type: TransferSideList })
  async listTransferParts(
    @PortfolioOwner() owner: string,
    @Param('id', ParseUUIDPipe) id: string,
  ): Promise<TransferSideList> {
    return { items: await this.queries.partsOf(this.source, owner, id) };
  }

  @Get('transfer-counts')
  @ApiOkResponse({ type: TransferCounts })
  getTransferCounts(@PortfolioOwner() owner: string): Promise<TransferCounts> {
    return this.queries.counts(this.source, owner);
  }

  @Post('transfers')
  @ApiCreatedResponse({ type: TransferList })
  async decideTransfer(@Me() me: Principal, @Body() wanted: DecideTransfer): Promise<TransferList> {
    return { items: await this.transfers.decide(me.userId, wanted) };
  }

  @Delete('transfers/:id')
  @HttpCode(204)
  @ApiNoContentResponse()
  deleteTransfer(@Me() me: Principal, @Param('id', ParseUUIDPipe) id: string): Promise<void> {
    return this.transfers.remove(me.userId, id);
  }

  @Post('transfers/link')
  @HttpCode(202)
  @ApiAcceptedResponse({ type: TransferSearch })
  async searchTransfers(@Me() me: Principal): Promise<TransferSearch> {
    return { jobId: await this.transfers.search(this.source, me.userId) };
  }
}
