import { defineJob, handle, type HandledJob } from '@scani/jobs';
import type { DataSource } from 'typeorm';
import { EGRESS_DAYS } from './egress/egress.dto.js';

/** Daily: removes what has served its purpose. */
export const cleanUp = defineJob<Record<string, never>>({ name: 'clean-up', title: 'Clean up', key: () => 'all' });

const SERVED = [
  `delete from egress where at < now() - interval '${EGRESS_DAYS} days'`,
  `delete from idempotency_key where created_at < now() - interval '1 day'`,
  `delete from sign_in_challenge where created_at < now() - interval '1 day'`,
  `delete from session where expires_at < now() or ends_at < now()`,
  `delete from job where state in ('completed', 'cancelled') and finished_at < now() - interval '30 days'`,
  `delete from chain_run where finished_at < now() - interval '90 days'`,
  `delete from job where name = 'send-sign-in-mail' and state in ('completed', 'failed') and finished_at < now() - interval '1 day'`,
];

export function cleanUpHandler(source: DataSource): HandledJob {
  return handle(cleanUp, async (_payload, context) => {
    for (const sql of SERVED) {
      await source.query(sql);
      context.signal.throwIfAborted();
    }
  });
}
