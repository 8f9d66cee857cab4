import { Body, Controller, HttpCode, Post, StreamableFile } from '@nestjs/common';
import { ApiExtraModels, ApiOkResponse, ApiOperation, ApiTags, getSchemaPath } from '@nestjs/swagger';
import { ApiProblems } from '@scani/runtime';
import { Readable } from 'node:stream';
import { Metered } from '../keys/tariff.js';
import { CallerSignal } from '../outside/caller-signal.js';
import { HistoriesService } from './histories.service.js';
import { AskCurrentPrices, AskPriceHistories, AskPriceHistory, HistoryLine, PricesAnswer } from './prices.dto.js';
import { PricesService } from './prices.service.js';

const LINES = 'application/x-ndjson';

@ApiTags('prices')
@ApiProblems()
@ApiExtraModels(HistoryLine)
@Controller('v1/prices')
export class PricesController {
  constructor(
    private readonly prices: PricesService,
    private readonly histories: HistoriesService,
  ) {}

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
    return this.histories.one(ask, signal);
  }

  @Post('histories')
  @Metered('priceHistories')
  @HttpCode(200)
  @ApiOperation({
    operationId: 'priceHistories',
    summary: 'Daily closes of many assets: a line of JSON for each as soon as it is known, in any order.',
    description: 'The last line is {"end":true}. An answer without it was cut short: what it lacks is asked again.',
  })
  @ApiOkResponse({ content: { [LINES]: { schema: { $ref: getSchemaPath(HistoryLine) } } } })
  manyHistories(@Body() ask: AskPriceHistories, @CallerSignal() signal: AbortSignal): StreamableFile {
    return new StreamableFile(Readable.from(textOf(this.histories.many(ask.histories, signal))), { type: LINES });
  }
}

async function* textOf(lines: AsyncIterable<HistoryLine>): AsyncGenerator<string> {
  for await (const line of lines) yield `${JSON.stringify(line)}\n`;
  yield '{"end":true}\n';
}
