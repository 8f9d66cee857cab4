import { Body, Controller, HttpCode, Post } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { ApiProblems } from '@scani/runtime';
import { Metered } from '../keys/tariff.js';
import { LinkPreview, PreviewLink } from './links.dto.js';
import { LinksService } from './links.service.js';

@ApiTags('link previews')
@ApiProblems()
@Controller('v1/link-previews')
export class LinksController {
  constructor(private readonly links: LinksService) {}

  @Post()
  @Metered('previewLink')
  @HttpCode(200)
  @ApiOperation({ operationId: 'previewLink', summary: 'What a public page says of itself.' })
  @ApiOkResponse({ type: LinkPreview })
  preview(@Body() { url }: PreviewLink): Promise<LinkPreview> {
    return this.links.preview(url);
  }
}
