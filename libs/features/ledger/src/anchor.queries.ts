import { Injectable } from '@nestjs/common';
import { type Db, rowsOf } from '@scani/database';
import type { Anchors, Sighting } from '@scani/domain';
import { decimal } from '@scani/money';
import { observationKnownAt, transactionKnownAt } from './effective.js';

interface AnchorRow {
  id: string;
  liability: boolean;
  before_at: Date | null;
  before_balance: string | null;
  before_source: string | null;
  after_at: Date | null;
  after_balance: string | null;
  after_source: string | null;
  since: string;
  until: string;
  first_row_at: Date | null;
  first_seen_at: Date | null;
}

/** The anchors of one holding, with who saw the balances. */
export interface HoldingAnchors extends Anchors {
  beforeSource: string | null;
  afterSource: string | null;
}

const sighting = (at: Date | null, balance: string | null): Sighting | undefined =>
  at === null || balance === null ? undefined : { at: at.getTime(), balance: decimal(balance) };

/** What decides balances at one instant, added up by the database. */
@Injectable()
export class AnchorQueries {
  /**
   * Per holding (all when left out), as it is known now or as it was known at an earlier instant. Holdings of which
   * nothing was known then are absent.
   */
  async at(
    db: Db,
    userId: string,
    instant: Date,
    knownAt: Date | null,
    holdingIds: readonly string[] | null = null,
  ): Promise<Map<string, HoldingAnchors>> {
    const seen = `from observation where observation.holding_id = holding.id and ${observationKnownAt('$3')}`;
    const rows = await rowsOf<AnchorRow>(
      db,
      `select holding.id, account.kind = 'liability' as liability,
         before.at as before_at, before.balance as before_balance, before.source as before_source,
         later.at as after_at, later.balance as after_balance, later.source as after_source,
         coalesce(moved.since, 0) as since, coalesce(moved.until, 0) as until,
         moved.first_at as first_row_at, (select min(at) ${seen}) as first_seen_at
       from holding
       join account on account.id = holding.account_id
       left join lateral (select at, balance, source ${seen} and at < $2
                          order by at desc, recorded_at desc, id desc limit 1) as before on true
       left join lateral (select at, balance, source ${seen} and at >= $2
                          order by at, recorded_at desc, id desc limit 1) as later on true
       left join lateral (
         select min(occurred_at) as first_at,
           sum(quantity) filter (where occurred_at <= $2 and (before.at is null or occurred_at > before.at)) as since,
           sum(quantity) filter (where occurred_at > $2 and occurred_at <= later.at) as until
         from transaction where transaction.holding_id = holding.id and kind <> 'opening-balance'
           and ${transactionKnownAt('$3')}) as moved on true
       where holding.user_id = $1 and ($4::uuid[] is null or holding.id = any($4))`,
      [userId, instant, knownAt, holdingIds],
    );
    return new Map(
      rows.flatMap((row) => {
        const starts = [row.first_row_at, row.first_seen_at].flatMap((at) => at?.getTime() ?? []);
        if (starts.length === 0) return [];
        const anchors: HoldingAnchors = {
          before: sighting(row.before_at, row.before_balance),
          after: sighting(row.after_at, row.after_balance),
          since: decimal(row.since),
          until: decimal(row.until),
          start: Math.min(...starts),
          liability: row.liability,
          beforeSource: row.before_source,
          afterSource: row.after_source,
        };
        return [[row.id, anchors] as const];
      }),
    );
  }
}
