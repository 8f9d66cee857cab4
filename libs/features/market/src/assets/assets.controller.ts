import { Body, Controller, Get, Param, ParseUUIDPipe, Post, Query } from '@nestjs/common';
import { ApiCreatedResponse, ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { Me, PortfolioOwner, type Principal } from '@scani/identity';
import { ApiProblems } from '@scani/runtime';
import { DataSource } from 'typeorm';
import {
  Asset,
  AssetMatchList,
  AssetPage,
  AssetQuery,
  AssetSearchQuery,
  CreateAsset,
  CurrencyList,
} from './assets.dto.js';
import { assetOf, AssetsService } from './assets.service.js';

@ApiTags('Market')
@ApiProblems()
@Controller('api')
export class AssetsController {
  constructor(
    private readonly assets: AssetsService,
    private readonly source: DataSource,
  ) {}

  @Get('currencies')
  @ApiOkResponse({ type: CurrencyList })
  async listCurrencies(): Promise<CurrencyList> {
    return { items: await this.assets.currencies() };
  }

  @Get('assets')
  @ApiOkResponse({ type: AssetPage })
  async listAssets(@Me() me: Principal, @Query() query: AssetQuery): Promise<AssetPage> {
    const page = await this.assets.list(me.userId, query);
    return { items: page.items.map(assetOf), nextCursor: page.nextCursor };
  }

  /** Looks things up at the providers, through the data-provider. */
  @Get('asset-search')
  @ApiOkResponse({ type: AssetMatchList })
  searchAssets(@Query() query: AssetSearchQuery): Promise<AssetMatchList> {
    return this.assets.search(query.query);
  }

  @Post('assets')
  @ApiCreatedResponse({ type: Asset })
  async createAsset(@Me() me: Principal, @Body() wanted: CreateAsset): Promise<Asset> {
    return assetOf(await this.assets.create(me.userId, wanted));
  }

  @Get('assets/:id')
  @ApiOkResponse({ type: Asset })
  async getAsset(@PortfolioOwner() owner: string, @Param('id', ParseUUIDPipe) id: string): Promise<Asset> {
    return assetOf(await this.assets.get(this.source, owner, id));
  }
}
