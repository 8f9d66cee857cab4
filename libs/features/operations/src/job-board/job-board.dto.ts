import type { JobView } from '@scani/jobs';
import { ApiFlag, ApiId, ApiInstant, ApiInteger, ApiPart, ApiText, ApiWord, PageOf, PageQuery } from '@scani/runtime';
import { IsIn, IsOptional } from 'class-validator';

export const JOB_STATES = ['waiting', 'active', 'completed', 'failed', 'cancelled'] as const;

export class Progress {
  @ApiInteger() done!: number;
  @ApiInteger({ nullable: true }) total!: number | null;
  @ApiText() unit!: string;
  @ApiText({ nullable: true }) message!: string | null;
}
export class Failure {
  @ApiText() code!: string;
  @ApiText() detail!: string;
}

/** Work that runs, ran, or waits to. */
export class Job {
  @ApiId() id!: string;
  @ApiText() name!: string;
  @ApiText() title!: string;
  @ApiWord('JobState', JOB_STATES) state!: (typeof JOB_STATES)[number];
  @ApiPart(() => Progress, { nullable: true }) progress!: Progress | null;
  @ApiInstant() createdAt!: string;
  @ApiInstant({ nullable: true }) startedAt!: string | null;
  @ApiInstant({ nullable: true }) finishedAt!: string | null;
  @ApiInteger() attempts!: number;
  @ApiPart(() => Failure, { nullable: true }) error!: Failure | null;
  @ApiFlag() canRetry!: boolean;
  @ApiFlag() canCancel!: boolean;
  @ApiId({ nullable: true, description: 'The import that it works on.' }) importId!: string | null;
}
export class JobPage extends PageOf(Job) {}

export class DeadJob extends Job {
  @ApiId({ nullable: true }) userId!: string | null;
}
export class DeadJobPage extends PageOf(DeadJob) {}

export class JobQuery extends PageQuery {
  @ApiWord('JobState', JOB_STATES, { required: false })
  @IsOptional()
  @IsIn(JOB_STATES)
  state?: (typeof JOB_STATES)[number];
}

export function shownJob({ subjectId, ...view }: JobView): Job {
  return { ...view, importId: subjectId };
}
