import { Body, Controller, Delete, Get, HttpCode, Param, ParseUUIDPipe, Patch, Post, Put } from '@nestjs/common';
import { ApiCreatedResponse, ApiNoContentResponse, ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { Me, PortfolioOwner, type Principal } from '@scani/identity';
import { ApiProblems } from '@scani/runtime';
import { CreateVault, SetSlices, UpdateVault, Vault, VaultList } from './vaults.dto.js';
import { VaultsService } from './vaults.service.js';

@ApiTags('Portfolio')
@ApiProblems()
@Controller('api/vaults')
export class VaultsController {
  constructor(private readonly vaults: VaultsService) {}

  @Get()
  @ApiOkResponse({ type: VaultList })
  async listVaults(@PortfolioOwner() owner: string): Promise<VaultList> {
    return { items: await this.vaults.list(owner) };
  }

  @Post()
  @ApiCreatedResponse({ type: Vault })
  createVault(@Me() me: Principal, @Body() wanted: CreateVault): Promise<Vault> {
    return this.vaults.create(me.userId, wanted);
  }

  @Get(':id')
  @ApiOkResponse({ type: Vault })
  getVault(@PortfolioOwner() owner: string, @Param('id', ParseUUIDPipe) id: string): Promise<Vault> {
    return this.vaults.get(owner, id);
  }

  @Patch(':id')
  @ApiOkResponse({ type: Vault })
  updateVault(
    @Me() me: Principal,
    @Param('id', ParseUUIDPipe) id: string,
    @Body() changes: UpdateVault,
  ): Promise<Vault> {
    return this.vaults.update(me.userId, id, changes);
  }

  @Put(':id/slices')
  @ApiOkResponse({ type: Vault })
  setVaultSlices(
    @Me() me: Principal,
    @Param('id', ParseUUIDPipe) id: string,
    @Body() wanted: SetSlices,
  ): Promise<Vault> {
    return this.vaults.setSlices(me.userId, id, wanted.slices);
  }

  @Delete(':id')
  @HttpCode(204)
  @ApiNoContentResponse()
  async deleteVault(@Me() me: Principal, @Param('id', ParseUUIDPipe) id: string): Promise<void> {
    await this.vaults.remove(me.userId, id);
  }
}
