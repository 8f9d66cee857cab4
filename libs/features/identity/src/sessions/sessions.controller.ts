import { Controller, Delete, Get, HttpCode, Param, ParseUUIDPipe } from '@nestjs/common';
import { ApiNoContentResponse, ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { ApiProblems } from '@scani/runtime';
import { Me, type Principal } from '../http/principal.js';
import { SessionList } from './sessions.dto.js';
import { SessionsService } from './sessions.service.js';

@ApiTags('Identity')
@ApiProblems()
@Controller('api/sessions')
export class SessionsController {
  constructor(private readonly sessions: SessionsService) {}

  @Get()
  @ApiOkResponse({ type: SessionList })
  async listSessions(@Me() me: Principal): Promise<SessionList> {
    return { items: await this.sessions.list(me) };
  }

  @Delete(':id')
  @HttpCode(204)
  @ApiNoContentResponse()
  revokeSession(@Me() me: Principal, @Param('id', ParseUUIDPipe) id: string): Promise<void> {
    return this.sessions.revoke(me, id);
  }

  /** All but the one that asks. */
  @Delete()
  @HttpCode(204)
  @ApiNoContentResponse()
  revokeOtherSessions(@Me() me: Principal): Promise<void> {
    return this.sessions.revokeOthers(me);
  }
}
