import { Injectable } from '@nestjs/common';
import { rowOf } from '@scani/database';
import { EventPublisher, JobQueue } from '@scani/jobs';
import { LedgerQueries } from '@scani/ledger';
import { AssetsService } from '@scani/market';
import { Conflict, Invalid, type Page, pageOf, readCursor } from '@scani/runtime';
import { randomUUIDv7 } from 'node:crypto';
import { DataSource, type EntityManager } from 'typeorm';
import { ColumnsSuggester } from '../by-ai/columns.suggester.js';
import { PositionsService, seenAtOf } from '../positions/positions.service.js';
import { parseImport } from '../parse-import.job.js';
import { recordImport } from '../record-import.job.js';
import { undoImport } from '../undo-import.job.js';
import { UploadFiles } from '../uploads/upload.files.js';
import { UploadsService } from '../uploads/uploads.service.js';
import { ImportQueries, type ImportRecord } from './import.queries.js';
import type {
  CreateImport,
  Import,
  ImportRow,
  ImportRowQuery,
  ImportState,
  Mapping,
  MappingPreview,
} from './imports.dto.js';
import { shownImport, shownRow } from './imports.show.js';
import { PREVIEW_BYTES, previewOf } from './mapping.preview.js';

const MAPPABLE: ReadonlySet<ImportState> = new Set(['needs-mapping', 'to-review', 'failed']);

/** From a file to rows that wait for their owner's word, and on to the ledger. */
@Injectable()
export class ImportsService {
  constructor(
    private readonly source: DataSource,
    private readonly queries: ImportQueries,
    private readonly uploads: UploadsService,
    private readonly files: UploadFiles,
    private readonly ledger: LedgerQueries,
    private readonly assets: AssetsService,
    private readonly positions: PositionsService,
    private readonly suggester: ColumnsSuggester,
    private readonly jobs: JobQueue,
    private readonly events: EventPublisher,
  ) {}

  async create(userId: string, { accountId, uploadId, readByAi, seenAt }: CreateImport): Promise<Import> {
    const account = await this.ledger.account(this.source, userId, accountId);
    if (account.archived_at) {
      throw new Conflict('account-archived', 'This account is archived. Bring it back before importing into it.');
    }
    await this.uploads.requireReceived(this.source, userId, uploadId);
    const id = randomUUIDv7();
    const shown = await this.source.transaction(async (db) => {
      const jobId = await this.jobs.ask(db, parseImport, { importId: id, userId }, { userId, subjectId: id });
      const added = await rowOf(
        db,
        `insert into import (id, user_id, account_id, upload_id, state, job_id, consented_at, seen_at)
         values ($1, $2, $3, $4, 'waiting', $5, case when $6::boolean then now() end, $7)
         on conflict (upload_id) do nothing returning id`,
        [
          id,
          userId,
          accountId,
          uploadId,
          jobId,
          readByAi ?? false,
          seenAt === undefined ? null : seenAtOf(seenAt, '/seenAt'),
        ],
      );
      if (!added) {
        throw new Conflict('upload-used', 'An import uses this file already. Upload it again for another one.');
      }
      return shownImport(await this.queries.get(db, userId, id));
    });
    await this.events.publish(userId, { type: 'import', data: { id, state: shown.state } });
    return shown;
  }

  async list(userId: string, limit: number, cursor: string | undefined): Promise<Page<Import>> {
    const rows = await this.queries.list(this.source, userId, limit + 1, readCursor(cursor, 2));
    return pageOf(rows, limit, shownImport, (row) => [row.created_at.toISOString(), row.id]);
  }

  async get(userId: string, id: string): Promise<Import> {
    return shownImport(await this.queries.get(this.source, userId, id));
  }

  async rows(userId: string, id: string, { state, limit, cursor }: ImportRowQuery): Promise<Page<ImportRow>> {
    await this.queries.get(this.source, userId, id);
    const after = readCursor(cursor, 1)?.[0];
    const rows = await this.queries.rows(this.source, userId, id, state, limit + 1, after);
    return pageOf(rows, limit, shownRow, (row) => [String(row.ordinal)]);
  }

  /** What the first rows would become under this mapping; nothing is changed. */
  async preview(userId: string, id: string, mapping: Mapping): Promise<MappingPreview> {
    const record = await this.queries.get(this.source, userId, id);
    requireMappable(record, mapping);
    const bytes = await this.files.read(userId, record.upload_id, PREVIEW_BYTES);
    if (!bytes) throw new Conflict('file-gone', 'The file is not kept any more. Upload it again.');
    const codes = (await this.assets.currencies()).map((currency) => currency.code);
    return previewOf(bytes, mapping, record, new Set(codes));
  }

  /** Which column is which by AI: what its owner asks for, and looks at before anything is read by it. */
  async suggest(userId: string, id: string): Promise<Mapping> {
    const { state, format, sample } = await this.queries.get(this.source, userId, id);
    if (format !== 'csv' || !MAPPABLE.has(state) || !sample) {
      throw new Conflict('import-state', 'Columns can be suggested for a CSV that waits to be mapped or reviewed.', {
        state,
      });
    }
    return this.suggester.suggest(sample);
  }

