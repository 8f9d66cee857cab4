import { type Db, rowsOf } from '@scani/database';
import type { LoneVerdict } from '@scani/domain';
import type { JobQueue } from '@scani/jobs';
import { makeLinks, UNDECIDED_TRANSFER } from './transfer.links.js';

/** SQL for who is on the other side of a row of `transaction`, in the one spelling by which rules know it. */
export const COUNTERPARTY = 'scani_counterparty(coalesce(transaction.counterparty, transaction.description))';
export const DIRECTION = `(case when transaction.quantity < 0 then 'out' else 'in' end)`;

const BATCH = 5_000;

/** Lets the rules (or the one that is named) decide what is undecided, in the caller's transaction. Returns how many. */
export async function applyRules(db: Db, jobs: JobQueue, userId: string, ruleId: string | null): Promise<number> {
  const rows = await rowsOf<{ id: string; rule_id: string; verdict: LoneVerdict }>(
    db,
    `select transaction.id, transfer_rule.id as rule_id, transfer_rule.verdict
     from transaction join transfer_rule on transfer_rule.user_id = transaction.user_id
       and transfer_rule.direction = ${DIRECTION} and transfer_rule.counterparty = ${COUNTERPARTY}
     where transaction.user_id = $1 and ($2::uuid is null or transfer_rule.id = $2) and ${UNDECIDED_TRANSFER}`,
    [userId, ruleId],
  );
  let decided = 0;
  for (let start = 0; start < rows.length; start += BATCH) {
    const links = rows.slice(start, start + BATCH).map((row) => ({
      verdict: row.verdict,
      decidedBy: 'rule' as const,
      ruleId: row.rule_id,
      transactionIds: [row.id],
    }));
    decided += (await makeLinks(db, jobs, userId, links)).length;
  }
  return decided;
}
