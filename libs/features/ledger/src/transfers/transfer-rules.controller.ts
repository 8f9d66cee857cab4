import { Body, Controller, Delete, Get, HttpCode, Param, ParseUUIDPipe, Post } from '@nestjs/common';
import { ApiCreatedResponse, ApiNoContentResponse, ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { Me, PortfolioOwner, type Principal } from '@scani/identity';
import { ApiProblems } from '@scani/runtime';
import { TransferRulesService } from './transfer-rules.service.js';
import { CreateTransferRule, TransferRule, TransferRuleList } from './transfers.dto.js';

@ApiTags('Transfers')
@ApiProblems()
@Controller('api/transfer-rules')
export class TransferRulesController {
  constructor(private readonly rules: TransferRulesService) {}

  @Get()
  @ApiOkResponse({ type: TransferRuleList })
  async listTransferRules(@PortfolioOwner() owner: string): Promise<TransferRuleList> {
    return { items: await this.rules.list(owner) };
  }

  @Post()
  @ApiCreatedResponse({ type: TransferRule })
  createTransferRule(@Me() me: Principal, @Body() wanted: CreateTransferRule): Promise<TransferRule> {
    return this.rules.create(me.userId, wanted);
  }

  @Delete(':id')
  @HttpCode(204)
  @ApiNoContentResponse()
  deleteTransferRule(@Me() me: Principal, @Param('id', ParseUUIDPipe) id: string): Promise<void> {
    return this.rules.remove(me.userId, id);
  }
}
