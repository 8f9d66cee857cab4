import { Body, Controller, Get, HttpCode, Post } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { ApiProblems } from '@scani/runtime';
import { Metered } from '../keys/tariff.js';
import { CallerSignal } from '../outside/caller-signal.js';
import {
  ChainMovements,
  Chains,
  NameQuestion,
  ResolvedName,
  Wallet,
  WalletAnswers,
  WalletBalances,
  WalletPage,
  Wallets,
} from './chains.dto.js';
import { ChainsService } from './chains.service.js';

@ApiTags('chains')
@ApiProblems()
@Controller('v1/chains')
export class ChainsController {
  constructor(private readonly service: ChainsService) {}

  @Get()
  @Metered('chains')
  @ApiOperation({ operationId: 'chains', summary: 'The chains that are known, and whether they are read now.' })
  @ApiOkResponse({ type: Chains })
  chains(): Chains {
    return { chains: this.service.chains() };
  }

  @Post('balances')
  @Metered('walletBalances')
  @HttpCode(200)
  @ApiOperation({ operationId: 'walletBalances', summary: 'What an address holds on a chain.' })
  @ApiOkResponse({ type: WalletBalances })
  balances(@Body() wallet: Wallet, @CallerSignal() signal: AbortSignal): Promise<WalletBalances> {
    return this.service.balances(wallet, signal);
  }

  @Post('balances/batch')
  @Metered('balancesOfWallets')
  @HttpCode(200)
  @ApiOperation({
    operationId: 'balancesOfWallets',
    summary: 'What many addresses hold. One that cannot be read says why, beside those that could.',
  })
  @ApiOkResponse({ type: WalletAnswers })
  async many(@Body() { wallets }: Wallets, @CallerSignal() signal: AbortSignal): Promise<WalletAnswers> {
    return { wallets: await this.service.manyBalances(wallets, signal) };
  }

  @Post('movements')
  @Metered('walletMovements')
  @HttpCode(200)
  @ApiOperation({ operationId: 'walletMovements', summary: 'One page of what happened at an address.' })
  @ApiOkResponse({ type: ChainMovements })
  movements(@Body() { cursor, ...wallet }: WalletPage, @CallerSignal() signal: AbortSignal): Promise<ChainMovements> {
    return this.service.movements(wallet, cursor, signal);
  }

  @Post('names')
  @Metered('resolveName')
  @HttpCode(200)
  @ApiOperation({ operationId: 'resolveName', summary: 'The address behind a name (ENS).' })
  @ApiOkResponse({ type: ResolvedName })
  names(@Body() { name }: NameQuestion, @CallerSignal() signal: AbortSignal): Promise<ResolvedName> {
    return this.service.resolveName(name, signal);
  }
}
