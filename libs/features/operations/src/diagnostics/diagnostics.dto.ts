import { ApiDay, ApiFlag, ApiInstant, ApiInteger, ApiList, ApiPart, ApiText, ApiWord } from '@scani/runtime';

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

const STEP_STATES = ['waiting', 'active', 'completed', 'failed', 'skipped'] as const;
export class ChainStep {
  @ApiText() name!: string;
  @ApiWord('ChainStepState', STEP_STATES) state!: (typeof STEP_STATES)[number];
  @ApiInstant({ nullable: true }) startedAt!: string | null;
  @ApiInstant({ nullable: true }) finishedAt!: string | null;
  @ApiInteger({ description: 'Jobs that the step shared out.' }) parts!: number;
  @ApiInteger({ description: 'Of these, and of the step itself, how many failed.' }) failed!: number;
}
const RUN_STATES = ['running', 'completed', 'failed'] as const;
/** One day of a chain of jobs. */
export class ChainRun {
  @ApiText() chain!: string;
  @ApiDay() day!: string;
  @ApiWord('ChainRunState', RUN_STATES) state!: (typeof RUN_STATES)[number];
  @ApiInstant() startedAt!: string;
  @ApiInstant({ nullable: true }) finishedAt!: string | null;
  @ApiList(() => ChainStep) steps!: ChainStep[];
}

/** How the installation is. */
export class Health {
  @ApiText() version!: string;
  @ApiWord('Tier', ['tier1', 'tier2', 'tier3']) tier!: 'tier1' | 'tier2' | 'tier3';
  @ApiText() cloudUrl!: string;
  @ApiWord('SignUp', ['open', 'invite', 'closed']) signUp!: 'open' | 'invite' | 'closed';
  @ApiFlag({ description: 'It issues keys of its data-provider to other installations.' }) cloudManagement!: boolean;
  @ApiList(() => HealthCheck) checks!: HealthCheck[];
  @ApiList(() => ProcessInfo) processes!: ProcessInfo[];
  @ApiPart(() => JobCounts) jobs!: JobCounts;
  @ApiList(() => Schedule) schedules!: Schedule[];
  @ApiList(() => ChainRun, { description: 'The last nights, the newest first.' }) nights!: ChainRun[];
}

export class Version {
  @ApiText() version!: string;
  @ApiInteger({ description: 'The schema that this build needs.' }) schema!: number;
}
