import { Body, Controller, Delete, Get, HttpCode, Param, ParseUUIDPipe, Patch, Post, Query } from '@nestjs/common';
import { ApiAcceptedResponse, ApiCreatedResponse, ApiNoContentResponse, ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { Me, PortfolioOwner, type Principal } from '@scani/identity';
import { ApiProblems } from '@scani/runtime';
import {
  AddressQuery,
  ChainList,
  CreateWallets,
  UpdateWallet,
  Wallet,
  WalletAddress,
  WalletList,
} from './wallets.dto.js';
import { WalletsService } from './wallets.service.js';

@ApiTags('Wallets')
@ApiProblems()
@Controller('api/wallets')
export class WalletsController {
  constructor(private readonly wallets: WalletsService) {}

  /** Follows one address, on as many of its chains as are named. */
  @Post()
  @ApiCreatedResponse({ type: WalletList })
  async createWallets(@Me() me: Principal, @Body() wanted: CreateWallets): Promise<WalletList> {
    return { items: await this.wallets.add(me.userId, wanted) };
  }

  @Get()
  @ApiOkResponse({ type: WalletList })
  async listWallets(@PortfolioOwner() owner: string): Promise<WalletList> {
    return { items: await this.wallets.list(owner) };
  }

  @Get('chains')
  @ApiOkResponse({ type: ChainList })
  listChains(): Promise<ChainList> {
    return this.wallets.chains();
  }

  /** Says of a text which address it is and on which chains, or what is wrong with it. */
  @Get('address')
  @ApiOkResponse({ type: WalletAddress })
  lookUpAddress(@Me() me: Principal, @Query() query: AddressQuery): Promise<WalletAddress> {
    return this.wallets.lookUp(me.userId, query.text);
  }

  @Get(':id')
  @ApiOkResponse({ type: Wallet })
  getWallet(@PortfolioOwner() owner: string, @Param('id', ParseUUIDPipe) id: string): Promise<Wallet> {
    return this.wallets.get(owner, id);
  }

  @Patch(':id')
  @ApiOkResponse({ type: Wallet })
  updateWallet(
    @Me() me: Principal,
    @Param('id', ParseUUIDPipe) id: string,
    @Body() changes: UpdateWallet,
  ): Promise<Wallet> {
    return this.wallets.rename(me.userId, id, changes.name);
  }

  /** Follows it no longer. Its account stays, and so does all that is recorded. */
  @Delete(':id')
  @HttpCode(204)
  @ApiNoContentResponse()
  async deleteWallet(@Me() me: Principal, @Param('id', ParseUUIDPipe) id: string): Promise<void> {
    await this.wallets.stop(me.userId, id);
  }

  /** Asks for a sync now. */
  @Post(':id/sync')
  @HttpCode(202)
  @ApiAcceptedResponse({ type: Wallet })
  syncWallet(@Me() me: Principal, @Param('id', ParseUUIDPipe) id: string): Promise<Wallet> {
    return this.wallets.sync(me.userId, id);
  }
}
