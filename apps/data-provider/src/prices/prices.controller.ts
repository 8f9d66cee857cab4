import { Body, Controller, HttpCode, Post } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { ApiProblems } from '@scani/runtime';
import { Metered } from '../keys/tariff.js';
import { CallerSignal } from '../outside/caller-signal.js';
import { AskCurrentPrices, AskPriceHistory, PricesAnswer } from './prices.dto.js';
import { PricesService } from './prices.service.js';

@ApiTags('prices')
@ApiProblems()
@Controller('v1/prices')
export class PricesController {
  constructor(private readonly prices: PricesService) {}

  @Post('current')
  @Metered('currentPrices')
  @HttpCode(200)
  @ApiOperation({
    operationId: 'currentPrices',
    summary: 'Newest prices of many assets. What has none comes back among the problems, with the reason.',
  })
  @ApiOkResponse({ type: PricesAnswer })
  current(@Body() ask: AskCurrentPrices, @CallerSignal() signal: AbortSignal): Promise<PricesAnswer> {
    return this.prices.current(ask.assets, signal);
  }

  @Post('history')
  @Metered('priceHistory')
  @HttpCode(200)
  @ApiOperation({
    operationId: 'priceHistory',
    summary: 'Daily closes of one asset, oldest first. Days without trade and the unfinished day are absent.',
  })
  @ApiOkResponse({ type: PricesAnswer })
  history(@Body() ask: AskPriceHistory, @CallerSignal() signal: AbortSignal): Promise<PricesAnswer> {
    return this.prices.history(ask.asset, ask.from, ask.to, signal);
  }
}
