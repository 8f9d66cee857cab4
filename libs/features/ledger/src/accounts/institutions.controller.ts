import { Body, Controller, Get, Post } from '@nestjs/common';
import { ApiCreatedResponse, ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { Me, PortfolioOwner, type Principal } from '@scani/identity';
import { ApiProblems } from '@scani/runtime';
import { DataSource } from 'typeorm';
import { CreateInstitution, Institution, InstitutionList } from './accounts.dto.js';
import { AccountsService } from './accounts.service.js';

@ApiTags('Ledger')
@ApiProblems()
@Controller('api/institutions')
export class InstitutionsController {
  constructor(
    private readonly accounts: AccountsService,
    private readonly source: DataSource,
  ) {}

  @Get()
  @ApiOkResponse({ type: InstitutionList })
  async listInstitutions(@PortfolioOwner() owner: string): Promise<InstitutionList> {
    return { items: await this.accounts.institutions(owner) };
  }

  @Post()
  @ApiCreatedResponse({ type: Institution })
  createInstitution(@Me() me: Principal, @Body() wanted: CreateInstitution): Promise<Institution> {
    return this.accounts.createInstitution(this.source, me.userId, wanted);
  }
}
