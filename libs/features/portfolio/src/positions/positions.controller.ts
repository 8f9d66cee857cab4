import { Body, Controller, Get, Param, ParseUUIDPipe, Patch, Post, Query } from '@nestjs/common';
import { ApiCreatedResponse, ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { Me, PortfolioOwner, type Principal } from '@scani/identity';
import { CreateAccount, UpdateAccount } from '@scani/ledger';
import { ApiProblems } from '@scani/runtime';
import {
  Account,
  AccountList,
  CreateHolding,
  Holding,
  HoldingPage,
  HoldingQuery,
  UpdateHolding,
} from './positions.dto.js';
import { PositionsService } from './positions.service.js';

@ApiTags('Portfolio')
@ApiProblems()
@Controller('api')
export class PositionsController {
  constructor(private readonly positions: PositionsService) {}

  @Get('accounts')
  @ApiOkResponse({ type: AccountList })
  listAccounts(@PortfolioOwner() owner: string): Promise<AccountList> {
    return this.positions.listAccounts(owner);
  }

  @Post('accounts')
  @ApiCreatedResponse({ type: Account })
  createAccount(@Me() me: Principal, @Body() wanted: CreateAccount): Promise<Account> {
    return this.positions.createAccount(me.userId, wanted);
  }

  @Get('accounts/:id')
  @ApiOkResponse({ type: Account })
  getAccount(@PortfolioOwner() owner: string, @Param('id', ParseUUIDPipe) id: string): Promise<Account> {
    return this.positions.getAccount(owner, id);
  }

  @Patch('accounts/:id')
  @ApiOkResponse({ type: Account })
  updateAccount(
    @Me() me: Principal,
    @Param('id', ParseUUIDPipe) id: string,
    @Body() changes: UpdateAccount,
  ): Promise<Account> {
    return this.positions.updateAccount(me.userId, id, changes);
  }

  @Get('holdings')
  @ApiOkResponse({ type: HoldingPage })
  listHoldings(@PortfolioOwner() owner: string, @Query() query: HoldingQuery): Promise<HoldingPage> {
    return this.positions.listHoldings(owner, query);
  }

  @Post('holdings')
  @ApiCreatedResponse({ type: Holding })
  createHolding(@Me() me: Principal, @Body() wanted: CreateHolding): Promise<Holding> {
    return this.positions.createHolding(me.userId, wanted);
  }

  @Get('holdings/:id')
  @ApiOkResponse({ type: Holding })
  getHolding(@PortfolioOwner() owner: string, @Param('id', ParseUUIDPipe) id: string): Promise<Holding> {
    return this.positions.getHolding(owner, id);
  }

  @Patch('holdings/:id')
  @ApiOkResponse({ type: Holding })
  updateHolding(
    @Me() me: Principal,
    @Param('id', ParseUUIDPipe) id: string,
    @Body() changes: UpdateHolding,
  ): Promise<Holding> {
    return this.positions.hide(me.userId, id, changes.hidden);
  }
}
