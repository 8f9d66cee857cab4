import { Injectable } from '@nestjs/common';
import { type Db, rowOf, rowsOf } from '@scani/database';
import { defineJob, EventPublisher, type JobContext, JobQueue } from '@scani/jobs';
import { LedgerService, linkTransfers, type ObservationDraft, type TransactionDraft } from '@scani/ledger';
import { AssetsService } from '@scani/market';
import { decimal } from '@scani/money';
import { createHash } from 'node:crypto';
import { DataSource } from 'typeorm';
import type { Closing, ImportFormat, StatementRow } from './formats/statement.js';
import { originOf, StatementStore } from './statement.store.js';

/**
 * Records all confirmed imports of one account. Keyed by the account, so that they come one after the other and each sees
 * what those before it added; a second confirmation while one waits is served by the same job.
 */
export const recordImport = defineJob<{ accountId: string; userId: string }>({
  name: 'record-import',
  title: 'Record a statement',
  key: ({ accountId }) => accountId,
  firstRetryMs: 5_000,
  cancellable: true,
  timeoutMs: 1_800_000,
});

const BATCH = 2_000;

interface Confirmed {
  id: string;
  format: ImportFormat;
  closing: Closing[];
  new_count: number;
  recorded_count: number;
}

interface StagedRow {
  ordinal: number;
  state: 'new' | 'known';
  draft: StatementRow;
  external_id: string;
  recorded: boolean;
}

/** One transaction per batch, in which the rows, their marks and the counts change together: run again it goes on. */
@Injectable()
export class RecordImport {
  constructor(
    private readonly source: DataSource,
    private readonly ledger: LedgerService,
    private readonly assets: AssetsService,
    private readonly statements: StatementStore,
    private readonly events: EventPublisher,
    private readonly jobs: JobQueue,
  ) {}

  async run({ accountId, userId }: { accountId: string; userId: string }, context: JobContext): Promise<void> {
    await this.adopt(accountId, userId, context.jobId);
    for (;;) {
      const next = await this.next(accountId, userId, context.jobId);
      if (!next) return;
      await this.source.transaction((db) => this.matchAgain(db, userId, accountId, next.id));
      while (!(await this.source.transaction((db) => this.batch(db, userId, accountId, next.id, context.jobId)))) {
        await this.showProgress(userId, next.id, context);
      }
      await this.showProgress(userId, next.id, context);
      await this.events.publish(userId, { type: 'import', data: { id: next.id, state: 'recorded' } });
    }
  }

  /** Takes over what another job of this account was asked to record and does not any more; not what a person cancelled. */
  private async adopt(accountId: string, userId: string, jobId: string): Promise<void> {
    await this.source.query(
      `update import set job_id = $3 where account_id = $1 and user_id = $2 and state = 'recording'
         and exists (select 1 from job where job.id = import.job_id
                     and (job.state = 'completed' or job.error->>'code' = 'superseded'))`,
      [accountId, userId, jobId],
    );
  }

  private next(accountId: string, userId: string, jobId: string): Promise<Confirmed | undefined> {
    return rowOf<Confirmed>(
      this.source,
      `select id from import where account_id = $1 and user_id = $2 and job_id = $3 and state = 'recording'
       order by created_at, id limit 1`,
      [accountId, userId, jobId],
    );
  }

  /** Other imports may have been recorded since the review, or since an earlier run: what they brought is known by now. */
  private async matchAgain(db: Db, userId: string, accountId: string, importId: string): Promise<void> {
    const locked = await rowOf<{ format: ImportFormat }>(
      db,
      'select format from import where id = $1 and user_id = $2 for update',
      [importId, userId],
    );
    if (locked?.format === 'screenshot') return; // it has balances alone
    const rows = await rowsOf<StagedRow>(
      db,
      `select ordinal, state, draft - 'raw' as draft, external_id, recorded from import_row
       where import_id = $1 and state in ('new', 'known') order by ordinal`,
      [importId],
    );
    const open = rows.filter((row) => !row.recorded);
    const own = new Set(rows.filter((row) => row.recorded).map((row) => row.external_id));
    const drafts = open.map((row) => row.draft);
    const matches = await this.statements.match(db, userId, accountId, drafts, own);
    const changed = open.flatMap((row, index) => {
      const found = matches[index];
      const same = !found || (found.state === row.state && found.externalId === row.external_id);
      return same ? [] : [{ ordinal: row.ordinal, ...found }];
    });
    await db.query(
      `update import_row set state = given.state, external_id = given.external_id, problem = given.problem
       from unnest($2::int[], $3::text[], $4::text[], $5::text[]) as given (ordinal, state, external_id, problem)
       where import_row.import_id = $1 and import_row.ordinal = given.ordinal`,
      [
        importId,
        changed.map(({ ordinal }) => ordinal),
        changed.map(({ state }) => state),
        changed.map(({ externalId }) => externalId),
        changed.map(({ doubt }) => doubt),
      ],
    );
    await db.query(
      `update import set matched_at = now(), new_count = counted.new, known_count = counted.known
       from (select count(*) filter (where state = 'new') as new, count(*) filter (where state = 'known') as known
             from import_row where import_id = $1) as counted
       where import.id = $1 and import.user_id = $2`,
      [importId, userId],
    );
  }

