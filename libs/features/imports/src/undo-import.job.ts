import { Injectable } from '@nestjs/common';
import { type Db, rowOf, rowsOf } from '@scani/database';
import { defineJob, EventPublisher, type JobContext } from '@scani/jobs';
import { CorrectionsService, EFFECTIVE_OBSERVATION, EFFECTIVE_TRANSACTION } from '@scani/ledger';
import { DataSource } from 'typeorm';
import type { Closing } from './formats/statement.js';
import { closingId } from './record-import.job.js';

/** Takes an import back: every row that it brought gets its counter-entry. */
export const undoImport = defineJob<{ importId: string; userId: string }>({
  name: 'undo-import',
  title: 'Take an import back',
  key: ({ importId }) => importId,
  firstRetryMs: 5_000,
  timeoutMs: 1_800_000,
});

const BATCH = 1_000;

interface Undone {
  account_id: string;
  closing: Closing[];
}

/**
 * Leaves what the other imports of the account say: a row that one of them has as well stays, whichever brought it.
 * Rows of former undone imports that stayed for the sake of this one go now.
 */
@Injectable()
export class UndoImport {
  constructor(
    private readonly source: DataSource,
    private readonly corrections: CorrectionsService,
    private readonly events: EventPublisher,
  ) {}

  async run({ importId, userId }: { importId: string; userId: string }, context: JobContext): Promise<void> {
    const undone = await rowOf<Undone>(
      this.source,
      `select account_id, closing from import where id = $1 and user_id = $2 and state = 'undoing'`,
      [importId, userId],
    );
    if (!undone) return;
    const ids = await this.ownRows(importId, userId, undone.account_id);
    for (let done = 0; done < ids.length; done += BATCH) {
      const batch = ids.slice(done, done + BATCH);
      await this.source.transaction((db) => this.corrections.reverse(db, userId, batch));
      await context.progress({ done: done + batch.length, total: ids.length, unit: 'rows', message: null });
    }
    await this.source.transaction(async (db) => {
      await this.retractClosings(db, importId, userId, undone);
      await db.query(`update import set state = 'undone', error = null where id = $1 and user_id = $2`, [
        importId,
        userId,
      ]);
    });
    await this.events.publish(userId, { type: 'import', data: { id: importId, state: 'undone' } });
  }

  private async ownRows(importId: string, userId: string, accountId: string): Promise<string[]> {
    const rows = await rowsOf<{ id: string }>(
      this.source,
      `select transaction.id from transaction
       join holding on holding.id = transaction.holding_id
       join import as bringer on bringer.id = transaction.import_id
       where transaction.user_id = $2 and holding.account_id = $3 and ${EFFECTIVE_TRANSACTION}
         and (bringer.id = $1
              or (bringer.state = 'undone' and transaction.external_id in (
                    select external_id from import_row where import_id = $1 and state = 'known')))
         and transaction.external_id not in (
           select import_row.external_id from import_row join import on import.id = import_row.import_id
           where import.account_id = $3 and import.id <> $1 and import.state in ('recording', 'recorded')
             and import_row.state = 'known' and import_row.external_id is not null)
       order by transaction.sequence`,
      [importId, userId, accountId],
    );
    return rows.map((row) => row.id);
  }

  private async retractClosings(db: Db, importId: string, userId: string, undone: Undone): Promise<void> {
    const others = await rowsOf<{ closing: Closing[] }>(
      db,
      `select closing from import
       where account_id = $2 and user_id = $3 and id <> $1 and state in ('recording', 'recorded')`,
      [importId, undone.account_id, userId],
    );
    const kept = new Set(others.flatMap(({ closing }) => closing.map(keyOf)));
    const ids = undone.closing.filter((closing) => !kept.has(keyOf(closing))).map(closingId);
    const seen = await rowsOf<{ id: string }>(
      db,
      `select observation.id from observation
       join holding on holding.id = observation.holding_id
       join import as bringer on bringer.id = observation.import_id
       where observation.user_id = $3 and holding.account_id = $4 and (bringer.id = $1 or bringer.state = 'undone')
         and split_part(observation.external_id, '#', 1) = any($2) and ${EFFECTIVE_OBSERVATION}`,
      [importId, ids, userId, undone.account_id],
    );
    await this.corrections.retract(
      db,
      userId,
      seen.map((row) => row.id),
    );
  }
}

const keyOf = (closing: Closing): string => `${closing.assetId ?? closing.currency} ${closingId(closing)}`;
