import { Injectable } from '@nestjs/common';
import { type Db, rowOf } from '@scani/database';
import { defineJob, EventPublisher, type JobContext, Unrepeatable } from '@scani/jobs';
import { AssetsService } from '@scani/market';
import { StorageError } from '@scani/storage';
import { setImmediate as turn } from 'node:timers/promises';
import { DataSource } from 'typeorm';
import { readCsv } from './formats/csv.js';
import { sampleOf } from './formats/csv.sample.js';
import { decode } from './formats/decode.js';
import { binaryFormatOf, formatOf } from './formats/detect.js';
import type { CsvMapping } from './formats/mapping.js';
import { readOfx } from './formats/ofx.js';
import { readRevolut } from './formats/revolut.js';
import {
  type RowProblem,
  type Statement,
  type StatementContext,
  type StatementFormat,
  type StatementRow,
  UnreadableFile,
} from './formats/statement.js';
import { DocumentReader } from './by-ai/document.reader.js';
import { type Screenshot, ScreenshotReader } from './by-ai/screenshot.reader.js';
import type { StoredSample } from './imports/import.queries.js';
import type { ImportState } from './imports/imports.dto.js';
import type { Match } from './matching.js';
import { PositionsService } from './positions/positions.service.js';
import { StatementStore } from './statement.store.js';
import { UploadFiles } from './uploads/upload.files.js';
import { LARGEST_FILE, MB } from './uploads/uploads.limits.js';

/** Reads what was uploaded and stages its rows for review. */
export const parseImport = defineJob<{ importId: string; userId: string }>({
  name: 'parse-import',
  title: 'Read a statement',
  key: ({ importId }) => importId,
  attempts: 3,
  firstRetryMs: 5_000,
  // A model may take its time for each few pages of a document.
  timeoutMs: 1_800_000,
  cancellable: true,
});

const STAGED_AT_ONCE = 5_000;

interface Begun {
  upload_id: string;
  account_id: string;
  mapping: CsvMapping | null;
  sample: StoredSample | null;
  currency: string;
  consented_at: Date | null;
  kind: 'asset' | 'liability';
}

interface Staged {
  line: number;
  state: 'new' | 'known' | 'problem';
  draft: StatementRow | null;
  externalId: string | null;
  problem: string | null;
}

type Read =
  | { format: StatementFormat; statement: Statement; sample: StoredSample | null; notes?: readonly string[] }
  | { format: 'screenshot'; statement: null; screenshot: Screenshot }
  | { format: 'csv'; statement: null; sample: StoredSample; error: UnreadableFile | null };

/** Run again at any point it ends the same: rows are staged in one transaction that replaces those of an earlier run. */
@Injectable()
export class ParseImport {
  constructor(
    private readonly source: DataSource,
    private readonly files: UploadFiles,
    private readonly assets: AssetsService,
    private readonly statements: StatementStore,
    private readonly events: EventPublisher,
    private readonly screenshots: ScreenshotReader,
    private readonly documents: DocumentReader,
    private readonly positions: PositionsService,
  ) {}

  async run({ importId, userId }: { importId: string; userId: string }, context: JobContext): Promise<void> {
    const begun = await this.begin(importId, userId, context.jobId);
    if (!begun) return;
    await this.tell(userId, importId, 'reading');
    try {
      const state = await this.keep(importId, userId, begun, await this.read(userId, begun, context), context);
      if (state) await this.tell(userId, importId, state);
    } catch (error) {
      if (!(error instanceof Unrepeatable)) throw error;
      await this.source.query(
        `update import set state = 'failed', error = $4 where id = $1 and user_id = $2 and job_id = $3`,
        [importId, userId, context.jobId, JSON.stringify({ code: error.code, detail: error.detail })],
      );
      await this.tell(userId, importId, 'failed');
      throw error;
    }
  }

  /** Undefined when the import went on without this job: discarded, or asked for again. */
  private begin(importId: string, userId: string, jobId: string): Promise<Begun | undefined> {
    return rowOf<Begun>(
      this.source,
      `update import set state = 'reading', error = null from account
       where import.id = $1 and import.user_id = $2 and import.job_id = $3 and account.id = import.account_id
         and import.state in ('waiting', 'reading', 'failed') and import.recorded_count = 0
       returning import.upload_id, import.account_id, import.mapping, import.sample, import.consented_at, account.currency, account.kind`,
      [importId, userId, jobId],
    );
  }

