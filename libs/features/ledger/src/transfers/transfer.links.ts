import { type Db, rowsOf } from '@scani/database';
import type { TransferVerdict } from '@scani/domain';
import type { JobQueue } from '@scani/jobs';
import { randomUUIDv7 } from 'node:crypto';
import { EFFECTIVE_TRANSACTION } from '../effective.js';
import { ledgerChanged } from '../ledger.news.js';

/** SQL for a row of `transaction` that may be a side of a transfer and of which nothing has been said. */
export const UNDECIDED_TRANSFER = `(transaction.transfer_group_id is null
  and transaction.kind in ('withdraw', 'deposit', 'transfer-in', 'transfer-out')
  and transaction.quantity <> 0 and ${EFFECTIVE_TRANSACTION})`;

export interface NewLink {
  verdict: TransferVerdict;
  decidedBy: 'match' | 'user' | 'rule';
  ruleId: string | null;
  transactionIds: readonly string[];
}

/**
 * Writes these links in the caller's transaction. The entries are locked, in one order for everybody; a link of which an
 * entry is decided by then, or taken back, or whose sides a person has taken apart, is not made. Returns those made.
 * Which figures have to follow is noted by the database whenever a link changes.
 */
export async function makeLinks(
  db: Db,
  jobs: JobQueue,
  userId: string,
  wanted: readonly NewLink[],
): Promise<(NewLink & { id: string })[]> {
  const free = await lockUndecided(
    db,
    userId,
    wanted.flatMap((link) => link.transactionIds),
  );
  const refused = await refusedAmong(db, userId, wanted);
  const made = wanted
    .filter((link) => link.transactionIds.every((id) => free.has(id)))
    .filter((link) => link.decidedBy !== 'match' || !refused.has(link.transactionIds.join(' ')))
    .map((link) => ({ ...link, id: randomUUIDv7() }));
  if (made.length === 0) return [];
  await db.query(
    // A millisecond apart, in the order in which they are given, so that lists of them have an order too.
    `insert into transfer_group (id, user_id, verdict, decided_by, rule_id, created_at)
     select given.id, $1, given.verdict, given.decided_by, given.rule_id,
       date_trunc('milliseconds', now()) - (cardinality($2) - given.line) * interval '1 millisecond'
     from unnest($2::uuid[], $3::text[], $4::text[], $5::uuid[]) with ordinality
       as given (id, verdict, decided_by, rule_id, line)`,
    [
      userId,
      made.map((link) => link.id),
      made.map((link) => link.verdict),
      made.map((link) => link.decidedBy),
      made.map((link) => link.ruleId),
    ],
  );
  const members = made.flatMap((link) => link.transactionIds.map((id) => [id, link.id] as const));
  const ids = members.map(([id]) => id);
  await db.query(
    `update transaction set transfer_group_id = given.group_id
     from unnest($2::uuid[], $3::uuid[]) as given (id, group_id)
     where transaction.id = given.id and transaction.user_id = $1`,
    [userId, ids, members.map(([, group]) => group)],
  );
  await db.query('delete from transfer_review where user_id = $1 and transaction_id = any($2)', [userId, ids]);
  await jobs.ask(db, ledgerChanged, { userId });
  return made;
}

/** Dissolves these groups in the caller's transaction; what is not this person's is left alone. */
export async function dissolveLinks(
  db: Db,
  jobs: JobQueue,
  userId: string,
  groupIds: readonly string[],
): Promise<void> {
  if (groupIds.length === 0) return;
  const found = await rowsOf<{ id: string }>(
    db,
    'select id from transfer_group where user_id = $1 and id = any($2) order by id for update',
    [userId, groupIds],
  );
  const ids = found.map((row) => row.id);
  if (ids.length === 0) return;
  await db.query('update transaction set transfer_group_id = null where user_id = $1 and transfer_group_id = any($2)', [
    userId,
    ids,
  ]);
  await db.query('delete from transfer_group where user_id = $1 and id = any($2)', [userId, ids]);
  await jobs.ask(db, ledgerChanged, { userId });
}

async function lockUndecided(db: Db, userId: string, ids: readonly string[]): Promise<Set<string>> {
  const rows = await rowsOf<{ id: string }>(
    db,
    `select transaction.id from transaction
     where transaction.user_id = $1 and transaction.id = any($2) and ${UNDECIDED_TRANSFER}
     order by transaction.id for no key update`,
    [userId, ids],
  );
  return new Set(rows.map((row) => row.id));
}

/** Read after the lock: whoever took two entries apart has written it by then. */
async function refusedAmong(db: Db, userId: string, wanted: readonly NewLink[]): Promise<Set<string>> {
  const matched = wanted.filter((link) => link.decidedBy === 'match');
  if (matched.length === 0) return new Set();
  const rows = await rowsOf<{ out_id: string; in_id: string }>(
    db,
    'select out_id, in_id from transfer_refusal where user_id = $1 and out_id = any($2)',
    [userId, matched.map((link) => link.transactionIds[0])],
  );
  return new Set(rows.map((row) => `${row.out_id} ${row.in_id}`));
}
