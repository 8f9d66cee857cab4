import type { Db } from '@scani/database';
import type { Day } from '@scani/money';
import { EFFECTIVE_OBSERVATION } from './effective.js';

/** What derived figures have to follow: of a holding (of all when null), from a day on (from the beginning when null). */
export interface EvidenceChange {
  holdingId: string | null;
  fromDay: Day | null;
}

/** New rows of the ledger, or rows that take others back. */
export interface NewEvidence {
  holdingId: string;
  at: Date;
}

/**
 * Notes that figures of this person are no longer what the evidence says. Written in the transaction of the change, so
 * that neither exists without the other; whoever works the figures out takes the rows away.
 */
export async function noteChanges(db: Db, userId: string, changes: readonly EvidenceChange[]): Promise<void> {
  if (changes.length === 0) return;
  await db.query(
    `insert into evidence_change (user_id, holding_id, from_day)
     select $1, given.holding_id, given.from_day from unnest($2::uuid[], $3::date[]) as given (holding_id, from_day)`,
    [userId, changes.map((change) => change.holdingId), changes.map((change) => change.fromDay)],
  );
}

/**
 * Notes what recorded evidence moves; to be called after it was written. Balances are walked back from what was seen
 * later and drift is spread since what was seen before, so a row reaches back to the last balance seen before it; to
 * the beginning (the opening balance) where none was; and no further than its own day where none was seen since.
 */
export async function noteEvidence(db: Db, userId: string, evidence: readonly NewEvidence[]): Promise<void> {
  const first = new Map<string, number>();
  for (const { holdingId, at } of evidence) {
    first.set(holdingId, Math.min(first.get(holdingId) ?? Infinity, at.getTime()));
  }
  if (first.size === 0) return;
  await db.query(
    `insert into evidence_change (user_id, holding_id, from_day)
     select $1, given.holding_id, (case
         when not exists (select 1 from observation where holding_id = given.holding_id and at >= given.at) then given.at
         else (select max(observation.at) from observation
               where holding_id = given.holding_id and at < given.at and ${EFFECTIVE_OBSERVATION})
       end at time zone 'utc')::date
     from unnest($2::uuid[], $3::timestamptz[]) as given (holding_id, at)`,
    [userId, [...first.keys()], [...first.values()].map((at) => new Date(at))],
  );
}
