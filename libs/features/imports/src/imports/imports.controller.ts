import { Body, Controller, Delete, Get, HttpCode, Param, ParseUUIDPipe, Post, Put, Query } from '@nestjs/common';
import { ApiAcceptedResponse, ApiCreatedResponse, ApiNoContentResponse, ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { Me, type Principal } from '@scani/identity';
import { ApiProblems, PageQuery } from '@scani/runtime';
import {
  CreateImport,
  Import,
  ImportPage,
  ImportRowPage,
  ImportRowQuery,
  Mapping,
  MappingPreview,
} from './imports.dto.js';
import { ImportsService } from './imports.service.js';

@ApiTags('Imports')
@ApiProblems()
@Controller('api/imports')
export class ImportsController {
  constructor(private readonly imports: ImportsService) {}

  @Post()
  @ApiCreatedResponse({ type: Import })
  createImport(@Me() me: Principal, @Body() wanted: CreateImport): Promise<Import> {
    return this.imports.create(me.userId, wanted);
  }

  @Get()
  @ApiOkResponse({ type: ImportPage })
  listImports(@Me() me: Principal, @Query() query: PageQuery): Promise<ImportPage> {
    return this.imports.list(me.userId, query.limit, query.cursor);
  }

  @Get(':id')
  @ApiOkResponse({ type: Import })
  getImport(@Me() me: Principal, @Param('id', ParseUUIDPipe) id: string): Promise<Import> {
    return this.imports.get(me.userId, id);
  }

  @Get(':id/rows')
  @ApiOkResponse({ type: ImportRowPage })
  listImportRows(
    @Me() me: Principal,
    @Param('id', ParseUUIDPipe) id: string,
    @Query() query: ImportRowQuery,
  ): Promise<ImportRowPage> {
    return this.imports.rows(me.userId, id, query);
  }

  @Post(':id/mapping-preview')
  @HttpCode(200)
  @ApiOkResponse({ type: MappingPreview })
  previewMapping(
    @Me() me: Principal,
    @Param('id', ParseUUIDPipe) id: string,
    @Body() mapping: Mapping,
  ): Promise<MappingPreview> {
    return this.imports.preview(me.userId, id, mapping);
  }

  /** Sends the names of the columns and the first lines to the data-provider and its model. Nothing is changed. */
  @Post(':id/column-suggestion')
  @HttpCode(200)
  @ApiOkResponse({ type: Mapping })
  suggestColumns(@Me() me: Principal, @Param('id', ParseUUIDPipe) id: string): Promise<Mapping> {
    return this.imports.suggest(me.userId, id);
  }

  @Put(':id/mapping')
  @HttpCode(202)
  @ApiAcceptedResponse({ type: Import })
  setMapping(@Me() me: Principal, @Param('id', ParseUUIDPipe) id: string, @Body() mapping: Mapping): Promise<Import> {
    return this.imports.map(me.userId, id, mapping);
  }

  @Post(':id/confirmation')
  @HttpCode(202)
  @ApiAcceptedResponse({ type: Import })
  confirmImport(@Me() me: Principal, @Param('id', ParseUUIDPipe) id: string): Promise<Import> {
    return this.imports.confirm(me.userId, id);
  }

  /** Counter-entries take back what it brought; what other imports of the account say as well stays. */
  @Post(':id/undo')
  @HttpCode(202)
  @ApiAcceptedResponse({ type: Import })
  undoImport(@Me() me: Principal, @Param('id', ParseUUIDPipe) id: string): Promise<Import> {
    return this.imports.undo(me.userId, id);
  }

  @Delete(':id')
  @HttpCode(204)
  @ApiNoContentResponse()
  async discardImport(@Me() me: Principal, @Param('id', ParseUUIDPipe) id: string): Promise<void> {
    await this.imports.discard(me.userId, id);
  }
}
