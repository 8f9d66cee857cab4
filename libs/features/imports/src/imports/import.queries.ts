import { Injectable } from '@nestjs/common';
import { type Db, rowOf, rowsOf } from '@scani/database';
import { NotFound } from '@scani/runtime';
import type { CsvMapping, DateFormat } from '../formats/mapping.js';
import type { Closing, ImportFormat, StatementRow } from '../formats/statement.js';
import type { Failure, ImportState, Progress, RowState } from './imports.dto.js';

/** What is kept of a CSV so that its columns can be mapped without reading all of it again. */
export interface StoredSample {
  columns: { index: number; name: string }[];
  lines: string[][];
  suggestion: CsvMapping;
  /** By column: the formats that every date in it fits. */
  dateFormats: Record<string, DateFormat[]>;
}

export interface ImportRecord {
  id: string;
  account_id: string;
  account_name: string;
  account_currency: string;
  upload_id: string;
  file_name: string;
  storage_key: string | null;
  format: ImportFormat | null;
  state: ImportState;
  /** Whether its owner has confirmed it, whatever has become of the job. */
  confirmed: boolean;
  undoing: boolean;
  mapping: CsvMapping | null;
  sample: StoredSample | null;
  row_count: number;
  new_count: number;
  known_count: number;
  problem_count: number;
  recorded_count: number;
  period_from: string | null;
  period_to: string | null;
  closing: Closing[];
  consented_at: Date | null;
  seen_at: Date | null;
  notes: string[];
  job_id: string | null;
  progress: Progress | null;
  error: Failure | null;
  created_at: Date;
}

export interface ImportRowRecord {
  ordinal: number;
  line: number;
  state: RowState;
  draft: StatementRow | null;
  problem: string | null;
}

/*
 * A worker that is lost, or a person who cancels, ends a job without its handler; so what has become of an import at
 * work is told by its job. A recording that was cancelled can be confirmed again: what it recorded stays, the rest waits.
 */
const SHOWN_STATE = `case
  when import.state in ('waiting', 'reading', 'recording', 'undoing') and job.state in ('failed', 'cancelled')
       and job.error->>'code' is distinct from 'superseded'
    then case when import.state = 'recording' and job.state = 'cancelled' then 'to-review' else 'failed' end
  when import.state = 'failed' and job.state in ('waiting', 'queued') then 'waiting'
  else import.state end`;

const SHOWN_ERROR = `case ${SHOWN_STATE}
  when 'failed' then coalesce(import.error, job.error,
    '{"code": "cancelled", "detail": "Reading this file was cancelled. Try again, or discard it."}')
  when 'needs-mapping' then import.error end`;

const COLUMNS = `import.id, import.account_id, account.name as account_name, account.currency as account_currency,
  import.upload_id, upload.file_name, upload.storage_key, import.format, ${SHOWN_STATE} as state,
  import.state = 'recording' as confirmed, import.state = 'undoing' as undoing, import.mapping, import.sample,
  import.row_count, import.new_count, import.known_count, import.problem_count, import.recorded_count,
  import.period_from, import.period_to, import.closing, import.consented_at, import.seen_at, import.notes, import.job_id,
  case when ${SHOWN_STATE} in ('waiting', 'reading', 'recording', 'undoing') then job.progress end as progress,
  ${SHOWN_ERROR} as error, import.created_at`;

const TABLES = `import join account on account.id = import.account_id join upload on upload.id = import.upload_id
  left join job on job.id = import.job_id`;

/** Imports and their rows, of one person. */
@Injectable()
export class ImportQueries {
  /** Throws NotFound. `lock` holds the row until the caller's transaction ends. */
  async get(db: Db, userId: string, id: string, lock = false): Promise<ImportRecord> {
    const row = await rowOf<ImportRecord>(
      db,
      `select ${COLUMNS} from ${TABLES} where import.id = $1 and import.user_id = $2 ${lock ? 'for update of import' : ''}`,
      [id, userId],
    );
    if (!row) throw new NotFound('import-not-found', 'There is no such import.');
    return row;
  }

  /** Newest first, from after the given key on. */
  list(db: Db, userId: string, limit: number, after: readonly string[] | undefined): Promise<ImportRecord[]> {
    return rowsOf<ImportRecord>(
      db,
      `select ${COLUMNS} from ${TABLES}
       where import.user_id = $1 and ($2::timestamptz is null or (date_trunc('milliseconds', import.created_at), import.id) < ($2, $3::uuid))
       order by date_trunc('milliseconds', import.created_at) desc, import.id desc limit $4`,
      [userId, after?.[0] ?? null, after?.[1] ?? null, limit],
    );
  }

  /** In the order of the file, from after the given ordinal on. */
  rows(
    db: Db,
    userId: string,
    id: string,
    state: RowState | undefined,
    limit: number,
    after: string | undefined,
  ): Promise<ImportRowRecord[]> {
    return rowsOf<ImportRowRecord>(
      db,
      `select import_row.ordinal, import_row.line, import_row.state, import_row.draft, import_row.problem
       from import_row join import on import.id = import_row.import_id
       where import.id = $1 and import.user_id = $2 and ($3::text is null or import_row.state = $3)
         and ($4::int is null or import_row.ordinal > $4)
       order by import_row.ordinal limit $5`,
      [id, userId, state ?? null, after ?? null, limit],
    );
  }
}
