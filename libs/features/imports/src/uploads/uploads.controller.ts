import { Body, Controller, HttpCode, Param, ParseUUIDPipe, Post, Put, Req } from '@nestjs/common';
import { ApiCreatedResponse, ApiExcludeEndpoint, ApiTags } from '@nestjs/swagger';
import { Me, type Principal } from '@scani/identity';
import { ApiProblems } from '@scani/runtime';
import type { FastifyRequest } from 'fastify';
import { CreateUpload, Upload } from './uploads.dto.js';
import { UploadsService } from './uploads.service.js';

@ApiTags('Imports')
@ApiProblems()
@Controller('api/uploads')
export class UploadsController {
  constructor(private readonly uploads: UploadsService) {}

  @Post()
  @ApiCreatedResponse({ type: Upload })
  createUpload(@Me() me: Principal, @Body() wanted: CreateUpload): Promise<Upload> {
    return this.uploads.create(me.userId, wanted);
  }

  /** The address that `createUpload` hands out where there is no object storage; like a presigned one, for that use only. */
  @Put(':id/content')
  @HttpCode(204)
  @ApiExcludeEndpoint()
  async putContent(
    @Me() me: Principal,
    @Param('id', ParseUUIDPipe) id: string,
    @Req() request: FastifyRequest,
  ): Promise<void> {
    await this.uploads.receive(me.userId, id, request.body);
  }
}
