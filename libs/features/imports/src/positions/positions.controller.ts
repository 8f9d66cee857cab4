import { Body, Controller, Get, Param, ParseIntPipe, ParseUUIDPipe, Put } from '@nestjs/common';
import { ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { Me, type Principal } from '@scani/identity';
import { ApiProblems } from '@scani/runtime';
import { Import } from '../imports/imports.dto.js';
import { ImportsService } from '../imports/imports.service.js';
import { ImportPosition, ImportPositionList, SetSeenAt, UpdatePosition } from './positions.dto.js';
import { PositionsService } from './positions.service.js';

@ApiTags('Imports')
@ApiProblems()
@Controller('api/imports/:id')
export class PositionsController {
  constructor(
    private readonly positions: PositionsService,
    private readonly imports: ImportsService,
  ) {}

  @Get('positions')
  @ApiOkResponse({ type: ImportPositionList })
  async listPositions(@Me() me: Principal, @Param('id', ParseUUIDPipe) id: string): Promise<ImportPositionList> {
    return { items: await this.positions.list(me.userId, id) };
  }

  @Put('positions/:ordinal')
  @ApiOkResponse({ type: ImportPosition })
  updatePosition(
    @Me() me: Principal,
    @Param('id', ParseUUIDPipe) id: string,
    @Param('ordinal', ParseIntPipe) ordinal: number,
    @Body() wanted: UpdatePosition,
  ): Promise<ImportPosition> {
    return this.positions.update(me.userId, id, ordinal, wanted);
  }

  @Put('seen-at')
  @ApiOkResponse({ type: Import })
  setSeenAt(@Me() me: Principal, @Param('id', ParseUUIDPipe) id: string, @Body() { at }: SetSeenAt): Promise<Import> {
    return this.imports.setSeenAt(me.userId, id, at);
  }
}
