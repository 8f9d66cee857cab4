import { Controller, Get, Header, Param, ParseUUIDPipe, StreamableFile } from '@nestjs/common';
import { ApiOkResponse, ApiProduces, ApiTags } from '@nestjs/swagger';
import { Me, type Principal } from '@scani/identity';
import { ApiProblems } from '@scani/runtime';
import { PictureService } from './picture.service.js';

@ApiTags('Imports')
@ApiProblems()
@Controller('api/imports/:id/picture')
export class PictureController {
  constructor(private readonly pictures: PictureService) {}

  /** The picture of an import, to compare with what was read; as long as it is kept. */
  @Get()
  @Header('cache-control', 'private, no-store')
  @Header('content-security-policy', "default-src 'none'; sandbox")
  @ApiProduces('image/*')
  @ApiOkResponse({ schema: { type: 'string', format: 'binary' } })
  async getPicture(@Me() me: Principal, @Param('id', ParseUUIDPipe) id: string): Promise<StreamableFile> {
    const { bytes, type } = await this.pictures.get(me.userId, id);
    return new StreamableFile(bytes, { type, length: bytes.length });
  }
}
