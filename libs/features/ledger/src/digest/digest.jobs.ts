import { Injectable } from '@nestjs/common';
import { rowsOf } from '@scani/database';
import { defineJob, handle, type HandledJob, type JobContext } from '@scani/jobs';
import { DataSource } from 'typeorm';
import { DigestQueries } from './digest.queries.js';

/** Nightly: what everybody's ledger comes to, so that a later look can tell whether it still does. */
export const digestLedger = defineJob<Record<string, never>>({
  name: 'digest-ledger',
  title: 'Ledger digests',
  key: () => 'all',
  timeoutMs: 3_600_000,
});

@Injectable()
export class DigestJobs {
  constructor(
    private readonly source: DataSource,
    private readonly digests: DigestQueries,
  ) {}

  handlers(): HandledJob[] {
    return [handle(digestLedger, (_, context) => this.takeAll(context))];
  }

  /** One account after the other, each held only for its own. */
  private async takeAll(context: JobContext): Promise<void> {
    let after = '00000000-0000-0000-0000-000000000000';
    for (;;) {
      const accounts = await rowsOf<{ id: string; user_id: string }>(
        this.source,
        'select id, user_id from account where id > $1 order by id limit 100',
        [after],
      );
      for (const { id, user_id: userId } of accounts) {
        context.signal.throwIfAborted();
        await this.source.transaction((db) => this.digests.take(db, userId, id));
      }
      const last = accounts.at(-1);
      if (!last) return;
      after = last.id;
    }
  }
}
