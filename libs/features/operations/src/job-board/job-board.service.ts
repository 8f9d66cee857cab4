import { Injectable } from '@nestjs/common';
import { rowOf, rowsOf } from '@scani/database';
import { EventPublisher, JOB_COLUMNS, type JobRow, viewOf } from '@scani/jobs';
import { Conflict, NotFound, type Page, pageOf, readCursor } from '@scani/runtime';
import { DataSource } from 'typeorm';
import { type DeadJob, type Job, JOB_STATES, shownJob } from './job-board.dto.js';

type JobState = (typeof JOB_STATES)[number];
const STORED: Record<JobState, string[]> = {
  waiting: ['waiting', 'queued'],
  active: ['active'],
  completed: ['completed'],
  failed: ['failed'],
  cancelled: ['cancelled'],
};

/** Whose jobs: one person's, or (for admins) everybody's. */
type Of = { userId: string } | 'everybody';
const idOf = (of: Of): string | null => (of === 'everybody' ? null : of.userId);

@Injectable()
export class JobBoardService {
  constructor(
    private readonly source: DataSource,
    private readonly events: EventPublisher,
  ) {}

  async list(
    userId: string,
    state: JobState | undefined,
    limit: number,
    cursor: string | undefined,
  ): Promise<Page<Job>> {
    const rows = await this.rows({ userId }, state ? STORED[state] : null, limit, cursor);
    return pageOf(rows, limit, (row) => shownJob(viewOf(row)), keyOf);
  }

  /** What failed for good, of everybody: names and reasons, never what was in it. */
  async dead(limit: number, cursor: string | undefined): Promise<Page<DeadJob>> {
    const rows = await this.rows('everybody', STORED.failed, limit, cursor);
    return pageOf(rows, limit, (row) => ({ ...shownJob(viewOf(row)), userId: row.user_id }), keyOf);
  }

  async get(userId: string, id: string): Promise<Job> {
    const row = await rowOf<JobRow>(this.source, `select ${JOB_COLUMNS} from job where id = $1 and user_id = $2`, [
      id,
      userId,
    ]);
    if (!row) throw notFound();
    return shownJob(viewOf(row));
  }

  /** Asks again for what failed or was cancelled; all its attempts are there again. */
  async retry(of: Of, id: string): Promise<Job> {
    const row = await rowOf<JobRow>(
      this.source,
      `update job set state = 'waiting', attempts = 0, waits = 0, error = null, cancel_wanted = false, finished_at = null,
         started_at = null, progress = null, run_after = now()
       where id = $1 and ($2::uuid is null or user_id = $2) and state in ('failed', 'cancelled')
         and not exists (select 1 from job as other where other.name = job.name and other.key = job.key
                         and other.state in ('waiting', 'queued'))
       returning ${JOB_COLUMNS}`,
      [id, idOf(of)],
    );
    return this.changed(
      row,
      of,
      id,
      'Only a job that failed or was cancelled, and is not waiting anew, can be retried.',
    );
  }

  async cancel(userId: string, id: string): Promise<Job> {
    const row = await rowOf<JobRow>(
      this.source,
      `update job set cancel_wanted = true,
         state = case when state = 'active' then state else 'cancelled' end,
         finished_at = case when state = 'active' then null else now() end
       where id = $1 and user_id = $2 and cancellable and state in ('waiting', 'queued', 'active')
       returning ${JOB_COLUMNS}`,
      [id, userId],
    );
    return this.changed(row, { userId }, id, 'This job cannot be cancelled any more.');
  }

  private async changed(row: JobRow | undefined, of: Of, id: string, why: string): Promise<Job> {
    if (!row) {
      const there = await rowOf(this.source, 'select 1 from job where id = $1 and ($2::uuid is null or user_id = $2)', [
        id,
        idOf(of),
      ]);
      throw there ? new Conflict('job-state', why) : notFound();
    }
    if (row.user_id) await this.events.publish(row.user_id, { type: 'job', data: shownJob(viewOf(row)) });
    return shownJob(viewOf(row));
  }

  private rows(of: Of, states: string[] | null, limit: number, cursor: string | undefined): Promise<JobRow[]> {
    const after = readCursor(cursor, 2);
    return rowsOf<JobRow>(
      this.source,
      `select ${JOB_COLUMNS} from job
       where ($1::uuid is null or user_id = $1) and ($2::text[] is null or state = any($2))
         and ($3::timestamptz is null or (${CREATED}, id) < ($3, $4::uuid))
       order by ${CREATED} desc, id desc limit $5`,
      [idOf(of), states, after?.[0] ?? null, after?.[1] ?? null, limit + 1],
    );
  }
}

/** As a cursor can tell it: what was asked for in one transaction has one time, to the microsecond. */
const CREATED = `date_trunc('milliseconds', created_at)`;

const keyOf = (row: JobRow): string[] => [row.created_at.toISOString(), row.id];
const notFound = (): NotFound => new NotFound('job-not-found', 'There is no such job.');