  private keep(
    importId: string,
    userId: string,
    begun: Begun,
    read: Read,
    context: JobContext,
  ): Promise<ImportState | undefined> {
    if (read.statement) return this.stage(importId, userId, begun, read, context);
    if (read.format === 'screenshot') return this.stagePositions(importId, userId, read.screenshot, context);
    return this.askForMapping(importId, userId, read, context);
  }

  private async read(userId: string, begun: Begun, job: JobContext): Promise<Read> {
    const { upload_id: uploadId, mapping, sample: looked, currency } = begun;
    const bytes = await this.bytes(userId, uploadId);
    const codes = (await this.assets.currencies()).map(({ code }) => code);
    const context = { currency, currencies: new Set(codes) };
    try {
      if (bytes.length > LARGEST_FILE) {
        throw new UnreadableFile('file-too-large', `A file may have at most ${LARGEST_FILE / MB} MB.`);
      }
      const binary = binaryFormatOf(bytes);
      if (binary) return await this.readByAi(binary, userId, begun, bytes, context, job);
      // Long work in between: the heart of this and of other jobs has to beat.
      const text = decode(bytes);
      await turn();
      const format = formatOf(text);
      if (format === 'ofx') return { format, statement: readOfx(text, context), sample: null };
      if (format === 'revolut-csv') return { format, statement: readRevolut(text, context), sample: null };
      const sample = looked ?? sampleOf(text, currency);
      if (!mapping) return { format, statement: null, sample, error: null };
      return readMapped(text, mapping, context, sample);
    } catch (error) {
      if (error instanceof UnreadableFile) throw new Unrepeatable(error.code, error.detail);
      throw error;
    }
  }

  /** A picture, or the text of a PDF, is sent to the data-provider; nothing is without its owner's consent. */
  private async readByAi(
    format: 'screenshot' | 'pdf',
    userId: string,
    { consented_at: consentedAt, account_id: accountId, kind }: Begun,
    bytes: Buffer,
    context: StatementContext,
    { signal, progress }: JobContext,
  ): Promise<Read> {
    if (consentedAt === null) {
      throw new UnreadableFile(
        'ai-not-agreed',
        'Pictures and PDFs are read by AI, which sends them to the data-provider. Upload the file again and agree to that, or enter it by hand.',
      );
    }
    if (format === 'screenshot') {
      const account = { id: accountId, owes: kind === 'liability' };
      return { format, statement: null, screenshot: await this.screenshots.read(userId, account, bytes, signal) };
    }
    const { statement, notes } = await this.documents.read(bytes, context, signal, (done, total) =>
      progress({ done, total, unit: 'pages', message: null }),
    );
    return { format, statement, sample: null, notes };
  }

  private async bytes(userId: string, uploadId: string): Promise<Buffer> {
    try {
      const bytes = await this.files.read(userId, uploadId);
      if (bytes) return bytes;
    } catch (error) {
      if (!(error instanceof StorageError && error.code === 'missing-object')) throw error;
    }
    throw new Unrepeatable(
      'file-gone',
      'The file is not there any more. Discard this import and upload the file again.',
    );
  }

  private async askForMapping(
    importId: string,
    userId: string,
    { sample, error }: Extract<Read, { format: 'csv'; statement: null }>,
    context: JobContext,
  ): Promise<ImportState | undefined> {
    const done = await rowOf(
      this.source,
      `update import set state = 'needs-mapping', format = 'csv', sample = $4, error = $5
       where id = $1 and user_id = $2 and job_id = $3 and state = 'reading' returning id`,
      [
        importId,
        userId,
        context.jobId,
        JSON.stringify(sample),
        error && JSON.stringify({ code: error.code, detail: error.detail }),
      ],
    );
    return done ? 'needs-mapping' : undefined;
  }

