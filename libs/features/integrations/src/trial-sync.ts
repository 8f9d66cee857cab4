import { Injectable } from '@nestjs/common';
import { rowOf } from '@scani/database';
import { JobQueue } from '@scani/jobs';
import { setTimeout as pause } from 'node:timers/promises';
import { DataSource } from 'typeorm';
import { syncWallet } from './sync-wallet.job.js';

const LOOK_MS = 300;

export interface Followed {
  id: string;
  chainName: string;
}

/** How a sync ended: a problem in words, or as of when everything is known. */
export type TrialEnd = { problem: string } | { syncedAt: Date };

/** A manual sync of a wallet of one person, as its button asks for it. */
@Injectable()
export class TrialSync {
  constructor(
    private readonly source: DataSource,
    private readonly jobs: JobQueue,
  ) {}

  /** The wallet on one of these chains with which it is tried: the one that was read last; undefined where there is none. */
  walletOf(userId: string, chains: readonly string[]): Promise<Followed | undefined> {
    return rowOf<Followed>(
      this.source,
      `select id, chain_name as "chainName" from wallet
       where user_id = $1 and chain = any($2) and stopped_at is null order by synced_at desc nulls last, id limit 1`,
      [userId, chains],
    );
  }

  /** Asks for it and waits until all of it has been read, at most so long. */
  async run(userId: string, { id }: Followed, patienceMs: number): Promise<TrialEnd> {
    const before = await this.look(id);
    await this.source.transaction(async (db) => {
      await db.query('update wallet set problem = null where id = $1 and user_id = $2', [id, userId]);
      await this.jobs.ask(db, syncWallet, { walletId: id, userId }, { userId });
    });
    for (const until = Date.now() + patienceMs; ; await pause(LOOK_MS)) {
      const now = await this.look(id);
      if (now.syncedAt && now.syncedAt.getTime() !== before.syncedAt?.getTime()) return { syncedAt: now.syncedAt };
      if (now.problem && now.work !== 'active') return { problem: now.problem };
      if (now.work === null) return { problem: 'The job for it was cancelled.' };
      if (Date.now() > until) return { problem: `It is still ${now.work}.` };
    }
  }

  private async look(id: string): Promise<{ syncedAt: Date | null; problem: string | null; work: string | null }> {
    const row = await rowOf<{ syncedAt: Date | null; problem: string | null; work: string | null }>(
      this.source,
      `select synced_at as "syncedAt", problem ->> 'detail' as problem,
         (select job.state from job where job.name = 'sync-wallet' and job.key = wallet.id::text
            and job.state in ('waiting', 'queued', 'active') order by job.state limit 1) as work
       from wallet where id = $1`,
      [id],
    );
    return row ?? { syncedAt: null, problem: null, work: null };
  }
}
