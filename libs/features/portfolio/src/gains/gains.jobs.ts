import type { Db } from '@scani/database';
import { defineJob, EventPublisher, handle, type HandledJob, JobQueue } from '@scani/jobs';
import type { GainsBuilder } from './gains.builder.js';

/** Works out the gains of one person in all bases. */
export const rebuildGains = defineJob<{ userId: string }>({
  name: 'rebuild-gains',
  title: 'Update gains',
  key: ({ userId }) => userId,
  firstRetryMs: 5_000,
});

/** Marks what is stored as out of date, and asks for it to be worked out; joins the caller's transaction. */
export async function wantGains(db: Db, jobs: JobQueue, userId: string, partOf?: string): Promise<void> {
  await db.query('update gains_state set wanted_at = now() where user_id = $1', [userId]);
  await jobs.ask(db, rebuildGains, { userId }, partOf ? { partOf } : {});
}

export class GainsJobs {
  constructor(
    private readonly builder: GainsBuilder,
    private readonly events: EventPublisher,
  ) {}

  handlers(): HandledJob[] {
    return [handle(rebuildGains, ({ userId }) => this.rebuild(userId))];
  }

  private async rebuild(userId: string): Promise<void> {
    for (const base of await this.builder.basesOf(userId)) await this.builder.build(userId, base);
    await this.events.publish(userId, { type: 'portfolio', data: {} });
  }
}