  private async stagePositions(
    importId: string,
    userId: string,
    { positions, notes }: Screenshot,
    context: JobContext,
  ): Promise<ImportState | undefined> {
    return this.source.transaction(async (db) => {
      const mine = await rowOf(
        db,
        `update import set state = 'to-review', format = 'screenshot', notes = $4, recorded_count = 0,
           seen_at = coalesce(seen_at, created_at)
         where id = $1 and user_id = $2 and job_id = $3 and state = 'reading' returning id`,
        [importId, userId, context.jobId, notes],
      );
      if (!mine) return undefined;
      await this.positions.stage(db, importId, positions);
      return 'to-review';
    });
  }

  private async stage(
    importId: string,
    userId: string,
    { account_id: accountId }: Begun,
    { format, statement, sample, notes }: Extract<Read, { statement: Statement }>,
    context: JobContext,
  ): Promise<ImportState | undefined> {
    return this.source.transaction(async (db) => {
      const mine = await rowOf(
        db,
        `select 1 from import where id = $1 and user_id = $2 and job_id = $3 and state = 'reading' for update`,
        [importId, userId, context.jobId],
      );
      if (!mine) return undefined;
      await turn();
      const matches = await this.statements.match(db, userId, accountId, statement.rows);
      const staged = inOrder(statement, matches);
      await db.query('delete from import_row where import_id = $1', [importId]);
      for (let done = 0; done < staged.length; done += STAGED_AT_ONCE) {
        await context.progress({ done, total: staged.length, unit: 'rows', message: null });
        await insert(db, importId, staged.slice(done, done + STAGED_AT_ONCE), done);
      }
      const days = statement.rows.map((row) => row.occurredAt.slice(0, 10)).sort();
      const known = matches.filter(({ state }) => state === 'known').length;
      await db.query(
        `update import set state = 'to-review', format = $3, sample = $4, row_count = $5, new_count = $6, known_count = $7,
           problem_count = $8, recorded_count = 0, period_from = $9, period_to = $10, closing = $11, notes = $12
         where id = $1 and user_id = $2`,
        [
          importId,
          userId,
          format,
          sample && JSON.stringify(sample),
          staged.length,
          matches.length - known,
          known,
          statement.problems.length,
          days[0] ?? null,
          days.at(-1) ?? null,
          JSON.stringify(statement.closings),
          notes ?? [],
        ],
      );
      await context.progress({ done: staged.length, total: staged.length, unit: 'rows', message: null });
      return 'to-review';
    });
  }

  private tell(userId: string, id: string, state: ImportState): Promise<void> {
    return this.events.publish(userId, { type: 'import', data: { id, state } });
  }
}

/** A mapping that fits nothing in the file leads back to the mapping, with the reason. */
function readMapped(
  text: string,
  mapping: CsvMapping,
  context: Parameters<typeof readCsv>[2],
  sample: StoredSample,
): Read {
  try {
    return { format: 'csv', statement: readCsv(text, mapping, context), sample };
  } catch (error) {
    if (!(error instanceof UnreadableFile)) throw error;
    return { format: 'csv', statement: null, sample, error };
  }
}

/** Every row and every problem once, as they come in the file. */
function inOrder({ rows, problems }: Statement, matches: readonly Match[]): Staged[] {
  const taken = rows.map((draft, index): Staged => {
    const found = matches[index] as Match;
    return { line: draft.line, state: found.state, draft, externalId: found.externalId, problem: found.doubt };
  });
  return [...taken, ...problems.map(problemRow)].sort((one, other) => one.line - other.line);
}

const problemRow = ({ line, column, detail }: RowProblem): Staged => ({
  line,
  state: 'problem',
  draft: null,
  externalId: null,
  problem: column === null ? detail : `${column}: ${detail}`,
});

async function insert(db: Db, importId: string, rows: readonly Staged[], before: number): Promise<void> {
  await db.query(
    `insert into import_row (import_id, ordinal, line, state, draft, external_id, problem)
     select $1, given.* from unnest($2::int[], $3::int[], $4::text[], $5::jsonb[], $6::text[], $7::text[]) as given`,
    [
      importId,
      rows.map((_, index) => before + index + 1),
      rows.map(({ line }) => line),
      rows.map(({ state }) => state),
      rows.map(({ draft }) => draft && JSON.stringify(draft)),
      rows.map(({ externalId }) => externalId),
      rows.map(({ problem }) => problem),
    ],
  );
}
