import { Controller, Get, Query } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { ApiProblems } from '@scani/runtime';
import { Metered } from '../keys/tariff.js';
import { CallerSignal } from '../outside/caller-signal.js';
import { AssetMatches, AssetQuery } from './asset-search.dto.js';
import { AssetSearchService } from './asset-search.service.js';

@ApiTags('assets')
@ApiProblems()
@Controller('v1/assets')
export class AssetSearchController {
  constructor(private readonly assets: AssetSearchService) {}

  @Get('search')
  @Metered('searchAssets')
  @ApiOperation({ operationId: 'searchAssets', summary: 'Coins, shares and funds by name or ticker.' })
  @ApiOkResponse({ type: AssetMatches })
  search(@Query() { query }: AssetQuery, @CallerSignal() signal: AbortSignal): Promise<AssetMatches> {
    return this.assets.search(query, signal);
  }
}
