import { Body, Controller, Delete, Get, HttpCode, Param, ParseUUIDPipe, Patch, Post, Query } from '@nestjs/common';
import { ApiCreatedResponse, ApiNoContentResponse, ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { ApiProblems, PageQuery } from '@scani/runtime';
import { AdminOnly, Me, type Principal } from '../http/principal.js';
import { InvitationsService } from './invitations.service.js';
import { CreateInvitation, Invitation, InvitationList, UpdateUser, User, userOf, UserPage } from './users.dto.js';
import { UsersService } from './users.service.js';

@ApiTags('Admin')
@ApiProblems()
@AdminOnly()
@Controller('api/admin')
export class AdminController {
  constructor(
    private readonly users: UsersService,
    private readonly invitations: InvitationsService,
  ) {}

  @Get('users')
  @ApiOkResponse({ type: UserPage })
  async listUsers(@Query() query: PageQuery): Promise<UserPage> {
    const page = await this.users.list(query.limit, query.cursor);
    return { items: page.items.map(userOf), nextCursor: page.nextCursor };
  }

  @Patch('users/:id')
  @ApiOkResponse({ type: User })
  async updateUser(@Param('id', ParseUUIDPipe) id: string, @Body() changes: UpdateUser): Promise<User> {
    return userOf(await this.users.setRole(id, changes.role));
  }

  @Get('invitations')
  @ApiOkResponse({ type: InvitationList })
  async listInvitations(): Promise<InvitationList> {
    return { items: await this.invitations.list() };
  }

  @Post('invitations')
  @ApiCreatedResponse({ type: Invitation })
  createInvitation(@Me() me: Principal, @Body() body: CreateInvitation): Promise<Invitation> {
    return this.invitations.create(me.userId, body.email);
  }

  @Delete('invitations/:id')
  @HttpCode(204)
  @ApiNoContentResponse()
  deleteInvitation(@Param('id', ParseUUIDPipe) id: string): Promise<void> {
    return this.invitations.remove(id);
  }
}
