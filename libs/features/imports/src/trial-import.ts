import { Injectable } from '@nestjs/common';
import { rowOf } from '@scani/database';
import { randomUUIDv7 } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { DataSource } from 'typeorm';
import { ImportsService } from './imports/imports.service.js';
import { TRIAL_PICTURE } from './trial.picture.js';

const FILES = {
  statement: {
    name: 'trial.csv',
    type: 'text/csv',
    content: Buffer.from('Date;Text;Amount\n2026-01-02;Scani looks whether imports work;-1,00\n'),
  },
  picture: { name: 'trial.png', type: 'image/png', content: TRIAL_PICTURE },
} as const;
const LOOK_MS = 300;
/** States in which a worker has read the file. */
const READ: ReadonlySet<string> = new Set(['needs-mapping', 'to-review']);

/** A statement of one row, or a picture of one position, that a worker reads and nobody confirms; nothing of it is left. */
@Injectable()
export class TrialImport {
  constructor(
    private readonly source: DataSource,
    private readonly imports: ImportsService,
  ) {}

  /** The account of this person to which it can be tried; undefined where there is none. */
  async accountOf(userId: string): Promise<string | undefined> {
    const row = await rowOf<{ id: string }>(
      this.source,
      `select id from account where user_id = $1 and archived_at is null and kind = 'asset' order by id limit 1`,
      [userId],
    );
    return row?.id;
  }

  /** Undefined once the file was read; else in which state the import was left after that time, and why. */
  async run(
    userId: string,
    accountId: string,
    patienceMs: number,
    what: keyof typeof FILES = 'statement',
  ): Promise<string | undefined> {
    const uploadId = randomUUIDv7();
    const { name, type, content } = FILES[what];
    await this.source.query(
      `insert into upload (id, user_id, file_name, size, content_type, content) values ($1, $2, $3, $4, $5, $6)`,
      [uploadId, userId, name, content.length, type, content],
    );
    let importId: string | undefined;
    try {
      importId = (await this.imports.create(userId, { accountId, uploadId, readByAi: what === 'picture' })).id;
      return await this.untilRead(userId, importId, patienceMs);
    } finally {
      if (importId) await this.imports.discard(userId, importId);
      await this.source.query('delete from import where upload_id = $1 and user_id = $2', [uploadId, userId]);
      await this.source.query('delete from upload where id = $1 and user_id = $2', [uploadId, userId]);
    }
  }

  private async untilRead(userId: string, importId: string, patienceMs: number): Promise<string | undefined> {
    let state = 'waiting';
    for (const until = Date.now() + patienceMs; Date.now() < until; await pause(LOOK_MS)) {
      const now = await this.imports.get(userId, importId);
      if (READ.has(now.state)) return undefined;
      state = now.state;
      if (state === 'failed') return now.error ? `${state}: ${now.error.detail}` : state;
    }
    return state;
  }
}