  /** Reads the file (again) with this mapping. */
  async map(userId: string, id: string, mapping: Mapping): Promise<Import> {
    return this.change(userId, id, async (db, record) => {
      requireMappable(record, mapping);
      const jobId = await this.jobs.ask(db, parseImport, { importId: id, userId }, { userId, subjectId: id });
      await db.query(
        `update import set mapping = $3, state = 'waiting', error = null, job_id = $4 where id = $1 and user_id = $2`,
        [id, userId, JSON.stringify(mapping), jobId],
      );
    });
  }

  /** From here on the rows go into the ledger. Said twice it is one word. */
  async confirm(userId: string, id: string): Promise<Import> {
    return this.change(userId, id, async (db, record) => {
      const { state, confirmed, account_id: accountId } = record;
      if (state === 'recording' || state === 'recorded') return;
      if (state !== 'to-review' && !confirmed) {
        throw new Conflict('import-state', 'Only an import that waits for your review can be confirmed.', { state });
      }
      if (record.format === 'screenshot' && !confirmed) await this.closePositions(db, userId, record);
      const jobId = await this.jobs.ask(db, recordImport, { accountId, userId }, { userId, subjectId: id });
      await db.query(
        `update import set state = 'recording', error = null, job_id = $3 where id = $1 and user_id = $2`,
        [id, userId, jobId],
      );
    });
  }

  /** Of a picture: when what it shows was so. */
  async setSeenAt(userId: string, id: string, at: string): Promise<Import> {
    return this.change(userId, id, (db) => this.positions.setSeenAt(db, userId, id, at));
  }

  /** From here on the balances of a picture are as their owner left them. */
  private async closePositions(db: EntityManager, userId: string, record: ImportRecord): Promise<void> {
    const closing = await this.positions.toRecord(db, userId, record.id, record.seen_at ?? record.created_at);
    await db.query('update import set closing = $3, new_count = $4 where id = $1 and user_id = $2', [
      record.id,
      userId,
      JSON.stringify(closing),
      closing.length,
    ]);
  }

  /** Forgets what was read. What is in the ledger stays there, so an import that has begun to record cannot be discarded. */
  async discard(userId: string, id: string): Promise<void> {
    await this.change(userId, id, async (db, record) => {
      const { state, recorded_count: recorded, upload_id: uploadId } = record;
      if (state === 'discarded') return;
      if (state === 'recording' || recorded > 0) {
        throw new Conflict('import-recorded', 'Rows of this import are in the ledger. Take the import back instead.');
      }
      await db.query(
        `update import set state = 'discarded', error = null, sample = null, closing = '[]' where id = $1 and user_id = $2`,
        [id, userId],
      );
      await db.query('delete from import_row where import_id = $1', [id]);
      await db.query('delete from import_position where import_id = $1', [id]);
      await db.query('update upload set content = null where id = $1 and user_id = $2', [uploadId, userId]);
    });
  }

  /** Takes back what an import brought, by counter-entries. Said twice it is one word. */
  async undo(userId: string, id: string): Promise<Import> {
    return this.change(userId, id, async (db, record) => {
      const { state, confirmed, undoing, recorded_count: recorded } = record;
      if (state === 'undone' || (undoing && state !== 'failed')) return;
      // One that brought nothing new says all the same what stays of the others.
      if ((recorded === 0 && state !== 'recorded') || (confirmed && state === 'recording')) {
        throw new Conflict(
          'import-state',
          'Only an import that has been recorded, and is done with it, can be taken back.',
          {
            state,
          },
        );
      }
      const jobId = await this.jobs.ask(db, undoImport, { importId: id, userId }, { userId, subjectId: id });
      await db.query(`update import set state = 'undoing', error = null, job_id = $3 where id = $1 and user_id = $2`, [
        id,
        userId,
        jobId,
      ]);
    });
  }

  /** A change of one import in one transaction, and its news after the commit. `record` is as it was before, locked. */
  private async change(
    userId: string,
    id: string,
    work: (db: EntityManager, record: ImportRecord) => Promise<void>,
  ): Promise<Import> {
    const shown = await this.source.transaction(async (db) => {
      await work(db, await this.queries.get(db, userId, id, true));
      return shownImport(await this.queries.get(db, userId, id));
    });
    await this.events.publish(userId, { type: 'import', data: { id, state: shown.state } });
    return shown;
  }
}

function requireMappable(record: ImportRecord, mapping: Mapping): void {
  const { state, format, recorded_count: recorded } = record;
  if (format !== 'csv' || recorded > 0 || !MAPPABLE.has(state)) {
    throw new Conflict('import-state', 'The columns can be chosen for a CSV that waits to be mapped or reviewed.', {
      state,
    });
  }
  const { amount, debit, credit } = mapping;
  if ((amount === null) === (debit === null && credit === null)) {
    throw new Invalid('one-amount', 'Choose either one column of signed amounts, or those of money out and money in.', [
      { pointer: '/amount', detail: 'choose either this or /debit and /credit' },
    ]);
  }
}
