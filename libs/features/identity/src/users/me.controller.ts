import { Body, Controller, Delete, Get, HttpCode, Patch } from '@nestjs/common';
import { ApiNoContentResponse, ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { ApiProblems } from '@scani/runtime';
import { Me as CurrentUser, type Principal } from '../http/principal.js';
import { Me, meOf, UpdateMe } from './users.dto.js';
import { UsersService } from './users.service.js';

@ApiTags('Identity')
@ApiProblems()
@Controller('api')
export class MeController {
  constructor(private readonly users: UsersService) {}

  @Get('me')
  @ApiOkResponse({ type: Me })
  async getMe(@CurrentUser() me: Principal): Promise<Me> {
    return meOf(await this.users.byId(me.userId));
  }

  @Patch('me')
  @ApiOkResponse({ type: Me })
  async updateMe(@CurrentUser() me: Principal, @Body() changes: UpdateMe): Promise<Me> {
    return meOf(await this.users.update(me.userId, changes));
  }

  /** One click: the demo portfolio is gone for me. */
  @Delete('demo')
  @HttpCode(204)
  @ApiNoContentResponse()
  async removeDemo(@CurrentUser() me: Principal): Promise<void> {
    await this.users.removeDemo(me.userId);
  }
}
