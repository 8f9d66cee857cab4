import { Injectable } from '@nestjs/common';
import { type Db, rowsOf } from '@scani/database';
import { linkTransfers as transfersAmong, type TransferPair } from '@scani/domain';
import { defineJob, EventPublisher, handle, type HandledJob, type JobContext, JobQueue } from '@scani/jobs';
import { DataSource } from 'typeorm';
import { EFFECTIVE_TRANSACTION } from '../effective.js';
import { applyRules } from './standing-rules.js';
import {
  instants,
  type LinkableEntry,
  linkableEntries,
  refusals,
  type Stretch,
  stretches,
} from './transfer.evidence.js';
import { dissolveLinks, makeLinks } from './transfer.links.js';

/** Finds the transfers of one person: links those that are beyond doubt, and lists those for a person to look at. */
export const linkTransfers = defineJob<{ userId: string }>({
  name: 'link-transfers',
  title: 'Look for transfers',
  key: ({ userId }) => userId,
  firstRetryMs: 5_000,
});

/** Nightly: looks for everybody's transfers. */
export const transferNight = defineJob<Record<string, never>>({
  name: 'transfer-night',
  title: 'Nightly transfers',
  key: () => 'all',
});

const BATCH = 2_000;
const ENTRIES_AT_ONCE = 20_000;
/** Links that are dissolved may be for a rule to decide, whereupon others may be alone; nobody has seen a third round. */
const MOST_ROUNDS = 5;

/** What follows from the evidence, the rules and what people said; run again it changes nothing more. */
@Injectable()
export class TransferJobs {
  constructor(
    private readonly source: DataSource,
    private readonly jobs: JobQueue,
    private readonly events: EventPublisher,
  ) {}

  handlers(): HandledJob[] {
    return [
      handle(linkTransfers, ({ userId }, context) => this.link(userId, context)),
      handle(transferNight, (_, { jobId }) => this.linkAll(jobId)),
    ];
  }

  /** `atOnce`: entries that are looked at together; memory grows with them, and what is found does not depend on them. */
  async link(userId: string, context?: Pick<JobContext, 'progress'>, atOnce = ENTRIES_AT_ONCE): Promise<void> {
    await this.source.transaction((db) => this.dissolveTakenBack(db, userId));
    for (let round = 0; round < MOST_ROUNDS; round += 1) {
      await this.source.transaction((db) => applyRules(db, this.jobs, userId, null));
      let dissolved = 0;
      for (const stretch of await stretches(this.source, userId, atOnce))
        dissolved += await this.linkWithin(userId, stretch, context);
      if (dissolved === 0) break;
    }
    await this.events.publish(userId, { type: 'portfolio', data: {} });
  }

  /** Of the pairs within reach those whose outflow lies within the stretch. Returns how many links were dissolved. */
  private async linkWithin(
    userId: string,
    stretch: Stretch,
    context: Pick<JobContext, 'progress'> | undefined,
  ): Promise<number> {
    const entries = await linkableEntries(this.source, userId, stretch);
    const found = transfersAmong(entries, await refusals(this.source, userId));
    const own = new Set(entries.filter(({ at }) => at >= stretch.from && at < stretch.until).map(({ id }) => id));
    const pairs = found.pairs.filter(({ outId }) => own.has(outId));
    const dissolved = await this.dissolveUnfounded(
      userId,
      entries.filter(({ id, direction }) => direction === 'out' && own.has(id)),
      new Map(entries.map((entry) => [entry.id, entry.groupId])),
      pairs,
    );
    await this.makeNew(userId, entries, pairs, context);
    const review = found.review.filter((id) => own.has(id));
    await this.source.transaction((db) => this.keepReview(db, userId, stretch, review));
    return dissolved;
  }

  private async dissolveTakenBack(db: Db, userId: string): Promise<void> {
    const rows = await rowsOf<{ id: string }>(
      db,
      `select distinct transfer_group_id as id from transaction
       where user_id = $1 and transfer_group_id is not null and not ${EFFECTIVE_TRANSACTION}`,
      [userId],
    );
    await dissolveLinks(
      db,
      this.jobs,
      userId,
      rows.map((row) => row.id),
    );
  }

  /** Pairs of earlier looks that are no longer each other's only candidates, now that there is more evidence. */
  private async dissolveUnfounded(
    userId: string,
    outflows: readonly LinkableEntry[],
    groupOf: ReadonlyMap<string, string | null>,
    pairs: readonly TransferPair[],
  ): Promise<number> {
    const founded = new Set<string>();
    for (const { outId, inId } of pairs) {
      const group = groupOf.get(outId);
      if (group && group === groupOf.get(inId)) founded.add(group);
    }
    const unfounded = [...new Set(outflows.map(({ groupId }) => groupId))].filter(
      (group) => group !== null && !founded.has(group),
    );
    for (let start = 0; start < unfounded.length; start += BATCH) {
      const groups = unfounded.slice(start, start + BATCH) as string[];
      await this.source.transaction((db) => dissolveLinks(db, this.jobs, userId, groups));
    }
    return unfounded.length;
  }

  private async makeNew(
    userId: string,
    entries: readonly LinkableEntry[],
    pairs: readonly TransferPair[],
    context: Pick<JobContext, 'progress'> | undefined,
  ): Promise<void> {
    const groupOf = new Map(entries.map((entry) => [entry.id, entry.groupId]));
    const wanted = pairs.filter(({ outId, inId }) => !groupOf.get(outId) || groupOf.get(outId) !== groupOf.get(inId));
    for (let start = 0; start < wanted.length; start += BATCH) {
      const links = wanted.slice(start, start + BATCH).map(({ outId, inId }) => ({
        verdict: 'paired' as const,
        decidedBy: 'match' as const,
        ruleId: null,
        transactionIds: [outId, inId],
      }));
      await this.source.transaction((db) => makeLinks(db, this.jobs, userId, links));
      await context?.progress({ done: start + links.length, total: wanted.length, unit: 'transfers', message: null });
    }
  }

  private async keepReview(db: Db, userId: string, stretch: Stretch, ids: readonly string[]): Promise<void> {
    await db.query(
      `delete from transfer_review where user_id = $1 and occurred_at >= $3 and occurred_at < $4
         and not exists (select 1 from unnest($2::uuid[]) as wanted (id) where wanted.id = transfer_review.transaction_id)`,
      [userId, ids, ...instants(stretch)],
    );
    await db.query(
      `insert into transfer_review (transaction_id, user_id, occurred_at, sequence)
       select transaction.id, $1, transaction.occurred_at, transaction.sequence
       from unnest($2::uuid[]) as wanted (id) join transaction on transaction.id = wanted.id
       where transaction.user_id = $1 and transaction.transfer_group_id is null
       on conflict do nothing`,
      [userId, ids],
    );
  }

  private async linkAll(partOf: string): Promise<void> {
    for (const row of await rowsOf<{ user_id: string }>(this.source, 'select distinct user_id from holding')) {
      await this.jobs.ask(this.source, linkTransfers, { userId: row.user_id }, { userId: row.user_id, partOf });
    }
  }
}
