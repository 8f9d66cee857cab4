import { Body, Controller, Get, Param, ParseUUIDPipe, Post, Query } from '@nestjs/common';
import { ApiCreatedResponse, ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { Me, PortfolioOwner, type Principal } from '@scani/identity';
import { ApiProblems, PageQuery } from '@scani/runtime';
import { CreateTransaction, Transaction, TransactionPage } from './entries.dto.js';
import { EntriesService } from './entries.service.js';

@ApiTags('Ledger')
@ApiProblems()
@Controller('api')
export class EntriesController {
  constructor(private readonly entries: EntriesService) {}

  @Get('holdings/:id/transactions')
  @ApiOkResponse({ type: TransactionPage })
  listTransactions(
    @PortfolioOwner() owner: string,
    @Param('id', ParseUUIDPipe) id: string,
    @Query() query: PageQuery,
  ): Promise<TransactionPage> {
    return this.entries.ofHolding(owner, id, query.limit, query.cursor);
  }

  @Post('holdings/:id/transactions')
  @ApiCreatedResponse({ type: Transaction })
  createTransaction(
    @Me() me: Principal,
    @Param('id', ParseUUIDPipe) id: string,
    @Body() wanted: CreateTransaction,
  ): Promise<Transaction> {
    return this.entries.create(me.userId, id, wanted);
  }

  /** Takes it back by a row of its own; the parts of a corporate action go together. */
  @Post('transactions/:id/reversal')
  @ApiCreatedResponse({ type: Transaction })
  reverseTransaction(@Me() me: Principal, @Param('id', ParseUUIDPipe) id: string): Promise<Transaction> {
    return this.entries.reverse(me.userId, id);
  }

  /** Takes it back and records what was right. */
  @Post('transactions/:id/correction')
  @ApiCreatedResponse({ type: Transaction })
  correctTransaction(
    @Me() me: Principal,
    @Param('id', ParseUUIDPipe) id: string,
    @Body() wanted: CreateTransaction,
  ): Promise<Transaction> {
    return this.entries.correct(me.userId, id, wanted);
  }

  @Get('activity')
  @ApiOkResponse({ type: TransactionPage })
  listActivity(@PortfolioOwner() owner: string, @Query() query: PageQuery): Promise<TransactionPage> {
    return this.entries.ofUser(owner, query.limit, query.cursor);
  }
}
