import { Controller, Get, Inject } from '@nestjs/common';
import { ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { CloudCheck, CloudClient } from '@scani/cloud';
import { REQUIRED_SCHEMA, rowOf, rowsOf } from '@scani/database';
import { AdminOnly } from '@scani/identity';
import { nextRuns, REDIS, type RedisClient } from '@scani/jobs';
import { ApiProblems, Public, type ReadinessCheck, READINESS_CHECKS, runChecks } from '@scani/runtime';
import { DataSource } from 'typeorm';
import { lastNights } from './nights.js';
import { Health, type ProcessInfo, type Schedule, Version } from './diagnostics.dto.js';

export interface DiagnosticsSettings {
  version: string;
  tier: Health['tier'];
  cloudUrl: string;
  signUp: Health['signUp'];
  cloudManagement: boolean;
  /** Under which people are named in logs. */
  pepper: string;
}
export const DIAGNOSTICS_SETTINGS = Symbol('DIAGNOSTICS_SETTINGS');

@ApiTags('Admin')
@ApiProblems()
@Controller('api')
export class DiagnosticsController {
  constructor(
    private readonly source: DataSource,
    private readonly cloud: CloudClient,
    @Inject(REDIS) private readonly redis: RedisClient,
    @Inject(READINESS_CHECKS) private readonly checks: readonly ReadinessCheck[],
    @Inject(DIAGNOSTICS_SETTINGS) private readonly settings: DiagnosticsSettings,
  ) {}

  @Public()
  @Get('version')
  @ApiOkResponse({ type: Version })
  getVersion(): Version {
    return { version: this.settings.version, schema: REQUIRED_SCHEMA };
  }

  @AdminOnly()
  @Get('admin/health')
  @ApiOkResponse({ type: Health })
  async getHealth(): Promise<Health> {
    const [checks, processes, jobs, schedules, nights] = await Promise.all([
      runChecks([...this.checks, new CloudCheck(this.cloud)]),
      this.processes(),
      this.jobs(),
      this.schedules(),
      lastNights(this.source),
    ]);
    return {
      ...this.settings,
      checks: checks.map((check) => ({
        name: check.name,
        state: check.state,
        detail: check.detail ?? null,
        ms: check.ms,
      })),
      processes,
      jobs,
      schedules,
      nights,
    };
  }

  private async processes(): Promise<ProcessInfo[]> {
    const rows = await rowsOf<{
      component: string;
      version: string;
      memory_mb: number;
      started_at: Date;
      last_seen_at: Date;
    }>(
      this.source,
      `select component, version, memory_mb, started_at, last_seen_at from scani_instances
       where last_seen_at > now() - interval '90 seconds' order by component, started_at`,
    );
    return rows.map((row) => ({
      name: row.component,
      version: row.version,
      startedAt: row.started_at.toISOString(),
      lastSeenAt: row.last_seen_at.toISOString(),
      memoryMb: row.memory_mb,
    }));
  }

  private async jobs(): Promise<Health['jobs']> {
    const row = await rowOf<Health['jobs']>(
      this.source,
      `select count(*) filter (where state in ('waiting', 'queued'))::int as waiting,
         count(*) filter (where state = 'active')::int as active,
         count(*) filter (where state = 'failed' and finished_at > now() - interval '1 day')::int as failed,
         count(*) filter (where state = 'failed')::int as dead from job`,
    );
    return row as Health['jobs'];
  }

  private async schedules(): Promise<Schedule[]> {
    const rows = await rowsOf<{ name: string; cron: string; last_asked_at: Date | null }>(
      this.source,
      'select name, cron, last_asked_at from schedule order by name',
    );
    // Without Redis the next runs are not known; the page still shows the rest.
    const next = await nextRuns(this.redis).catch(() => new Map<string, Date>());
    return rows.map((row) => ({
      name: row.name,
      cron: row.cron,
      lastRunAt: row.last_asked_at?.toISOString() ?? null,
      nextRunAt: next.get(row.name)?.toISOString() ?? null,
    }));
  }
}
