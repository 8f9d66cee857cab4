import { type Db, rowOf, rowsOf } from '@scani/database';
import type { Progress } from './define-job.js';
import { JOB_COLUMNS, type JobRow } from './job.view.js';

/** A run whose worker has not been heard of for this long is taken over. Beats come every third of it. */
export const LOST_AFTER_MS = 15_000;

const lost = `beat_at < now() - interval '${LOST_AFTER_MS} milliseconds'`;

/** The state of jobs as Postgres has it: the truth that outlives Redis and every worker. */
export const jobRecords = {
  /** Takes due rows for the relay and marks them queued, which is committed before they go on the queue. */
  due(db: Db, names: readonly string[], limit: number): Promise<JobRow[]> {
    return rowsOf<JobRow>(
      db,
      `update job set state = 'queued', beat_at = now()
       where id in (select id from job where state = 'waiting' and run_after <= now() and name = any($2)
                    order by run_after, id limit $1 for update skip locked)
       returning ${JOB_COLUMNS}`,
      [limit, names],
    );
  },

  /**
   * Starts one run. Undefined when the row is not to be run any more; `busy` when another run has its key.
   * The number of attempts is the fence: a run that was taken over can change nothing.
   */
  async claim(db: Db, id: string): Promise<JobRow | 'busy' | undefined> {
    try {
      return await rowOf<JobRow>(
        db,
        `update job set state = 'active', attempts = attempts + 1, beat_at = now(), error = null,
           started_at = coalesce(started_at, now())
         where id = $1 and state = 'queued' returning ${JOB_COLUMNS}`,
        [id],
      );
    } catch (error) {
      if (isKeyBusy(error)) return 'busy';
      throw error;
    }
  },

  /** Says that the run lives, with its progress where there is one. Undefined: the run has been taken over. */
  beat(db: Db, row: Pick<JobRow, 'id' | 'attempts'>, progress?: Progress): Promise<JobRow | undefined> {
    return rowOf<JobRow>(
      db,
      `update job set beat_at = now(), progress = coalesce($3, progress)
       where id = $1 and attempts = $2 and state = 'active' returning ${JOB_COLUMNS}`,
      [row.id, row.attempts, progress === undefined ? null : JSON.stringify(progress)],
    );
  },

  finish(
    db: Db,
    row: Pick<JobRow, 'id' | 'attempts'>,
    state: 'completed' | 'failed' | 'cancelled',
    error: { code: string; detail: string } | null = null,
  ): Promise<JobRow | undefined> {
    return rowOf<JobRow>(
      db,
      `update job set state = $3, error = $4, finished_at = now(), beat_at = null
       where id = $1 and attempts = $2 and state = 'active' returning ${JOB_COLUMNS}`,
      [row.id, row.attempts, state, error === null ? null : JSON.stringify(error)],
    );
  },

  /** Back to the outbox, to be tried again after the pause. Drops it when the same key already waits. */
  async again(
    db: Db,
    row: Pick<JobRow, 'id' | 'attempts'>,
    pauseMs: number,
    error: { code: string; detail: string } | null,
    why: 'failed' | 'told to wait' = 'failed',
  ): Promise<JobRow | undefined> {
    try {
      return await rowOf<JobRow>(
        db,
        `update job set state = 'waiting', run_after = now() + $3::int * interval '1 millisecond', error = $4, beat_at = null,
           waits = waits + $5
         where id = $1 and attempts = $2 and state = 'active' returning ${JOB_COLUMNS}`,
        [row.id, row.attempts, pauseMs, error === null ? null : JSON.stringify(error), why === 'told to wait' ? 1 : 0],
      );
    } catch (failure) {
      if (!isKeyBusy(failure)) throw failure;
      return jobRecords.finish(db, row, 'cancelled', { code: 'superseded', detail: 'A newer request does the same.' });
    }
  },

  /** A queued row whose key is in use waits a little. */
  async postpone(db: Db, id: string, pauseMs: number): Promise<void> {
    await db.query(
      `update job set state = 'waiting', run_after = now() + $2::int * interval '1 millisecond' where id = $1 and state = 'queued'`,
      [id, pauseMs],
    );
  },

  /** Runs whose worker is gone: ended where they may not be repeated or were to be cancelled, else asked for again. */
  async takeOver(db: Db, attemptsOf: (name: string) => number): Promise<JobRow[]> {
    const gone = await rowsOf<JobRow>(db, `select ${JOB_COLUMNS} from job where state = 'active' and ${lost}`);
    const changed: JobRow[] = [];
    for (const row of gone) {
      const after = row.cancel_wanted
        ? await jobRecords.finish(db, row, 'cancelled')
        : row.attempts - row.waits >= attemptsOf(row.name)
          ? await jobRecords.finish(db, row, 'failed', {
              code: 'worker-lost',
              detail: 'The process that did this work stopped every time it was tried.',
            })
          : await jobRecords.again(db, row, 0, null);
      if (after) changed.push(after);
    }
    return changed;
  },

  /** Rows handed to the queue long ago and not started: perhaps waiting their turn, perhaps lost with Redis. */
  queuedLongAgo(db: Db): Promise<JobRow[]> {
    return rowsOf<JobRow>(db, `select ${JOB_COLUMNS} from job where state = 'queued' and ${lost} limit 1000`);
  },
};

/** 23505 is unique_violation: another row holds this key. */
function isKeyBusy(error: unknown): boolean {
  const code = (error as { code?: string; driverError?: { code?: string } } | null)?.driverError?.code;
  return (code ?? (error as { code?: string } | null)?.code) === '23505';
}
