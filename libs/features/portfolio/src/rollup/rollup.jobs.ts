import { rowsOf } from '@scani/database';
import { defineJob, EventPublisher, handle, type HandledJob, JobQueue } from '@scani/jobs';
import { ledgerChanged } from '@scani/ledger';
import { ownPricesChanged, pricesChanged } from '@scani/market';
import { DataSource } from 'typeorm';
import { wantGains } from '../gains/gains.jobs.js';
import type { RollupBuilder } from './rollup.builder.js';

/** Rebuilds all bases of one person. */
export const rebuildRollup = defineJob<{ userId: string }>({
  name: 'rebuild-rollup',
  title: 'Update charts',
  key: ({ userId }) => userId,
  firstRetryMs: 5_000,
});

/** Nightly: everybody's rollup gets its new day. */
export const rollupNight = defineJob<Record<string, never>>({
  name: 'rollup-night',
  title: 'Nightly charts',
  key: () => 'all',
});

export class RollupJobs {
  constructor(
    private readonly source: DataSource,
    private readonly builder: RollupBuilder,
    private readonly events: EventPublisher,
    private readonly jobs: JobQueue,
  ) {}

  handlers(): HandledJob[] {
    return [
      handle(rebuildRollup, ({ userId }) => this.rebuild(userId)),
      handle(ledgerChanged, ({ userId }) => this.want(userId)),
      handle(ownPricesChanged, ({ userId }) => this.want(userId)),
      handle(pricesChanged, ({ assetIds, past }) => this.pricesChanged(assetIds, past)),
      handle(rollupNight, () => this.wantAll()),
    ];
  }

  private async rebuild(userId: string): Promise<void> {
    for (const base of await this.builder.basesOf(userId)) await this.builder.build(userId, base);
    await this.events.publish(userId, { type: 'portfolio', data: {} });
  }

  private async want(userId: string): Promise<void> {
    await this.source.transaction(async (db) => {
      await db.query('update rollup_state set wanted_at = now() where user_id = $1', [userId]);
      await this.jobs.ask(db, rebuildRollup, { userId });
      await wantGains(db, this.jobs, userId);
    });
    await this.events.publish(userId, { type: 'portfolio', data: {} });
  }

  /** A currency is behind every figure of everybody; other assets matter to those who hold them. */
  private async pricesChanged(assetIds: readonly string[], past: boolean): Promise<void> {
    const users = await rowsOf<{ user_id: string }>(
      this.source,
      `select distinct user_id from holding
       where asset_id = any($1) or exists (select 1 from asset where kind = 'fiat' and id = any($1))`,
      [assetIds],
    );
    for (const { user_id: userId } of users) {
      if (past) await this.want(userId);
      else await this.events.publish(userId, { type: 'portfolio', data: {} });
    }
  }

  private async wantAll(): Promise<void> {
    for (const row of await rowsOf<{ user_id: string }>(this.source, 'select distinct user_id from holding')) {
      await this.want(row.user_id);
    }
  }
}
