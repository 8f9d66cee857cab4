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

  /** Asks for it and waits until it has been read, at most so long. */
  async run(userId: string, { id }: Followed, patienceMs: number): Promise<TrialEnd> {
    const jobId = await this.source.transaction(async (db) => {
      await db.query('update wallet set problem = null where id = $1 and user_id = $2', [id, userId]);
      return this.jobs.ask(db, syncWallet, { walletId: id, userId }, { userId });
    });
    for (const until = Date.now() + patienceMs; ; await pause(LOOK_MS)) {
      const { state, syncedAt, problem } = await this.look(id, jobId);
      if (state === 'completed' && syncedAt) return { syncedAt };
      if (problem && state !== 'active') return { problem };
      if (state === 'failed' || state === 'cancelled') return { problem: `The job for it is ${state}.` };
      if (Date.now() > until) return { problem: `It is still ${state === 'active' ? 'being read' : 'waiting'}.` };
    }
  }

  private async look(id: string, jobId: string): Promise<Look> {
    const row = await rowOf<Look>(
      this.source,
      `select synced_at as "syncedAt", wallet.problem ->> 'detail' as problem, job.state
       from wallet, job where wallet.id = $1 and job.id = $2`,
      [id, jobId],
    );
    return row ?? { syncedAt: null, problem: null, state: 'cancelled' };
  }
}

interface Look {
  syncedAt: Date | null;
  problem: string | null;
  state: string;
}
