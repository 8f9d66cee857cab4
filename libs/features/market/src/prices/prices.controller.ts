import { Body, Controller, Delete, Get, HttpCode, Param, ParseUUIDPipe, Post, Query } from '@nestjs/common';
import { ApiCreatedResponse, ApiNoContentResponse, ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { Me, PortfolioOwner, type Principal } from '@scani/identity';
import { ApiProblems, PageQuery } from '@scani/runtime';
import { CreatePrice, Price, PricePage } from './prices.dto.js';
import { PricesService } from './prices.service.js';

@ApiTags('Market')
@ApiProblems()
@Controller('api')
export class PricesController {
  constructor(private readonly prices: PricesService) {}

  @Get('assets/:id/prices')
  @ApiOkResponse({ type: PricePage })
  listPrices(
    @PortfolioOwner() owner: string,
    @Param('id', ParseUUIDPipe) id: string,
    @Query() query: PageQuery,
  ): Promise<PricePage> {
    return this.prices.list(owner, id, query.limit, query.cursor);
  }

  @Post('assets/:id/prices')
  @ApiCreatedResponse({ type: Price })
  createPrice(
    @Me() me: Principal,
    @Param('id', ParseUUIDPipe) id: string,
    @Body() wanted: CreatePrice,
  ): Promise<Price> {
    return this.prices.createOwn(me.userId, id, wanted);
  }

  @Delete('prices/:id')
  @HttpCode(204)
  @ApiNoContentResponse()
  deletePrice(@Me() me: Principal, @Param('id') id: string): Promise<void> {
    return this.prices.deleteOwn(me.userId, id);
  }
}
