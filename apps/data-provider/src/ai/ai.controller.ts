import { Body, Controller, HttpCode, Post } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { ApiProblems } from '@scani/runtime';
import { Metered } from '../keys/tariff.js';
import { CallerSignal } from '../outside/caller-signal.js';
import {
  ColumnsAnswer,
  DocumentAnswer,
  ReadDocument,
  ReadScreenshot,
  ScreenshotAnswer,
  SuggestColumns,
} from './ai.dto.js';
import { AiService } from './ai.service.js';

@ApiTags('AI')
@ApiProblems()
@Controller('v1/ai')
export class AiController {
  constructor(private readonly ai: AiService) {}

  @Post('screenshot')
  @Metered('readScreenshot')
  @HttpCode(200)
  @ApiOperation({
    operationId: 'readScreenshot',
    summary: 'The positions that a picture shows, as they are written there. Nothing is kept.',
  })
  @ApiOkResponse({ type: ScreenshotAnswer })
  screenshot(@Body() { picture }: ReadScreenshot, @CallerSignal() signal: AbortSignal): Promise<ScreenshotAnswer> {
    return this.ai.screenshot(picture, signal);
  }

  @Post('document')
  @Metered('readDocument')
  @HttpCode(200)
  @ApiOperation({
    operationId: 'readDocument',
    summary: 'The movements that the text of a statement lists, as they are written there. Nothing is kept.',
  })
  @ApiOkResponse({ type: DocumentAnswer })
  document(@Body() { pages }: ReadDocument, @CallerSignal() signal: AbortSignal): Promise<DocumentAnswer> {
    return this.ai.document(pages, signal);
  }

  @Post('column-mapping')
  @Metered('suggestColumns')
  @HttpCode(200)
  @ApiOperation({ operationId: 'suggestColumns', summary: 'Which column of a CSV holds what. Nothing is kept.' })
  @ApiOkResponse({ type: ColumnsAnswer })
  columns(@Body() body: SuggestColumns, @CallerSignal() signal: AbortSignal): Promise<ColumnsAnswer> {
    return this.ai.columns(body.heading, body.rows, signal);
  }
}
