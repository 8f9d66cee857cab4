import { Body, Controller, Delete, Get, HttpCode, Param, ParseUUIDPipe, Put } from '@nestjs/common';
import { ApiNoContentResponse, ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { Me, PortfolioOwner, type Principal } from '@scani/identity';
import { ApiProblems } from '@scani/runtime';
import { SetYield, Yield, YieldList } from './yields.dto.js';
import { YieldsService } from './yields.service.js';

@ApiTags('Ledger')
@ApiProblems()
@Controller('api')
export class YieldsController {
  constructor(private readonly yields: YieldsService) {}

  @Get('yields')
  @ApiOkResponse({ type: YieldList })
  async listYields(@PortfolioOwner() owner: string): Promise<YieldList> {
    return { items: await this.yields.list(owner) };
  }

  @Get('holdings/:id/yield')
  @ApiOkResponse({ type: Yield })
  getYield(@PortfolioOwner() owner: string, @Param('id', ParseUUIDPipe) id: string): Promise<Yield> {
    return this.yields.get(owner, id);
  }

  /** Sets the terms; what has come due is recorded at once. */
  @Put('holdings/:id/yield')
  @ApiOkResponse({ type: Yield })
  setYield(@Me() me: Principal, @Param('id', ParseUUIDPipe) id: string, @Body() wanted: SetYield): Promise<Yield> {
    return this.yields.set(me.userId, id, wanted);
  }

  /** Ends it; what was paid stays in the ledger. */
  @Delete('holdings/:id/yield')
  @HttpCode(204)
  @ApiNoContentResponse()
  async deleteYield(@Me() me: Principal, @Param('id', ParseUUIDPipe) id: string): Promise<void> {
    await this.yields.remove(me.userId, id);
  }
}
