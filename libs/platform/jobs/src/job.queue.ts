import { Injectable } from '@nestjs/common';
import { type Db, rowOf } from '@scani/database';
import { traceparent } from '@scani/runtime';
import { randomUUIDv7 } from 'node:crypto';
import type { JobDefinition } from './define-job.js';

export interface Ask {
  /** For whom the work is; they see it in their list. */
  userId?: string;
  /** What the work is about, for links: an import, a connection. */
  subjectId?: string;
  delayMs?: number;
  /** The job of which this one is a part: a chain goes on when all parts of a step have ended. */
  partOf?: string;
}

/**
 * Asks for work by a row in the caller's own transaction: a rolled-back request leaves no job behind, and a lost
 * Redis loses none. A waiting job with the same key is that job, at the sooner of both times, and its id is returned.
 */
@Injectable()
export class JobQueue {
  async ask<P extends object>(db: Db, job: JobDefinition<P>, payload: P, ask: Ask = {}): Promise<string> {
    const key = job.key?.(payload) ?? null;
    const row = await rowOf<{ id: string }>(
      db,
      `insert into job (id, name, key, user_id, title, payload, subject_id, run_after, cancellable, traceparent)
       values ($1, $2, $3, $4, $5, $6, $7, now() + $8::int * interval '1 millisecond', $9, $10)
       on conflict (name, key) where key is not null and state in ('waiting', 'queued')
         do update set payload = excluded.payload,
           run_after = case when job.attempts = 0 then least(job.run_after, excluded.run_after) else job.run_after end
       returning id`,
      [
        randomUUIDv7(),
        job.name,
        key,
        ask.userId ?? null,
        job.title,
        JSON.stringify(payload),
        ask.subjectId ?? null,
        ask.delayMs ?? 0,
        job.cancellable,
        traceparent() ?? null,
      ],
    );
    if (!row) throw new Error(`asking for ${job.name} returned no row`);
    if (ask.partOf) {
      await db.query('insert into job_part (whole_id, part_id) values ($1, $2) on conflict do nothing', [
        ask.partOf,
        row.id,
      ]);
    }
    return row.id;
  }
}
