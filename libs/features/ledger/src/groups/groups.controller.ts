import { Body, Controller, Delete, Get, HttpCode, Param, ParseUUIDPipe, Patch, Post, Put } from '@nestjs/common';
import { ApiCreatedResponse, ApiNoContentResponse, ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { Me, PortfolioOwner, type Principal } from '@scani/identity';
import { ApiProblems } from '@scani/runtime';
import { CreateGroup, Group, GroupList, GroupMembers, UpdateGroup } from './groups.dto.js';
import { GroupsService } from './groups.service.js';

@ApiTags('Ledger')
@ApiProblems()
@Controller('api/groups')
export class GroupsController {
  constructor(private readonly groups: GroupsService) {}

  @Get()
  @ApiOkResponse({ type: GroupList })
  async listGroups(@PortfolioOwner() owner: string): Promise<GroupList> {
    return { items: await this.groups.list(owner) };
  }

  @Post()
  @ApiCreatedResponse({ type: Group })
  createGroup(@Me() me: Principal, @Body() wanted: CreateGroup): Promise<Group> {
    return this.groups.create(me.userId, wanted.name);
  }

  @Patch(':id')
  @ApiOkResponse({ type: Group })
  updateGroup(
    @Me() me: Principal,
    @Param('id', ParseUUIDPipe) id: string,
    @Body() wanted: UpdateGroup,
  ): Promise<Group> {
    return this.groups.rename(me.userId, id, wanted.name);
  }

  @Delete(':id')
  @HttpCode(204)
  @ApiNoContentResponse()
  deleteGroup(@Me() me: Principal, @Param('id', ParseUUIDPipe) id: string): Promise<void> {
    return this.groups.remove(me.userId, id);
  }

  @Put(':id/members')
  @ApiOkResponse({ type: Group })
  setGroupMembers(
    @Me() me: Principal,
    @Param('id', ParseUUIDPipe) id: string,
    @Body() members: GroupMembers,
  ): Promise<Group> {
    return this.groups.setMembers(me.userId, id, members);
  }
}
