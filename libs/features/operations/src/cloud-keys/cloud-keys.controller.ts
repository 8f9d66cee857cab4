import {
  Body,
  type CanActivate,
  Controller,
  Get,
  HttpCode,
  Inject,
  Injectable,
  Param,
  ParseUUIDPipe,
  Patch,
  Post,
  Query,
  UseGuards,
} from '@nestjs/common';
import { ApiCreatedResponse, ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { AdminOnly, AnsweredOnce, Me, type Principal } from '@scani/identity';
import { ApiProblems, NotFound } from '@scani/runtime';
import { DIAGNOSTICS_SETTINGS, type DiagnosticsSettings } from '../diagnostics/diagnostics.controller.js';
import {
  CloudKey,
  CloudKeyList,
  CloudUsage,
  CreateCloudKey,
  NewCloudKey,
  UpdateCloudKey,
  UsageQuery,
} from './cloud-keys.dto.js';
import { CloudKeysService } from './cloud-keys.service.js';

/** Only an installation that serves others has these routes. */
@Injectable()
export class CloudManagementGuard implements CanActivate {
  constructor(@Inject(DIAGNOSTICS_SETTINGS) private readonly settings: DiagnosticsSettings) {}

  canActivate(): boolean {
    if (this.settings.cloudManagement) return true;
    throw new NotFound(
      'cloud-management-off',
      'This installation serves no others. CLOUD_MANAGEMENT_ENABLED of api and data-provider changes that.',
    );
  }
}

@ApiTags('Admin')
@ApiProblems()
@AdminOnly()
@UseGuards(CloudManagementGuard)
@Controller('api/admin/cloud-keys')
export class CloudKeysController {
  constructor(private readonly keys: CloudKeysService) {}

  @Get()
  @ApiOkResponse({ type: CloudKeyList })
  listCloudKeys(): Promise<CloudKeyList> {
    return this.keys.list();
  }

  @Post()
  @AnsweredOnce()
  @ApiCreatedResponse({ type: NewCloudKey })
  issueCloudKey(@Me() me: Principal, @Body() wanted: CreateCloudKey): Promise<NewCloudKey> {
    return this.keys.issue(me.userId, wanted);
  }

  @Patch(':id')
  @ApiOkResponse({ type: CloudKey })
  updateCloudKey(@Param('id', ParseUUIDPipe) id: string, @Body() wanted: UpdateCloudKey): Promise<CloudKey> {
    return this.keys.change(id, wanted);
  }

  @Post(':id/revocation')
  @HttpCode(200)
  @ApiOkResponse({ type: CloudKey })
  revokeCloudKey(@Param('id', ParseUUIDPipe) id: string): Promise<CloudKey> {
    return this.keys.revoke(id);
  }

  @Get(':id/usage')
  @ApiOkResponse({ type: CloudUsage })
  getCloudKeyUsage(@Param('id', ParseUUIDPipe) id: string, @Query() { days }: UsageQuery): Promise<CloudUsage> {
    return this.keys.usage(id, days);
  }
}
