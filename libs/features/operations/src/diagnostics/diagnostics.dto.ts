import { ApiInstant, ApiInteger, ApiList, ApiPart, ApiText, ApiWord } from '@scani/runtime';

export class HealthCheck {
  @ApiText() name!: string;
  @ApiWord('CheckState', ['ok', 'degraded', 'down']) state!: 'ok' | 'degraded' | 'down';
  @ApiText({ nullable: true }) detail!: string | null;
  @ApiInteger() ms!: number;
}
export class ProcessInfo {
  @ApiText() name!: string;
  @ApiText() version!: string;
  @ApiInstant() startedAt!: string;
  @ApiInstant() lastSeenAt!: string;
  @ApiInteger() memoryMb!: number;
}
export class JobCounts {
  @ApiInteger() waiting!: number;
  @ApiInteger() active!: number;
  @ApiInteger({ description: 'Failed in the last 24 hours.' }) failed!: number;
  @ApiInteger({ description: 'All that failed for good and were not retried.' }) dead!: number;
}
export class Schedule {
  @ApiText() name!: string;
  @ApiText() cron!: string;
  @ApiInstant({ nullable: true }) lastRunAt!: string | null;
  @ApiInstant({ nullable: true }) nextRunAt!: string | null;
}

/** How the installation is. */
export class Health {
  @ApiText() version!: string;
  @ApiWord('Tier', ['tier1', 'tier2', 'tier3']) tier!: 'tier1' | 'tier2' | 'tier3';
  @ApiText() cloudUrl!: string;
  @ApiWord('SignUp', ['open', 'invite', 'closed']) signUp!: 'open' | 'invite' | 'closed';
  @ApiList(() => HealthCheck) checks!: HealthCheck[];
  @ApiList(() => ProcessInfo) processes!: ProcessInfo[];
  @ApiPart(() => JobCounts) jobs!: JobCounts;
  @ApiList(() => Schedule) schedules!: Schedule[];
}

export class Version {
  @ApiText() version!: string;
  @ApiInteger({ description: 'The schema that this build needs.' }) schema!: number;
}
