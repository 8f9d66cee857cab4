import { ApiInstant, ApiInteger, ApiList, ApiText, ApiWord } from '@scani/runtime';
import { STEP_STATES, type StepState } from './tier.verifier.js';

export class TierStep {
  @ApiText() name!: string;
  @ApiText() title!: string;
  @ApiWord('TierStepState', STEP_STATES) state!: StepState;
  @ApiText({ description: 'What was found, in one sentence.' }) sentence!: string;
  @ApiText({ nullable: true, description: 'What to do about it, where it failed.' }) remedy!: string | null;
  @ApiInteger({ nullable: true }) ms!: number | null;
}

const STATES = ['never', 'running', 'passed', 'failed', 'interrupted'] as const;
/** The last time that somebody had it tried whether all that needs the data-provider works. */
export class TierVerification {
  @ApiWord('TierVerificationState', STATES) state!: (typeof STATES)[number];
  @ApiWord('Tier', ['tier1', 'tier2', 'tier3']) tier!: 'tier1' | 'tier2' | 'tier3';
  @ApiText() cloudUrl!: string;
  @ApiInstant({ nullable: true }) startedAt!: string | null;
  @ApiInstant({ nullable: true }) finishedAt!: string | null;
  @ApiList(() => TierStep) steps!: TierStep[];
}
