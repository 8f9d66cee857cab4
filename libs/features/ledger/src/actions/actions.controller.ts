import { Body, Controller, Get, HttpCode, Post, Query } from '@nestjs/common';
import { ApiCreatedResponse, ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { Me, PortfolioOwner, type Principal } from '@scani/identity';
import { ApiProblems } from '@scani/runtime';
import {
  CorporateAction,
  CorporateActionPage,
  CorporateActionPreview,
  CorporateActionQuery,
  CreateCorporateAction,
} from './actions.dto.js';
import { ActionsService } from './actions.service.js';

@ApiTags('Ledger')
@ApiProblems()
@Controller('api')
export class ActionsController {
  constructor(private readonly actions: ActionsService) {}

  /** What companies did to their shares, newest first. */
  @Get('corporate-actions')
  @ApiOkResponse({ type: CorporateActionPage })
  listCorporateActions(
    @PortfolioOwner() owner: string,
    @Query() query: CorporateActionQuery,
  ): Promise<CorporateActionPage> {
    return this.actions.list(owner, query);
  }

  /** Records it as a whole: the units follow from what was held. */
  @Post('corporate-actions')
  @ApiCreatedResponse({ type: CorporateAction })
  createCorporateAction(@Me() me: Principal, @Body() wanted: CreateCorporateAction): Promise<CorporateAction> {
    return this.actions.create(me.userId, wanted);
  }

  /** What it would do, without doing it. */
  @Post('corporate-action-previews')
  @HttpCode(200)
  @ApiOkResponse({ type: CorporateActionPreview })
  previewCorporateAction(@Me() me: Principal, @Body() wanted: CreateCorporateAction): Promise<CorporateActionPreview> {
    return this.actions.preview(me.userId, wanted);
  }
}
