import { type Db, rowsOf } from '@scani/database';
import { defineJob, EventPublisher, handle, type HandledJob, JobQueue } from '@scani/jobs';
import { ledgerChanged } from '@scani/ledger';
import { ownPricesChanged, pricesChanged } from '@scani/market';
import type { Day } from '@scani/money';
import { DataSource } from 'typeorm';
import { wantGains } from '../gains/gains.jobs.js';
import type { RollupBuilder } from './rollup.builder.js';

/** Follows what changed, in all bases of one person. */
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
      handle(pricesChanged, ({ assetIds, from }) => this.pricesChanged(assetIds, from)),
      handle(rollupNight, (_, { jobId }) => this.wantAll(jobId)),
    ];
  }

  private async rebuild(userId: string): Promise<void> {
    await this.builder.follow(userId);
    await this.events.publish(userId, { type: 'portfolio', data: {} });
  }

  private async want(userId: string, partOf?: string): Promise<void> {
    await this.source.transaction((db) => this.ask(db, userId, partOf));
    await this.events.publish(userId, { type: 'portfolio', data: {} });
  }

  private async ask(db: Db, userId: string, partOf?: string): Promise<void> {
    await this.jobs.ask(db, rebuildRollup, { userId }, partOf ? { partOf } : {});
    await wantGains(db, this.jobs, userId, partOf);
  }

  private async pricesChanged(assetIds: readonly string[], from: Day | null): Promise<void> {
    const users = await this.source.transaction(async (db) => {
      const concerned = await concernedBy(db, assetIds);
      if (from !== null) await notePrices(db, assetIds, from);
      for (const userId of concerned) {
        // Prices of now move the day that is not over: what rates made of it, and what its flows are worth.
        if (from === null) await this.jobs.ask(db, rebuildRollup, { userId });
        else await this.ask(db, userId);
      }
      return concerned;
    });
    for (const userId of users) await this.events.publish(userId, { type: 'portfolio', data: {} });
  }

  private async wantAll(jobId: string): Promise<void> {
    for (const row of await rowsOf<{ user_id: string }>(this.source, 'select distinct user_id from holding')) {
      await this.want(row.user_id, jobId);
    }
  }
}

/** A currency is behind every figure of everybody; other assets matter to those who hold them or paid in them. */
const BEHIND_ALL = `exists (select 1 from asset where id = any($1) and (kind = 'fiat' or symbol = 'USDT' and user_id is null))`;
const BEHIND_HOLDING = `(holding.asset_id = any($1) or exists (
  select 1 from price where price.asset_id = holding.asset_id and price.quote_asset_id = any($1)))`;
const BEHIND_MONEY = `exists (select 1 from rollup_state where rollup_state.user_id = users.id and money_assets && $1::uuid[])`;

async function concernedBy(db: Db, assetIds: readonly string[]): Promise<string[]> {
  const rows = await rowsOf<{ id: string }>(
    db,
    `select users.id from users where exists (
       select 1 from holding where holding.user_id = users.id and (${BEHIND_HOLDING} or ${BEHIND_ALL} or ${BEHIND_MONEY}))`,
    [assetIds],
  );
  return rows.map((row) => row.id);
}

/** New prices of former days move what they are behind, from the first of them on. */
async function notePrices(db: Db, assetIds: readonly string[], from: Day): Promise<void> {
  await db.query(
    `insert into evidence_change (user_id, holding_id, from_day)
     select user_id, id, $2::date from holding where ${BEHIND_HOLDING} and not ${BEHIND_ALL}
     union all
     select users.id, null, $2::date from users where ${BEHIND_ALL} or ${BEHIND_MONEY}`,
    [assetIds, from],
  );
}
