import { Injectable } from '@nestjs/common';
import { type Db, rowOf, rowsOf } from '@scani/database';
import type { LoneVerdict } from '@scani/domain';
import { JobQueue } from '@scani/jobs';
import { Conflict, Invalid, NotFound } from '@scani/runtime';
import { randomUUIDv7 } from 'node:crypto';
import { DataSource } from 'typeorm';
import { linkTransfers } from './link-transfers.job.js';
import { applyRules } from './standing-rules.js';
import { dissolveLinks } from './transfer.links.js';
import type { CreateTransferRule, Direction, TransferRule } from './transfers.dto.js';

interface RuleRow {
  id: string;
  counterparty: string;
  direction: Direction;
  verdict: LoneVerdict;
  created_at: Date;
  decided: number;
}

const COLUMNS = `id, counterparty, direction, verdict, created_at,
  (select count(*)::int from transfer_group where transfer_group.rule_id = transfer_rule.id) as decided`;
const MOST_RULES = 500;

/** What people say of counterparties, once and for all. */
@Injectable()
export class TransferRulesService {
  constructor(
    private readonly source: DataSource,
    private readonly jobs: JobQueue,
  ) {}

  async list(userId: string): Promise<TransferRule[]> {
    const rows = await rowsOf<RuleRow>(
      this.source,
      `select ${COLUMNS} from transfer_rule where user_id = $1 order by counterparty, direction limit ${MOST_RULES}`,
      [userId],
    );
    return rows.map(shown);
  }

  /** Decides what is undecided at once; what comes later is decided when transfers are looked for. */
  async create(userId: string, { counterparty, direction, verdict }: CreateTransferRule): Promise<TransferRule> {
    return this.source.transaction(async (db) => {
      const id = randomUUIDv7();
      const made = await rowOf<{ counterparty: string }>(
        db,
        `insert into transfer_rule (id, user_id, counterparty, direction, verdict)
         select $1, $2, name, $4, $5 from scani_counterparty($3) as name
         where name <> '' and (select count(*) from transfer_rule where user_id = $2) < ${MOST_RULES}
         on conflict (user_id, counterparty, direction) do nothing returning counterparty`,
        [id, userId, counterparty, direction, verdict],
      );
      if (!made) throw await this.whyNot(db, userId, counterparty, direction);
      await applyRules(db, this.jobs, userId, id);
      await this.jobs.ask(db, linkTransfers, { userId }, { userId });
      const row = await rowOf<RuleRow>(db, `select ${COLUMNS} from transfer_rule where id = $1 and user_id = $2`, [
        id,
        userId,
      ]);
      return shown(row as RuleRow);
    });
  }

  /** Undoes what it decided. */
  async remove(userId: string, id: string): Promise<void> {
    await this.source.transaction(async (db) => {
      const row = await rowOf(db, 'select 1 from transfer_rule where id = $1 and user_id = $2 for update', [
        id,
        userId,
      ]);
      if (!row) throw new NotFound('transfer-rule-not-found', 'There is no such rule.');
      const groups = await rowsOf<{ id: string }>(
        db,
        'select id from transfer_group where user_id = $1 and rule_id = $2',
        [userId, id],
      );
      await dissolveLinks(
        db,
        this.jobs,
        userId,
        groups.map((group) => group.id),
      );
      await db.query('delete from transfer_rule where id = $1 and user_id = $2', [id, userId]);
      await this.jobs.ask(db, linkTransfers, { userId }, { userId });
    });
  }

  private async whyNot(db: Db, userId: string, counterparty: string, direction: Direction): Promise<Error> {
    const row = await rowOf<{ name: string; taken: boolean }>(
      db,
      `select name, exists (select 1 from transfer_rule
         where user_id = $1 and direction = $3 and transfer_rule.counterparty = name) as taken
       from scani_counterparty($2) as name`,
      [userId, counterparty, direction],
    );
    if (row?.name === '') {
      return new Invalid('no-counterparty', 'A rule needs a counterparty to know entries by.', [
        { pointer: '/counterparty', detail: 'must not be empty' },
      ]);
    }
    return row?.taken
      ? new Conflict('rule-exists', 'You have a rule for this counterparty already. Delete it to make another.')
      : new Conflict('too-many-rules', `There is room for ${MOST_RULES} rules. Delete one that you no longer need.`);
  }
}

const shown = (row: RuleRow): TransferRule => ({
  id: row.id,
  counterparty: row.counterparty,
  direction: row.direction,
  verdict: row.verdict,
  createdAt: row.created_at.toISOString(),
  decided: row.decided,
});
