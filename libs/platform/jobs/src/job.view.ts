import type { Progress } from './define-job.js';

/** A row of `job`, as read. */
export interface JobRow {
  id: string;
  name: string;
  key: string | null;
  user_id: string | null;
  title: string;
  payload: object;
  subject_id: string | null;
  state: 'waiting' | 'queued' | 'active' | 'completed' | 'failed' | 'cancelled';
  attempts: number;
  /** Attempts that ended since the other side asked to come back later; they do not count against it. */
  waits: number;
  progress: Progress | null;
  error: { code: string; detail: string } | null;
  cancellable: boolean;
  cancel_wanted: boolean;
  created_at: Date;
  started_at: Date | null;
  finished_at: Date | null;
  /** Of the trace in which it was asked for; null where that was not traced. */
  traceparent: string | null;
}

export const JOB_COLUMNS =
  'id, name, key, user_id, title, payload, subject_id, state, attempts, waits, progress, error, cancellable, cancel_wanted, created_at, started_at, finished_at, traceparent';

/** What a person sees of a job. */
export interface JobView {
  id: string;
  name: string;
  title: string;
  state: 'waiting' | 'active' | 'completed' | 'failed' | 'cancelled';
  progress: Progress | null;
  createdAt: string;
  startedAt: string | null;
  finishedAt: string | null;
  attempts: number;
  error: { code: string; detail: string } | null;
  canRetry: boolean;
  canCancel: boolean;
  subjectId: string | null;
}

export function viewOf(row: JobRow): JobView {
  const open = row.state === 'waiting' || row.state === 'queued' || row.state === 'active';
  return {
    id: row.id,
    name: row.name,
    title: row.title,
    state: row.state === 'queued' ? 'waiting' : row.state,
    progress: row.progress,
    createdAt: row.created_at.toISOString(),
    startedAt: row.started_at?.toISOString() ?? null,
    finishedAt: row.finished_at?.toISOString() ?? null,
    attempts: row.attempts,
    error: row.error,
    canRetry: row.state === 'failed' || row.state === 'cancelled',
    canCancel: open && row.cancellable && !row.cancel_wanted,
    subjectId: row.subject_id,
  };
}