  /** Records the next rows; the last batch carries the closing balances and ends the import. True when it has ended. */
  private async batch(db: Db, userId: string, accountId: string, importId: string, jobId: string): Promise<boolean> {
    const confirmed = await rowOf<Confirmed>(
      db,
      `select id, format, closing from import
       where id = $1 and user_id = $2 and job_id = $3 and state = 'recording' for update`,
      [importId, userId, jobId],
    );
    if (!confirmed) return true;
    const rows = await rowsOf<StagedRow>(
      db,
      `select ordinal, draft, external_id from import_row
       where import_id = $1 and state = 'new' and not recorded order by ordinal limit $2`,
      [importId, BATCH],
    );
    const ends = rows.length < BATCH;
    const assetIdOf = await this.assetIds(db, rows, confirmed.closing);
    await this.ledger.record(db, {
      userId,
      accountId,
      source: confirmed.format,
      importId,
      moreToCome: !ends,
      transactions: rows.map((row) => transactionOf(row, assetIdOf)),
      observations: ends ? confirmed.closing.map((closing) => observationOf(closing, assetIdOf)) : [],
    });
    await db.query('update import_row set recorded = true where import_id = $1 and ordinal = any($2)', [
      importId,
      rows.map(({ ordinal }) => ordinal),
    ]);
    await db.query(
      `update import set recorded_count = recorded_count + $3, state = case when $4 then 'recorded' else state end
       where id = $1 and user_id = $2`,
      [importId, userId, confirmed.format === 'screenshot' ? confirmed.closing.length : rows.length, ends],
    );
    if (ends) {
      await db.query(
        'update upload set content = null where user_id = $2 and id = (select upload_id from import where id = $1)',
        [importId, userId],
      );
      await this.jobs.ask(db, linkTransfers, { userId }, { userId });
    }
    return ends;
  }

  private async assetIds(
    db: Db,
    rows: readonly StagedRow[],
    closings: readonly Closing[],
  ): Promise<(currency: string) => string> {
    const currencies = new Set([
      ...rows.map(({ draft }) => draft.currency),
      ...closings.filter(({ assetId }) => assetId === undefined).map(({ currency }) => currency),
    ]);
    const ids = new Map<string, string>();
    for (const currency of currencies) ids.set(currency, await this.assets.currencyId(db, currency, '/currency'));
    return (currency) => ids.get(currency) as string;
  }

  private async showProgress(userId: string, importId: string, context: JobContext): Promise<void> {
    const row = await rowOf<Confirmed>(
      this.source,
      'select new_count, recorded_count from import where id = $1 and user_id = $2',
      [importId, userId],
    );
    if (!row) return;
    await context.progress({ done: row.recorded_count, total: row.new_count, unit: 'rows', message: null });
  }
}

function transactionOf(
  { draft, external_id: externalId }: StagedRow,
  assetIdOf: (code: string) => string,
): TransactionDraft {
  const assetId = assetIdOf(draft.currency);
  return {
    assetId,
    kind: draft.kind,
    quantity: decimal(draft.quantity),
    occurredAt: new Date(draft.occurredAt),
    externalId,
    raw: originOf(draft),
    ...(draft.fee === null ? {} : { fee: { quantity: decimal(draft.fee), assetId } }),
    ...(draft.description === '' ? {} : { description: draft.description }),
  };
}

/** The same balance at the same instant is the same observation, whichever file says it. */
export const closingId = ({ balance, at }: Closing): string =>
  createHash('sha256').update(`closing\u0000${at}\u0000${balance}`).digest('hex').slice(0, 32);

function observationOf(closing: Closing, assetIdOf: (code: string) => string): ObservationDraft {
  const { currency, assetId = assetIdOf(currency), balance, at } = closing;
  return { assetId, balance: decimal(balance), at: new Date(at), externalId: closingId(closing) };
}
